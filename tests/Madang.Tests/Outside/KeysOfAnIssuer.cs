using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

/// <summary>What tokens a trusted issuer's keys open the yard to, and how the keys are had.</summary>
public sealed class KeysOfAnIssuer : IClassFixture<TrustingSqliteYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly TrustingSqliteYard yard;
    private readonly TestIssuer issuer;

    /// <summary>Each test begins with keys that the yard has not seen, and may fetch at once.</summary>
    public KeysOfAnIssuer(TrustingSqliteYard yard)
    {
        (this.yard, issuer) = (yard, yard.Issuer);
        yard.Clock.Advance(TimeSpan.FromSeconds(61));
        issuer.Renew();
    }

    [Fact]
    public async Task Nobody_comes_in_with_a_token_that_is_nearly_one()
    {
        await Me(issuer.Token("good"));
        var now = yard.Clock.GetUtcNow().ToUnixTimeSeconds();
        var good = issuer.Token("forged");
        var id = issuer.IdToken("forged");
        var publicKey = Encoding.UTF8.GetBytes(((RSA)issuer.Rsa.Pair).ExportSubjectPublicKeyInfoPem());
        var client = $"\"client_id\":\"{TestIssuer.Audience}\"";
        (string What, OutsideToken Token)[] forgeries =
        [
            ("another key under the same name", good with { Key = new(issuer.Rsa.Kid, RSA.Create(2048)) }),
            (
                "HS256 with the public key",
                good with
                {
                    Algorithm = "HS256",
                    Signer = data => HMACSHA256.HashData(publicKey, data),
                }
            ),
            ("none", good with { Algorithm = "none", Signer = _ => [] }),
            ("ES256 named for the RSA key", good with { Algorithm = "ES256" }),
            ("the RSA key's name over the EC key", good with { Key = issuer.Ec, Kid = issuer.Rsa.Kid }),
            (
                "a symmetric key of the set",
                good with
                {
                    Kid = "oct-1",
                    Algorithm = "HS256",
                    Signer = data => HMACSHA256.HashData("secret"u8, data),
                }
            ),
            ("a key for another algorithm", good with { Kid = "for-rs512" }),
            ("a key for encryption", good with { Kid = "for-encryption" }),
            ("a key too short", good with { Kid = "broken" }),
            ("a key that is no point", good with { Kid = "no-point" }),
            ("expired", good with { Expires = $"{now - 1}" }),
            ("no end", good with { Expires = "null" }),
            ("not yet", good with { More = good.More + $",\"nbf\":{now + 600}" }),
            ("issued in the future", good with { More = good.More + $",\"iat\":{now + 600}" }),
            ("nbf as a text", good with { More = good.More + ",\"nbf\":\"1\"" }),
            ("another issuer", good with { Issuer = "\"https://evil.example\"" }),
            ("the issuer with a slash", good with { Issuer = $"\"{issuer.Url}/\"" }),
            ("our own issuer", good with { Issuer = "\"madang\"" }),
            ("another client", good with { More = ",\"token_use\":\"access\",\"client_id\":\"other\"" }),
            ("no client", good with { More = ",\"token_use\":\"access\"" }),
            (
                "an access token with our aud alone",
                good with
                {
                    More = $",\"token_use\":\"access\",\"aud\":\"{TestIssuer.Audience}\"",
                }
            ),
            ("another aud", id with { More = ",\"token_use\":\"id\",\"aud\":\"other\"" }),
            ("an ID token with our client_id alone", id with { More = $",\"token_use\":\"id\",{client}" }),
            ("no use", good with { More = $",{client}" }),
            ("another use", good with { More = $",\"token_use\":\"refresh\",{client}" }),
            ("a claim twice", good with { More = good.More + ",\"sub\":\"admin\"" }),
            ("no subject", good with { Subject = "null" }),
            ("an empty subject", good with { Subject = "\"\"" }),
            ("a subject with NUL", good with { Subject = "\"a\\u0000\"" }),
            ("a huge subject", good with { Subject = $"\"{new string('a', 300)}\"" }),
        ];
        var mistakes = new List<string>();
        foreach (var (what, token) in forgeries)
        {
            using var answer = await Ask(token, HttpMethod.Get, "/api/v1/users/me");
            if (answer.StatusCode != HttpStatusCode.Unauthorized)
            {
                mistakes.Add($"{what}: {(int)answer.StatusCode}");
            }
        }
        Assert.Empty(mistakes);
        var users = await yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM users WHERE username = 'forged'"),
            Stop
        );
        Assert.Equal(0, users);
    }

    [Fact]
    public async Task A_new_key_is_fetched_at_most_once_a_minute_whatever_many_ask_and_an_old_one_goes()
    {
        var before = issuer.Fetches;
        await Me(issuer.Token("a"));
        var old = issuer.Rsa;
        issuer.Renew();
        // The minute since the first fetch is not over.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => IsOut(issuer.Token("a"))));
        Assert.Equal(before + 1, issuer.Fetches);
        yard.Clock.Advance(TimeSpan.FromSeconds(61));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Me(issuer.Token("a"))));
        Assert.Equal(before + 2, issuer.Fetches);
        await IsOut(issuer.Token("a") with { Key = old, Kid = old.Kid });
        await IsOut(issuer.Token("a") with { Kid = "nobody" });
        Assert.Equal(before + 2, issuer.Fetches);
    }

    [Fact]
    public async Task While_the_keys_can_t_be_had_those_known_stay()
    {
        var expires = $"{yard.Clock.GetUtcNow().ToUnixTimeSeconds() + 36_000}";
        (int Status, string Body)[] answers =
        [
            (500, ""),
            (200, "<html>"),
            (200, "[]"),
            (200, "{\"keys\":{}}"),
            (404, "{\"keys\":[]}"),
            (200, $"{{\"keys\":[],\"pad\":\"{new string('x', 500_000)}\"}}"),
        ];
        await Me(issuer.Token("a"));
        foreach (var (status, body) in answers)
        {
            var before = issuer.Fetches;
            (issuer.Status, issuer.Keys) = (status, body);
            yard.Clock.Advance(TimeSpan.FromSeconds(61));
            await IsOut(issuer.Token("a") with { Kid = "unknown" });
            Assert.Equal(before + 1, issuer.Fetches);
            await Me(issuer.Token("a"));
        }
        // An hour later they are asked for again, and nobody waits for it.
        yard.Clock.Advance(TimeSpan.FromMinutes(61));
        await Me(issuer.Token("a") with { Expires = expires });
    }

    [Fact]
    public async Task A_key_that_the_issuer_withdrew_is_forgotten_within_two_hours()
    {
        await Me(issuer.Token("a"));
        var withdrawn = issuer.Token("a") with { Expires = $"{yard.Clock.GetUtcNow().ToUnixTimeSeconds() + 36_000}" };
        issuer.Renew();
        yard.Clock.Advance(TimeSpan.FromMinutes(61));
        using (await Ask(withdrawn, HttpMethod.Get, "/api/v1/users/me")) { }
        await Probe.Until(async () =>
            (await Ask(withdrawn, HttpMethod.Get, "/api/v1/users/me")).StatusCode == HttpStatusCode.Unauthorized
        );
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
