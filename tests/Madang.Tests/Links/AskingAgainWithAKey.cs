using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class AskingAgainWithAKeyOnSqlite(SqliteYard yard) : AskingAgainWithAKey(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class AskingAgainWithAKeyOnPostgres(PostgresYard yard) : AskingAgainWithAKey(yard);

/// <summary>Calls that a client sends again, not knowing whether they were answered.</summary>
public abstract class AskingAgainWithAKey(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_answered_is_answered_again_although_its_host_is_blocked_by_now()
    {
        var me = await yard.SignUp();
        var host = $"{Guid.NewGuid():N}.example";
        var one = new { url = $"https://{host}/" };
        (string Path, object Body)[] calls =
        [
            ("/", one),
            ("/api/v1/links", new { one.url, title = "봄" }),
            ("/api/v1/links/bulk", new { links = new[] { new { one.url, title = "가을" } } }),
        ];
        var first = new List<string>();
        foreach (var (path, body) in calls)
        {
            var answer = await Send(me, path, body, "again");
            Assert.True(answer.IsSuccessStatusCode, path);
            first.Add(await answer.Content.ReadAsStringAsync(Stop));
        }
        await yard
            .Admin.Client.Send(HttpMethod.Put, $"/api/v1/links/blocked-hosts/{host}")
            .Is(HttpStatusCode.NoContent);

        foreach (var ((path, body), before) in calls.Zip(first))
        {
            var answer = await Send(me, path, body, "again");
            Assert.True(answer.IsSuccessStatusCode, path);
            Assert.Equal(before, await answer.Content.ReadAsStringAsync(Stop));
        }
        await Send(me, "/api/v1/links", calls[1].Body, "another").Is(HttpStatusCode.BadRequest);
        await Send(me, "/api/v1/links", calls[0].Body, "again").Is(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(3, (await me.Slugs("scope=mine")).Count);
    }

    [Fact]
    public async Task Of_many_at_once_twenty_may_have_a_password_and_the_next_is_told_why_not()
    {
        var me = await yard.SignUp();
        var links = Enumerable
            .Range(0, 21)
            .Select(number => new { url = $"https://example.com/{number}", password = "열려라 참깨" });
        var answer = await Send(me, "/api/v1/links/bulk", new { links }, "passwords");
        Assert.Null(answer.Headers.RetryAfter);
        var results = (await answer.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray().ToList();
        Assert.All(results[..20], one => Assert.Equal(201, one.Number("status")));
        Assert.Equal(400, results[20].Number("status"));
        Assert.Equal(["password"], results[20].GetProperty("problem").Fields());
    }

    private static Task<HttpResponseMessage> Send(Person me, string path, object body, string key) =>
        me.Client.Send(HttpMethod.Post, path, body, ("Idempotency-Key", key));
}
