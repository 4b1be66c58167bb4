using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Http;

[Collection(nameof(SharedSqliteYard))]
public sealed class ProblemsOnSqlite(SqliteYard yard) : Problems(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ProblemsOnPostgres(PostgresYard yard) : Problems(yard);

/// <summary>What everybody is told who asks for something wrong: the right status, in one shape, and nothing of the inside.</summary>
public abstract class Problems(Yard yard)
{
    [Fact]
    public async Task A_problem_is_in_English_or_in_Korean_as_the_client_prefers()
    {
        foreach (
            var (accepted, title) in new[]
            {
                ("ko", "찾을 수"),
                ("ko-KR,en;q=0.5", "찾을 수"),
                ("en,ko;q=0.5", "Not"),
                ("fr", "Not"),
            }
        )
        {
            using var answer = await Ask(
                HttpMethod.Get,
                "/api/v1/memos/999999999",
                null,
                ("Accept-Language", accepted)
            );
            var problem = await answer.Problem(HttpStatusCode.NotFound);
            var isKorean = problem.Text("detail").Any(letter => letter is >= '가' and <= '힣');
            Assert.Equal(title == "찾을 수", isKorean);
            Assert.False(problem.TryGetProperty("error", out _));
        }
    }

    [Fact]
    public async Task Root_routes_add_one_sentence_in_English_for_small_clients()
    {
        using var answer = await Ask(HttpMethod.Post, "/memo", new { }, ("Accept-Language", "ko"));
        var problem = await answer.Problem(HttpStatusCode.BadRequest);
        Assert.Equal(["text"], problem.Fields());
        Assert.Matches("^[ -~]+$", problem.Text("error"));
        Assert.Contains(problem.Text("detail"), letter => letter is >= '가' and <= '힣');
    }

    [Fact]
    public async Task What_is_another_s_and_what_does_not_exist_are_the_same_404()
    {
        var other = await yard.SignUp();
        using var made = await other.Client.Send(HttpMethod.Post, "/api/v1/memos", new { text = "남의 것" });
        var theirs = made.Headers.Location!.ToString();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Patch, HttpMethod.Delete })
        {
            var body = method == HttpMethod.Patch ? new { text = "x" } : null;
            using var answer = await Ask(method, theirs, body);
            var problem = await answer.Problem(HttpStatusCode.NotFound);
            using var nothing = await Ask(method, "/api/v1/memos/999999999", body);
            Assert.Equal((await nothing.Problem(HttpStatusCode.NotFound)).Text("detail"), problem.Text("detail"));
        }
    }

    [Fact]
    public async Task A_team_memo_that_all_may_read_is_its_author_s_alone_to_change()
    {
        var other = await yard.SignUp();
        using var made = await other.Client.Send(
            HttpMethod.Post,
            "/api/v1/memos",
            new { text = "모두의 것", visibility = "team" }
        );
        var path = made.Headers.Location!.ToString();
        await Ask(HttpMethod.Get, path).Is(HttpStatusCode.OK);
        using var refused = await Ask(HttpMethod.Patch, path, new { text = "x" });
        await refused.Problem(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/memos", "GET, POST")]
    [InlineData("PUT", "/api/v1/auth/login", "POST")]
    [InlineData("GET", "/api/v1/auth/login", "POST")]
    [InlineData("GET", "/api/v1/token/refresh", "POST")]
    [InlineData("HEAD", "/api/v1/auth/login", "POST")]
    [InlineData("POST", "/api/v1/users/me", "DELETE, GET, PATCH")]
    [InlineData("POST", "/health/live", "GET")]
    [InlineData("DELETE", "/memo", "GET, POST")]
    public async Task A_wrong_method_is_405_and_says_which_ones_there_are_to_anybody(
        string method,
        string path,
        string allowed
    )
    {
        foreach (var client in new[] { yard.Anonymous, yard.Admin.Client })
        {
            using var answer = await client.Send(new HttpMethod(method), path);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("DELETE", "/api/v1/nothing")]
    [InlineData("GET", "/nothing.css")]
    [InlineData("POST", "/nothing/at/all")]
    [InlineData("GET", "/api/v1/memos/abc")]
    public async Task What_no_route_takes_is_404_to_anybody(string method, string path)
    {
        using var answer = await yard.Anonymous.Send(new HttpMethod(method), path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Another_content_type_is_415_and_at_the_root_400()
    {
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/xml" })
        {
            using var answer = await Ask(HttpMethod.Post, "/api/v1/memos", Text("""{"text":"x"}""", type));
            await answer.Problem(HttpStatusCode.UnsupportedMediaType);
            using var small = await Ask(HttpMethod.Post, "/memo", Text("""{"text":"x"}""", type));
            await small.Problem(HttpStatusCode.BadRequest);
        }
        await Ask(HttpMethod.Post, "/api/v1/memos", Text("""{"text":"x"}""", "application/merge-patch+json"))
            .Is(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("{\"text\":\"x\"}}")]
    [InlineData("{\"text\":\"\\ud800\"}")]
    [InlineData("{\"text\":\"a\\u0000b\"}")]
    [InlineData("{\"text\":\"x\",\"text\":\"y\"}")]
    public async Task What_is_no_JSON_of_ours_is_400(string body)
    {
        foreach (var path in new[] { "/api/v1/memos", "/memo" })
        {
            using var answer = await Ask(HttpMethod.Post, path, Text(body, "application/json"));
            await answer.Problem(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_413()
    {
        var text = new string('x', 1024 * 1024 + 1);
        foreach (var path in new[] { "/api/v1/memos", "/memo", "/api/v1/auth/login" })
        {
            using var answer = await Ask(HttpMethod.Post, path, new { text });
            await answer.Problem(HttpStatusCode.RequestEntityTooLarge);
            using var retried = await Ask(HttpMethod.Post, path, new { text }, ("Idempotency-Key", "large"));
            await retried.Problem(HttpStatusCode.RequestEntityTooLarge);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/memos")]
    [InlineData("/api/v1/users/me")]
    [InlineData("/memo")]
    [InlineData("/openapi/v1.json")]
    public async Task HEAD_answers_as_GET_does_without_a_body(string path)
    {
        using var get = await Ask(HttpMethod.Get, path);
        using var head = await Ask(HttpMethod.Head, path);
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Unknown_fields_are_ignored_and_times_are_UTC_with_a_Z()
    {
        using var answer = await Ask(HttpMethod.Post, "/api/v1/memos", new { text = "x", unknown = new { deep = 1 } });
        var memo = await answer.Json(HttpStatusCode.Created);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$", memo.Text("created_at"));
        Assert.Equal(JsonValueKind.Null, memo.GetProperty("pinned_at").ValueKind);
    }

    private Task<HttpResponseMessage> Ask(
        HttpMethod method,
        string path,
        object? body = null,
        params (string, string)[] headers
    ) => yard.Admin.Client.Send(method, path, body, headers);

    private static StringContent Text(string body, string type) => new(body, Encoding.UTF8, type);
}
