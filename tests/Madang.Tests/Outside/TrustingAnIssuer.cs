using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

public sealed class TrustingAnIssuerOnSqlite(TrustingSqliteYard yard)
    : TrustingAnIssuer(yard, yard.Issuer, NewYards.OnSqlite),
        IClassFixture<TrustingSqliteYard>;

public sealed class TrustingAnIssuerOnPostgres(TrustingPostgresYard yard, PostgresServer postgres)
    : TrustingAnIssuer(yard, yard.Issuer, NewYards.OnPostgres(postgres)),
        IClassFixture<TrustingPostgresYard>;

/// <summary>Bearer tokens of an outside issuer that this yard trusts. Sign-up is closed: whom the issuer vouches for comes in all the same.</summary>
public abstract class TrustingAnIssuer(Yard yard, TestIssuer issuer, NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_the_issuer_vouches_for_is_a_user_at_first_sight_and_the_same_ever_after()
    {
        var first = await Me(issuer.Token("a"));
        Assert.Equal(("a", "member"), (first.Text("username"), first.Text("role")));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("email").ValueKind);
        var second = await Me(
            issuer.IdToken("a", ",\"name\":\"하늘\",\"email\":\"a@example.com\",\"email_verified\":true") with
            {
                Key = issuer.Ec,
                Kid = issuer.Ec.Kid,
                Algorithm = "ES256",
            }
        );
        Assert.Equal(first.Number("id"), second.Number("id"));

        var named = await Me(
            issuer.IdToken("b", ",\"name\":\"하늘\",\"email\":\"b@example.com\",\"email_verified\":true")
        );
        Assert.Equal(("하늘", "b@example.com"), (named.Text("username"), named.Text("email")));
        // An e-mail that has an account, or that nobody made sure of, is not the new user's.
        var taken = await Me(issuer.IdToken("c", $",\"email\":\"{yard.Admin.Email}\",\"email_verified\":true"));
        Assert.Equal(JsonValueKind.Null, taken.GetProperty("email").ValueKind);
        Assert.NotEqual(yard.Admin.Id, taken.Number("id"));
        var loose = await Me(issuer.IdToken("d", ",\"email\":\"d@example.com\",\"email_verified\":false"));
        Assert.Equal(JsonValueKind.Null, loose.GetProperty("email").ValueKind);

        using var written = await Ask(issuer.Token("a"), HttpMethod.Post, "/api/v1/memos", new { text = "밖에서" });
        await written.Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_burst_of_first_calls_makes_one_user_and_at_most_one_fetch()
    {
        var before = issuer.Fetches;
        var token = issuer.Token("burst");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Ask(token, HttpMethod.Get, "/api/v1/users/me"))
        );
        var ids = new HashSet<long>();
        foreach (var answer in answers)
        {
            ids.Add((await answer.Json(HttpStatusCode.OK)).Number("id"));
        }
        Assert.Single(ids);
        Assert.InRange(issuer.Fetches - before, 0, 1);
        var users = await yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM users WHERE username = 'burst'"),
            Stop
        );
        Assert.Equal(1, users);
    }

    [Fact]
    public async Task Such_a_token_is_no_admin_makes_no_token_and_dies_with_the_account()
    {
        var user = await Me(issuer.Token("e"));
        var id = user.Number("id");
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{id}", new { role = "admin" })
            .Is(HttpStatusCode.OK);
        await Ask(issuer.Token("e"), HttpMethod.Get, "/api/v1/users").Is(HttpStatusCode.Forbidden);
        await Ask(
                issuer.Token("e"),
                HttpMethod.Post,
                "/api/v1/users/me/tokens",
                new { name = "x", scopes = new[] { "memos:read" } }
            )
            .Is(HttpStatusCode.Forbidden);
        await Ask(
                issuer.Token("e"),
                HttpMethod.Put,
                "/api/v1/users/me/password",
                new { current_password = "x", new_password = Yard.Password }
            )
            .Is(HttpStatusCode.Forbidden);
        await Ask(issuer.Token("e"), HttpMethod.Get, "/settings/tokens").Is(HttpStatusCode.Forbidden);
        await Ask(issuer.Token("e"), HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.Forbidden);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{id}", new { disabled = true })
            .Is(HttpStatusCode.OK);
        await IsOut(issuer.Token("e"));
    }

    [Fact]
    public async Task The_first_account_of_a_yard_is_not_made_by_a_token()
    {
        await using var empty = await yards.Start(issuer.Settings);
        using var answer = await empty.Anonymous.Send(
            HttpMethod.Get,
            "/api/v1/users/me",
            null,
            ("Authorization", $"Bearer {issuer.Token("e")}")
        );
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var first = await empty.SignUp();
        using var me = await first.Client.Send(HttpMethod.Get, "/api/v1/users/me");
        Assert.Equal("admin", (await me.Json(HttpStatusCode.OK)).Text("role"));
    }

    private async Task<JsonElement> Me(OutsideToken token)
    {
        using var answer = await Ask(token, HttpMethod.Get, "/api/v1/users/me");
        return await answer.Json(HttpStatusCode.OK);
    }

    private Task IsOut(OutsideToken token) =>
        Ask(token, HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.Unauthorized);

    private Task<HttpResponseMessage> Ask(object token, HttpMethod method, string path, object? body = null) =>
        yard.Anonymous.Send(method, path, body, ("Authorization", $"Bearer {token}"));
}
