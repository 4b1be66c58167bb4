using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Links.Counting;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>The calls that the tests of links make again and again.</summary>
internal static class LinkCalls
{
    internal const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task<JsonElement> Shorten(this Person person, object link) =>
        await (await person.Client.PostAsJsonAsync("/api/v1/links", link, Stop)).Json(HttpStatusCode.Created);

    /// <returns>The slug of a new link to an address of its own.</returns>
    internal static async Task<string> Slug(
        this Person person,
        long? maxVisits = null,
        string visibility = "private"
    ) =>
        (
            await person.Shorten(
                new
                {
                    url = $"https://example.com/{Guid.NewGuid():N}",
                    max_visits = maxVisits,
                    visibility,
                }
            )
        ).Text("slug");

    internal static Task<HttpResponseMessage> Follow(
        this HttpClient client,
        string slug,
        params (string Name, string Value)[] headers
    ) => client.Send(HttpMethod.Get, $"/{slug}", null, headers);

    internal static async Task<JsonElement> Stats(this Person person, string slug, string query = "") =>
        await (await person.Client.GetAsync($"/api/v1/links/{slug}/stats{query}", Stop)).Json(HttpStatusCode.OK);

    internal static async Task<(long People, long Bots)> Total(this Person person, string slug)
    {
        var total = (await person.Stats(slug)).GetProperty("total");
        return (total.Number("people"), total.Number("bots"));
    }

    internal static Task<long> LinkId(this Yard yard, string slug) =>
        yard.Database.Read(sql => sql.Single<long>("SELECT id FROM links WHERE slug = @slug", new { slug }), Stop);

    /// <summary>Writes visits and their sums, as a process does that few visit.</summary>
    internal static Task WriteWithSums(this VisitStore store, List<Visit> visits)
    {
        var batch = new Batch(Guid.NewGuid().ToString("N"), visits);
        return store.Write(batch, SumsOf(batch), Stop);
    }

    /// <returns>The sums of these batches.</returns>
    internal static Sums SumsOf(params Batch[] batches)
    {
        var sum = new Rollup(new());
        foreach (var batch in batches)
        {
            batch.Visits.ForEach(sum.Add);
        }
        return sum.Sums([.. batches.Select(batch => batch.Name)]);
    }

    /// <returns>The slugs of a list, in its order.</returns>
    internal static async Task<List<string>> Slugs(this Person person, string query)
    {
        var page = await (await person.Client.GetAsync($"/api/v1/links?{query}", Stop)).Json(HttpStatusCode.OK);
        var slugs = page.GetProperty("results").EnumerateArray().Select(link => link.Text("slug")).ToList();
        Assert.Equal(page.Number("count"), slugs.Count);
        return slugs;
    }
}
