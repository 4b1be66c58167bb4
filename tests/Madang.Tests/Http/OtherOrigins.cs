using System.Globalization;
using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Http;

public sealed class OtherOriginsOnSqlite() : OtherOrigins(NewYards.OnSqlite);

public sealed class OtherOriginsOnPostgres(PostgresServer postgres) : OtherOrigins(NewYards.OnPostgres(postgres));

/// <summary>Who may call from elsewhere, whose word counts about where a call came from, and how often one may.</summary>
public abstract class OtherOrigins(NewYard yards)
{
    private const string Friend = "https://app.example";

    [Fact]
    public async Task Listed_origins_may_call_with_a_token_and_proxies_that_are_known_are_believed()
    {
        await using var yard = await yards.Start(
            $"--Http:AllowedOrigins:0={Friend}",
            "--Http:KnownProxies:0=203.0.113.0/24",
            "--Http:KnownProxies:1=198.51.100.9"
        );
        await OriginsAreHeldTo(yard);
        await ProxiesAreHeldTo(yard);
        await HeadersAreOnEverything(yard);
        await SignInIsLimited(yard);
    }

    private static async Task OriginsAreHeldTo(Yard yard)
    {
        foreach (var (origin, isAllowed) in new[] { (Friend, true), ("https://evil.example", false), ("null", false) })
        {
            using var call = await yard.Anonymous.Send(HttpMethod.Get, "/api/v1/memos", null, ("Origin", origin));
            using var asked = await yard.Anonymous.Send(
                HttpMethod.Options,
                "/api/v1/memos",
                null,
                ("Origin", origin),
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "authorization,content-type")
            );
            foreach (var answer in new[] { call, asked })
            {
                Assert.Equal(isAllowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed));
                Assert.True(!isAllowed || allowed!.Single() == origin);
                Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
            }
        }
    }

    private static async Task ProxiesAreHeldTo(Yard yard)
    {
        var me = await yard.SignUp();
        foreach (
            var (forwarded, network) in new[]
            {
                ("192.0.2.5", "192.0.2.0/24"),
                ("192.0.2.5, 203.0.113.7", "192.0.2.0/24"),
                ("192.0.2.5, 198.51.100.9, 203.0.113.7", "192.0.2.0/24"),
                // Nobody knows 198.51.100.8: what it says of others is not believed.
                ("192.0.2.5, 198.51.100.8", "198.51.100.0/24"),
                ("127.0.0.1, 198.51.100.8", "198.51.100.0/24"),
                ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
            }
        )
        {
            await yard
                .Anonymous.Send(
                    HttpMethod.Post,
                    "/api/v1/auth/login",
                    new { email = me.Email, password = Yard.Password },
                    ("X-Forwarded-For", forwarded)
                )
                .Is(HttpStatusCode.OK);
            var address = await yard.Database.Read(
                sql => sql.First<string>("SELECT address FROM sessions ORDER BY id DESC LIMIT 1"),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(network, address);
        }
    }

    private static async Task HeadersAreOnEverything(Yard yard)
    {
        var bad = new StringContent("{", System.Text.Encoding.UTF8, "application/json");
        foreach (
            var answer in new[]
            {
                await yard.Anonymous.Send(HttpMethod.Get, "/"),
                await yard.Anonymous.Send(HttpMethod.Get, "/sign-in"),
                await yard.Anonymous.Send(HttpMethod.Get, "/nothing"),
                await yard.Anonymous.Send(HttpMethod.Get, "/api/v1/memos"),
                await yard.Anonymous.Send(HttpMethod.Get, "/health/live"),
                await yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", bad),
            }
        )
        {
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.False(answer.Headers.Contains("Server"));
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
            answer.Dispose();
        }
    }

    /// <summary>Whether the tries were right or wrong; another address is another minute.</summary>
    private static async Task SignInIsLimited(Yard yard)
    {
        for (var i = 0; i < 60; i++)
        {
            await LogIn("192.0.2.77").Is(HttpStatusCode.BadRequest);
        }
        using var refused = await LogIn("192.0.2.77");
        await refused.Problem(HttpStatusCode.TooManyRequests);
        Assert.InRange(
            int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture),
            1,
            60
        );
        await LogIn("192.0.2.78").Is(HttpStatusCode.BadRequest);

        Task<HttpResponseMessage> LogIn(string address) =>
            yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", new { }, ("X-Forwarded-For", address));
    }
}
