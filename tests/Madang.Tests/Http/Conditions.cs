using System.Net;
using System.Net.Http.Headers;
using Madang.Tests.Yards;

namespace Madang.Tests.Http;

[Collection(nameof(SharedSqliteYard))]
public sealed class ConditionsOnSqlite(SqliteYard yard) : Conditions(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ConditionsOnPostgres(PostgresYard yard) : Conditions(yard);

/// <summary>ETags, and what clients do with them.</summary>
public abstract class Conditions(Yard yard)
{
    [Fact]
    public async Task Everything_that_is_read_carries_a_strong_tag_and_is_not_sent_twice()
    {
        var me = yard.Admin;
        var memo = await Write(me);
        foreach (
            var path in new[]
            {
                memo,
                "/api/v1/memos",
                $"{memo}/history",
                "/memo",
                "/api/v1/users",
                "/api/v1/users/me",
                $"/api/v1/users/{me.Id}",
                "/api/v1/users/me/tokens",
                "/api/v1/workspace",
                "/api/v1/invitations",
            }
        )
        {
            var tag = await Tag(me, path);
            foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
            {
                using var same = await me.Client.Send(HttpMethod.Get, path, null, ("If-None-Match", known));
                Assert.True(same.StatusCode == HttpStatusCode.NotModified, $"{path} {known}: {same.StatusCode}");
                Assert.Equal(tag, same.Headers.ETag!.ToString());
            }
            await me.Client.Send(HttpMethod.Get, path, null, ("If-None-Match", "\"other\"")).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_change_by_a_stale_tag_is_412_on_everything_that_can_be_changed()
    {
        var me = await yard.SignUp();
        var memo = await Write(me);
        using var token = await me.Client.Send(
            HttpMethod.Post,
            "/api/v1/users/me/tokens",
            new { name = "x", scopes = Scopes }
        );
        using var invitation = await yard.Admin.Client.Send(HttpMethod.Post, "/api/v1/invitations", new { });
        var passwords = new { current_password = Yard.Password, new_password = "다른 비밀번호 하나" };
        foreach (
            var (who, method, path, body) in new (Person, HttpMethod, string, object?)[]
            {
                (me, HttpMethod.Patch, memo, new { text = "x" }),
                (me, HttpMethod.Put, $"{memo}/pin", null),
                (me, HttpMethod.Delete, $"{memo}/pin", null),
                (me, HttpMethod.Put, $"{memo}/archive", null),
                (me, HttpMethod.Delete, $"{memo}/archive", null),
                (me, HttpMethod.Delete, memo, null),
                (me, HttpMethod.Patch, "/api/v1/users/me", new { theme = "dark" }),
                (me, HttpMethod.Put, "/api/v1/users/me/password", passwords),
                (me, HttpMethod.Delete, token.Headers.Location!.ToString(), null),
                (me, HttpMethod.Delete, "/api/v1/users/me", null),
                (yard.Admin, HttpMethod.Patch, $"/api/v1/users/{me.Id}", new { disabled = true }),
                (yard.Admin, HttpMethod.Patch, "/api/v1/workspace", new { sign_up_open = true }),
                (yard.Admin, HttpMethod.Delete, invitation.Headers.Location!.ToString(), null),
            }
        )
        {
            foreach (var stale in new[] { "\"stale\"", "W/\"stale\"", "no tag" })
            {
                using var refused = await who.Client.Send(method, path, body, ("If-Match", stale));
                Assert.True(
                    refused.StatusCode == HttpStatusCode.PreconditionFailed,
                    $"{method} {path}: {refused.StatusCode}"
                );
                await refused.Problem(HttpStatusCode.PreconditionFailed);
            }
        }
        await me.Client.Send(HttpMethod.Get, memo).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_change_by_the_current_tag_passes_and_answers_with_the_next_one()
    {
        var me = await yard.SignUp();
        var memo = await Write(me);
        var tag = await Tag(me, memo);
        await me
            .Client.Send(HttpMethod.Patch, memo, new { text = "x" }, ("If-Match", $"W/{tag}"))
            .Is(HttpStatusCode.PreconditionFailed);
        using var changed = await me.Client.Send(
            HttpMethod.Patch,
            memo,
            new { text = "둘" },
            ("If-Match", $"\"other\", {tag}")
        );
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(await Tag(me, memo), changed.Headers.ETag!.ToString());
        await me
            .Client.Send(HttpMethod.Put, $"{memo}/pin", null, ("If-Match", changed.Headers.ETag.ToString()))
            .Is(HttpStatusCode.NoContent);
        await me.Client.Send(HttpMethod.Patch, memo, new { text = "셋" }, ("If-Match", "*")).Is(HttpStatusCode.OK);

        var profile = await Tag(me, "/api/v1/users/me");
        await me
            .Client.Send(HttpMethod.Patch, "/api/v1/users/me", new { theme = "dark" }, ("If-Match", profile))
            .Is(HttpStatusCode.OK);
        await me
            .Client.Send(HttpMethod.Delete, "/api/v1/users/me", null, ("If-Match", profile))
            .Is(HttpStatusCode.PreconditionFailed);
        await me
            .Client.Send(HttpMethod.Delete, memo, null, ("If-Match", await Tag(me, memo)))
            .Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_two_changes_at_once_by_one_tag_one_is_made_and_one_is_412()
    {
        var me = await yard.SignUp();
        for (var round = 0; round < 8; round++)
        {
            var memo = await Write(me);
            var tag = await Tag(me, memo);
            var answers = await Task.WhenAll(
                me.Client.Send(HttpMethod.Patch, memo, new { text = "하나" }, ("If-Match", tag)),
                me.Client.Send(HttpMethod.Patch, memo, new { text = "둘" }, ("If-Match", tag))
            );
            Assert.Equal(
                [HttpStatusCode.OK, HttpStatusCode.PreconditionFailed],
                answers.Select(answer => answer.StatusCode).Order()
            );
        }
    }

    private static readonly string[] Scopes = ["memos:read"];

    private static async Task<string> Tag(Person who, string path)
    {
        using var answer = await who.Client.Send(HttpMethod.Get, path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        Assert.True(answer.Headers.ETag is { IsWeak: false }, path);
        Assert.Equal(new CacheControlHeaderValue { Private = true, NoCache = true }, answer.Headers.CacheControl);
        return answer.Headers.ETag.ToString();
    }

    private static async Task<string> Write(Person who)
    {
        using var made = await who.Client.Send(HttpMethod.Post, "/api/v1/memos", new { text = "조건" });
        return made.Headers.Location!.ToString();
    }
}
