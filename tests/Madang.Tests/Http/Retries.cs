using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Http;

public sealed class RetriesOnSqlite(SqliteYard yard) : Retries(yard), IClassFixture<SqliteYard>;

public sealed class RetriesOnPostgres(PostgresYard yard) : Retries(yard), IClassFixture<PostgresYard>;

/// <summary><c>Idempotency-Key</c>: a request that is sent again makes nothing again.</summary>
public abstract class Retries(Yard yard)
{
    private const string Memos = "/api/v1/memos";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_key_and_body_get_the_first_answer_again_byte_for_byte()
    {
        var me = await yard.SignUp();
        using var first = await Write(me, "같은 것 😀", "a");
        // What changes meanwhile changes nothing of the answer.
        await me.Client.Send(HttpMethod.Delete, first.Headers.Location!.ToString()).Is(HttpStatusCode.NoContent);
        using var again = await Write(me, "같은 것 😀", "a");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(Stop), await again.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(0, await Count(me));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_422()
    {
        var me = await yard.SignUp();
        await Write(me, "하나", "a").Is(HttpStatusCode.Created);
        using var other = await Write(me, "둘", "a");
        await other.Problem(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, await Count(me));
    }

    [Fact]
    public async Task A_key_belongs_to_its_user_and_a_request_that_was_refused_leaves_it_free()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        await Write(me, "", "a").IsBad("text");
        await Write(me, "하나", "a").Is(HttpStatusCode.Created);
        await Write(other, "둘", "a").Is(HttpStatusCode.Created);
        await Write(me, "둘", "b").Is(HttpStatusCode.Created);
        Assert.Equal(2, await Count(me));
        Assert.Equal(1, await Count(other));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var me = await yard.SignUp();
        await Write(me, "하나", "a").Is(HttpStatusCode.Created);
        yard.Clock.Advance(TimeSpan.FromHours(23.9));
        var later = await yard.SignIn(me.Id, me.Email);
        await Write(later, "하나", "a").Is(HttpStatusCode.Created);
        Assert.Equal(1, await Count(later));
        yard.Clock.Advance(TimeSpan.FromHours(0.2));
        await Write(later, "둘", "a").Is(HttpStatusCode.Created);
        Assert.Equal(2, await Count(later));
    }

    [Fact]
    public async Task Eight_at_once_with_one_key_make_one_memo()
    {
        var me = await yard.SignUp();
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(_ => Write(me, "함께", $"at once {round}".Replace(' ', '-')))
            );
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
            Assert.Single(answers.Select(answer => answer.Headers.Location).Distinct());
            Assert.Equal(round + 1, await Count(me));
        }
    }

    [Fact]
    public async Task A_key_that_is_none_is_400()
    {
        var me = await yard.SignUp();
        await Write(me, "x", new string('k', 255)).Is(HttpStatusCode.Created);
        foreach (var key in new[] { new string('k', 256), "with blanks", "a\tb" })
        {
            await Write(me, "x", key).IsBad("Idempotency-Key");
        }
    }

    [Fact]
    public async Task Calls_that_make_tokens_keep_no_answer()
    {
        var me = await yard.SignUp();
        var token = new { name = "x", scopes = Scopes };
        var secrets = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var made = await me.Client.Send(
                HttpMethod.Post,
                "/api/v1/users/me/tokens",
                token,
                ("Idempotency-Key", "a")
            );
            secrets.Add((await made.Json(HttpStatusCode.Created)).Text("token"));
        }
        Assert.NotEqual(secrets[0], secrets[1]);
    }

    private static readonly string[] Scopes = ["memos:read"];

    private static Task<HttpResponseMessage> Write(Person who, string text, string key) =>
        who.Client.Send(HttpMethod.Post, Memos, new { text }, ("Idempotency-Key", key));

    private static async Task<int> Count(Person who) =>
        (await (await who.Client.Send(HttpMethod.Get, Memos)).Json(HttpStatusCode.OK))
            .GetProperty("results")
            .GetArrayLength();
}
