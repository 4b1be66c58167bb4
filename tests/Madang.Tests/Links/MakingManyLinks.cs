using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class MakingManyLinksOnSqlite(SqliteYard yard) : MakingManyLinks(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class MakingManyLinksOnPostgres(PostgresYard yard) : MakingManyLinks(yard);

public abstract class MakingManyLinks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_is_judged_alone_and_answered_in_its_place()
    {
        var me = await yard.SignUp();
        var url = $"https://example.com/{Guid.NewGuid():N}";
        var slug = $"many-{Guid.NewGuid():N}"[..20];
        var results = await Bulk(
            me,
            new { url },
            new
            {
                url,
                slug,
                tags = new[] { "가을" },
            },
            new { url = "nonsense" },
            new { url, slug },
            new { url },
            new { url, max_visits = "many" },
            12,
            null!,
            new { url, slug = "api" }
        );

        Assert.Equal([201, 201, 400, 409, 200, 400, 400, 400, 409], results.Select(one => one.Number("status")));
        Assert.Equal(slug, results[1].GetProperty("link").Text("slug"));
        Assert.Equal(["url"], results[2].GetProperty("problem").Fields());
        Assert.Equal(["slug"], results[3].GetProperty("problem").Fields());
        // The newest that does nothing but lead there.
        Assert.Equal(slug, results[4].GetProperty("link").Text("slug"));
        Assert.Equal(["max_visits"], results[5].GetProperty("problem").Fields());
        Assert.Equal("/api/v1/links/bulk", results[6].GetProperty("problem").Text("instance"));
        Assert.Equal(2, (await me.Slugs($"q={url}")).Count);
    }

    [Fact]
    public async Task A_thousand_come_at_once_and_one_more_is_refused()
    {
        var me = await yard.SignUp();
        var links = Enumerable
            .Range(0, 1_000)
            .Select(number => (object)new { url = $"https://example.com/{me.Id}/{number}" })
            .ToArray();
        var results = await Bulk(me, links);

        Assert.All(results, one => Assert.Equal(201, one.Number("status")));
        Assert.Equal(
            links.Select(link => $"{link}"),
            results.Select(one => $"{new { url = one.GetProperty("link").Text("url") }}")
        );
        await Post(me, [.. links, links[0]]).IsBad("links");
    }

    [Fact]
    public async Task The_same_key_again_makes_nothing_more()
    {
        var me = await yard.SignUp();
        var body = new { links = new[] { new { url = "https://example.com/", title = "같은 것" } } };
        var first = await me.Client.Send(HttpMethod.Post, "/api/v1/links/bulk", body, ("Idempotency-Key", "once"));
        var again = await me.Client.Send(HttpMethod.Post, "/api/v1/links/bulk", body, ("Idempotency-Key", "once"));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(Stop), await again.Content.ReadAsStringAsync(Stop));
        Assert.Single(await me.Slugs("q=같은"));
    }

    private static async Task<List<JsonElement>> Bulk(Person me, params object[] links)
    {
        var answer = await (await Post(me, links)).Json(HttpStatusCode.OK);
        return [.. answer.GetProperty("results").EnumerateArray()];
    }

    private static Task<HttpResponseMessage> Post(Person me, object[] links) =>
        me.Client.PostAsJsonAsync("/api/v1/links/bulk", new { links }, Stop);
}

public sealed class LimitingYard : SqliteYard
{
    protected override string[] Settings => ["--SignIn:AllowSignUp=true"];
}

/// <summary>With the limits on, as an operator has them.</summary>
public sealed class MakingTooManyLinks(LimitingYard yard) : IClassFixture<LimitingYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_has_ten_imports_in_an_hour_by_the_API_and_the_page_together()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        for (var import = 0; import < 10; import++)
        {
            await me.ImportLinks($"https://example.com/{import}", "from=csv");
        }
        foreach (var path in new[] { "/api/v1/links/imports?from=csv", "/links/import" })
        {
            using var content = new ByteArrayContent("https://example.com/"u8.ToArray());
            using var refused = await me.Client.PostAsync(path, content, Stop);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        }
        await other.ImportLinks("https://example.com/", "from=csv");
    }

    [Fact]
    public async Task With_a_key_all_are_made_or_none_and_the_same_call_later_makes_them()
    {
        var me = await yard.SignUp();
        var nonsense = new { links = Enumerable.Repeat(new { url = "nonsense" }, 1_000) };
        await me.Client.PostAsJsonAsync("/api/v1/links/bulk", nonsense, Stop).Is(HttpStatusCode.OK);
        var links = Enumerable
            .Range(0, 40)
            .Select(number => new { url = $"https://example.com/{number}", title = "열쇠" });
        Task<HttpResponseMessage> Make() =>
            me.Client.Send(HttpMethod.Post, "/api/v1/links/bulk", new { links }, ("Idempotency-Key", "later"));

        var refused = await Make();
        await refused.Problem(HttpStatusCode.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 4);
        Assert.Empty(await me.Slugs("scope=mine"));

        var made = refused;
        await Probe.Until(
            async () =>
            {
                made = await Make();
                return made.StatusCode != HttpStatusCode.TooManyRequests;
            },
            TimeSpan.FromSeconds(10)
        );
        var results = (await made.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray();
        Assert.All(results, one => Assert.Equal(201, one.Number("status")));
        Assert.Equal(await made.Content.ReadAsStringAsync(Stop), await (await Make()).Content.ReadAsStringAsync(Stop));
        Assert.Equal(40, (await me.Slugs("scope=mine&page_size=100")).Count);
    }

    [Fact]
    public async Task Each_of_many_counts_towards_the_limit_of_making()
    {
        var links = Enumerable.Range(0, 1_000).Select(number => new { url = $"https://example.com/{number}" });
        var body = new { links };
        var statuses = new List<long>();
        for (var call = 0; call < 2; call++)
        {
            var answer = await (await yard.Admin.Client.PostAsJsonAsync("/api/v1/links/bulk", body, Stop)).Json(
                HttpStatusCode.OK
            );
            statuses.AddRange(answer.GetProperty("results").EnumerateArray().Select(one => one.Number("status")));
        }
        // A thousand in a burst, and ten more each second.
        Assert.InRange(statuses.Count(status => status == 429), 100, 1_000);
        Assert.All(statuses.Take(1_000), status => Assert.Equal(201, status));
        Assert.Contains(429, statuses);
        await Probe.Until(
            async () =>
            {
                var one = await yard.Admin.Client.PostAsJsonAsync(
                    "/api/v1/links/bulk",
                    new { links = Enumerable.Repeat(new { url = "nonsense" }, 200) },
                    Stop
                );
                Assert.Equal(HttpStatusCode.OK, one.StatusCode);
                var single = await yard.Admin.Client.PostAsJsonAsync(
                    "/api/v1/links",
                    new { url = "https://a.example/" },
                    Stop
                );
                return single.StatusCode == HttpStatusCode.TooManyRequests;
            },
            TimeSpan.FromSeconds(5)
        );
    }
}
