using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class LeadingOnAfterTheEndOnSqlite(SqliteYard yard)
    : LeadingOnAfterTheEnd(yard),
        IClassFixture<SqliteYard>;

public sealed class LeadingOnAfterTheEndOnPostgres(PostgresYard yard)
    : LeadingOnAfterTheEnd(yard),
        IClassFixture<PostgresYard>;

public abstract class LeadingOnAfterTheEnd(Yard yard)
{
    private const string Fallback = "https://example.com/뒤에?a=1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_that_expired_was_used_up_or_put_away_leads_to_its_fallback_for_this_time()
    {
        var expired = await Make(new { expires_at = DateTimeOffset.UtcNow.AddDays(-400) });
        var archived = await Make(new { archived = true });
        var usedUp = await Make(new { max_visits = 1 });
        await yard.Anonymous.Follow(usedUp).Is(HttpStatusCode.PermanentRedirect);
        foreach (var slug in new[] { expired, archived, usedUp })
        {
            var (people, bots) = await yard.Admin.Total(slug);
            var answer = await yard.Anonymous.Follow(slug);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.Equal("https://example.com/%EB%92%A4%EC%97%90?a=1", answer.Headers.GetValues("Location").Single());
            Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
            await yard.Anonymous.Send(HttpMethod.Head, $"/{slug}").Is(HttpStatusCode.Redirect);
            Assert.Equal((people, bots), await yard.Admin.Total(slug));
        }

        await Patch(expired, new { expires_at = (string?)null }).Is(HttpStatusCode.OK);
        await yard.Anonymous.Follow(expired).Is(HttpStatusCode.PermanentRedirect);
        await Patch(archived, new { fallback_url = (string?)null }).Is(HttpStatusCode.OK);
        await yard.Anonymous.Follow(archived).Is(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task What_has_not_begun_has_not_ended()
    {
        var slug = await Make(new { starts_at = DateTimeOffset.UtcNow.AddDays(400) });
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task It_is_told_as_it_was_given_and_is_held_to_the_rules_of_targets()
    {
        var slug = await Make(new { title = "끝" });
        var read = await (await yard.Admin.Client.GetAsync($"/api/v1/links/{slug}", Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(Fallback, read.Text("fallback_url"));
        foreach (var url in new[] { "ftp://example.com/", "https://user@example.com/", $"{yard.Url}/{slug}", "" })
        {
            await Patch(slug, new { fallback_url = url }).IsBad("fallback_url");
            await yard
                .Admin.Client.PostAsJsonAsync(
                    "/api/v1/links",
                    new { url = "https://example.com/", fallback_url = url },
                    Stop
                )
                .IsBad("fallback_url");
        }
    }

    private async Task<string> Make(object change)
    {
        var made = await yard.Admin.Shorten(
            new { url = $"https://example.com/{Guid.NewGuid():N}", fallback_url = Fallback }
        );
        await Patch(made.Text("slug"), change).Is(HttpStatusCode.OK);
        return made.Text("slug");
    }

    private Task<HttpResponseMessage> Patch(string slug, object change) =>
        yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", change, Stop);
}
