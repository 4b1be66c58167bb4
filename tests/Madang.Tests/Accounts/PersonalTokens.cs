using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class PersonalTokensOnSqlite(SqliteYard yard) : PersonalTokens(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class PersonalTokensOnPostgres(PostgresYard yard) : PersonalTokens(yard);

public abstract class PersonalTokens(Yard yard)
{
    private const string Tokens = "/api/v1/users/me/tokens";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_shown_once_and_kept_as_a_hash()
    {
        var me = await yard.SignUp();
        var made = await Make(me, "memos:read", "memos:read", "memos:write");
        var secret = made.Text("token");
        Assert.StartsWith("mdg_", secret, StringComparison.Ordinal);
        Assert.Equal(2, made.GetProperty("scopes").GetArrayLength());

        var list = await me.Client.GetStringAsync(Tokens, Stop);
        Assert.DoesNotContain(secret[4..], list, StringComparison.Ordinal);
        var hash = await yard.Database.Read(
            sql =>
                sql.Single<byte[]>("SELECT hash FROM personal_tokens WHERE id = @Id", new { Id = made.Number("id") }),
            Stop
        );
        Assert.Equal(32, hash.Length);
    }

    [Fact]
    public async Task On_the_home_page_a_token_is_nobodys()
    {
        var me = await yard.SignUp();
        await Memos.MemoCalls.Write(me, "남이 보면 안 되는 메모");
        using var client = yard.Client((await Make(me, "memos:write")).Text("token"));
        var home = await client.GetStringAsync("/", Stop);
        Assert.DoesNotContain("남이 보면", home, StringComparison.Ordinal);
        Assert.DoesNotContain(me.Email, home, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_scopes_bind_a_token_on_the_API_and_on_the_root_routes()
    {
        var me = await yard.SignUp();
        var reader = yard.Client((await Make(me, "memos:read")).Text("token"));
        var writer = yard.Client((await Make(me, "memos:write")).Text("token"));
        foreach (var (path, made) in new[] { ("/api/v1/memos", HttpStatusCode.Created), ("/memo", HttpStatusCode.OK) })
        {
            await reader.Send(HttpMethod.Get, path).Is(HttpStatusCode.OK);
            await reader.Send(HttpMethod.Head, path).Is(HttpStatusCode.OK);
            await reader.Send(HttpMethod.Post, path, new { text = "x" }).Is(HttpStatusCode.Forbidden);
            await writer.Send(HttpMethod.Post, path, new { text = "x" }).Is(made);
            await writer.Send(HttpMethod.Get, path).Is(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task No_token_reaches_tokens_the_password_the_account_or_what_admins_do()
    {
        var token = (await Make(yard.Admin, "memos:read", "memos:write")).Text("token");
        var client = yard.Client(token);
        await client.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.OK);
        foreach (
            var (method, path) in new (HttpMethod, string)[]
            {
                (HttpMethod.Get, Tokens),
                (HttpMethod.Post, Tokens),
                (HttpMethod.Delete, $"{Tokens}/1"),
                (HttpMethod.Get, "/api/v1/users/me"),
                (HttpMethod.Patch, "/api/v1/users/me"),
                (HttpMethod.Delete, "/api/v1/users/me"),
                (HttpMethod.Put, "/api/v1/users/me/password"),
                (HttpMethod.Get, "/api/v1/users/me/export"),
                (HttpMethod.Post, "/api/v1/auth/logout"),
                (HttpMethod.Get, "/api/v1/users"),
                (HttpMethod.Get, $"/api/v1/users/{yard.Admin.Id}"),
                (HttpMethod.Patch, $"/api/v1/users/{yard.Admin.Id}"),
                (HttpMethod.Get, "/api/v1/workspace"),
                (HttpMethod.Patch, "/api/v1/workspace"),
                (HttpMethod.Get, "/api/v1/invitations"),
                (HttpMethod.Post, "/api/v1/invitations"),
                (HttpMethod.Get, "/settings"),
            }
        )
        {
            using var answer = await client.Send(method, path, method == HttpMethod.Get ? null : new { });
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_revoked_token_is_dead_at_once_and_nobody_revokes_another_s()
    {
        var me = await yard.SignUp();
        var made = await Make(me, "memos:read");
        var client = yard.Client(made.Text("token"));
        var path = $"{Tokens}/{made.Number("id")}";
        await yard.Admin.Client.Send(HttpMethod.Delete, path).Is(HttpStatusCode.NotFound);
        await client.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.OK);
        await me.Client.Send(HttpMethod.Delete, path).Is(HttpStatusCode.NoContent);
        await client.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.Unauthorized);
        await me.Client.Send(HttpMethod.Delete, path).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_disabled_owner_s_token_is_dead_and_a_deleted_one_s_is_gone()
    {
        var me = await yard.SignUp();
        var client = yard.Client((await Make(me, "memos:read")).Text("token"));
        await client.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.OK);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{me.Id}", new { disabled = true })
            .Is(HttpStatusCode.OK);
        await client.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.Unauthorized);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{me.Id}", new { disabled = false })
            .Is(HttpStatusCode.OK);
        await me.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.NoContent);
        await client.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_a_token_cannot_be_names_its_field()
    {
        var me = await yard.SignUp();
        await Ask(me, new { }).IsBad("name", "scopes");
        await Ask(me, new { name = "x", scopes = Array.Empty<string>() }).IsBad("scopes");
        await Ask(me, new { name = "x", scopes = Of("memos:all") }).IsBad("scopes");
        await Ask(me, new { name = "x", scopes = Of("memos:read", null) }).IsBad("scopes");
        await Ask(me, new { name = new string('가', 65), scopes = Of("memos:read") }).IsBad("name");
        foreach (var days in new[] { -1, 400 })
        {
            var expires_at = yard.Clock.GetUtcNow().AddDays(days);
            await Ask(
                    me,
                    new
                    {
                        name = "x",
                        scopes = Of("memos:read"),
                        expires_at,
                    }
                )
                .IsBad("expires_at");
        }
    }

    [Fact]
    public async Task A_token_ends_when_it_was_told_to()
    {
        var me = await yard.SignUp();
        var made = await Make(me, "memos:read");
        Assert.Equal(90, (made.GetProperty("expires_at").GetDateTimeOffset() - yard.Clock.GetUtcNow()).TotalDays, 0.1);
        var client = yard.Client(made.Text("token"));
        // Read straight from the store, so that the clock of the other tests need not be put forward.
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    "UPDATE personal_tokens SET expires_at = @Now WHERE id = @Id",
                    new { sql.Now, Id = made.Number("id") }
                ),
            Stop
        );
        await client.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.Unauthorized);
    }

    private static string?[] Of(params string?[] scopes) => scopes;

    private static async Task<JsonElement> Make(Person person, params string[] scopes)
    {
        using var answer = await Ask(person, new { name = "시험", scopes });
        Assert.True(answer.Headers.CacheControl!.NoStore);
        return await answer.Json(HttpStatusCode.Created);
    }

    private static Task<HttpResponseMessage> Ask(Person person, object token) =>
        person.Client.Send(HttpMethod.Post, Tokens, token);
}
