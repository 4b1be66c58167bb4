using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

public sealed class TokensInTimeOnSqlite() : TokensInTime(NewYards.OnSqlite);

public sealed class TokensInTimeOnPostgres(PostgresServer postgres) : TokensInTime(NewYards.OnPostgres(postgres));

/// <summary>How long tokens live, and the algorithms that they may be signed with.</summary>
public abstract class TokensInTime(NewYard yards)
{
    [Theory]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task An_access_token_lives_fifteen_minutes_and_a_refresh_token_fourteen_days(string algorithm)
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true", $"--SignIn:Jwt:Algorithm={algorithm}");
        var me = await yard.SignUp();
        var header = JsonElement.Parse(Base64Url.DecodeFromChars(me.AccessToken.Split('.')[0]));
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(me.AccessToken.Split('.')[1]));
        Assert.Equal(algorithm, header.Text("alg"));
        Assert.Equal(
            ["aud", "exp", "iat", "iss", "jti", "sub"],
            claims.EnumerateObject().Select(claim => claim.Name).Order()
        );
        Assert.Equal(900, claims.Number("exp") - claims.Number("iat"));

        yard.Clock.Advance(TimeSpan.FromMinutes(14));
        await me.Client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.OK);
        yard.Clock.Advance(TimeSpan.FromMinutes(1));
        await me.Client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.Unauthorized);

        yard.Clock.Advance(TimeSpan.FromDays(13));
        var next = await (await Refresh(yard, me.RefreshToken)).Json(HttpStatusCode.OK);
        yard.Clock.Advance(TimeSpan.FromDays(14));
        await Refresh(yard, next.Text("refresh_token")).Is(HttpStatusCode.Unauthorized);
    }

    private static Task<HttpResponseMessage> Refresh(Yard yard, string token) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = token });
}
