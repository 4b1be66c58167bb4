using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class ForgedTokensOnSqlite(SqliteYard yard) : ForgedTokens(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ForgedTokensOnPostgres(PostgresYard yard) : ForgedTokens(yard);

/// <summary>Everything that is nearly a token of ours is 401, whatever is wrong with it.</summary>
public abstract class ForgedTokens(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_a_whole_and_living_token_signed_with_our_key_signs_anybody_in()
    {
        var key = await yard.Get<SigningKeys>().ForSigning(Stop);
        var good = new Forgery(key, yard.Admin.Id);
        Assert.Equal(HttpStatusCode.OK, (await Ask(good.Token)).StatusCode);

        var mistakes = new List<string>();
        foreach (var (what, token) in Forgeries(good))
        {
            using var answer = await Ask(token);
            var isRefused =
                answer.StatusCode == HttpStatusCode.Unauthorized
                && answer.Headers.WwwAuthenticate.Any(way => way.Scheme == "Bearer");
            if (!isRefused)
            {
                mistakes.Add($"{what}: {(int)answer.StatusCode}");
            }
        }
        Assert.Empty(mistakes);
    }

    [Fact]
    public async Task A_refused_token_is_answered_by_a_problem_that_tells_nothing_of_why()
    {
        var key = await yard.Get<SigningKeys>().ForSigning(Stop);
        using var answer = await Ask(new Forgery(key, yard.Admin.Id) { Issuer = "\"other\"" }.Token);
        var problem = await answer.Problem(HttpStatusCode.Unauthorized);
        Assert.DoesNotContain("iss", problem.Text("detail"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    private static IEnumerable<(string What, string Token)> Forgeries(Forgery good)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var parts = good.Token.Split('.');
        var key = good.Key;
        yield return ("no algorithm", good with { Algorithm = "none" });
        yield return ("no algorithm and no signature", (good with { Algorithm = "none" }).Unsigned);
        yield return ("algorithm in other letters", good with { Algorithm = "hs256" });
        yield return ("another algorithm", good with { Algorithm = "RS256" });
        yield return ("another key", good with { Key = SigningKey.New("HS256") with { Kid = key.Kid } });
        yield return ("an empty key", good with { Key = key with { Material = [] } });
        yield return ("another issuer", good with { Issuer = "\"somebody\"" });
        yield return ("an issuer that is no text", good with { Issuer = "1" });
        yield return ("another audience", good with { Audience = "\"somebody\"" });
        yield return ("audiences without us", good with { Audience = "[\"a\",1,null]" });
        yield return ("expired", good with { Expires = $"{now - 1}" });
        yield return ("no end", good with { Expires = "null" });
        yield return ("an end that is a text", good with { Expires = $"\"{now + 900}\"" });
        yield return ("an end out of range", good with { Expires = "1e300" });
        yield return ("not yet valid", good with { More = $",\"nbf\":{now + 600}" });
        yield return ("nbf that is no number", good with { More = ",\"nbf\":\"now\"" });
        yield return ("issued in the future", good with { Issued = $"{now + 600}" });
        yield return ("no time of issue", good with { Issued = "null" });
        yield return ("somebody who never was", good with { Subject = "\"999999999\"" });
        yield return ("no somebody", good with { Subject = "null" });
        yield return ("a number for a subject", good with { Subject = "1" });
        yield return ("a subject with a sign", good with { Subject = "\"+1\"" });
        yield return ("a claim twice", good with { More = ",\"sub\":\"1\"" });
        yield return ("a subject that is no Unicode", good with { Subject = "\"\\ud800\"" });
        yield return ("claims that are no object", good with { Claims = "[]" });
        yield return ("claims that are no JSON", good with { Claims = "{" });
        yield return ("critical extensions", good with { HeaderMore = ",\"crit\":[\"exp\"]" });
        yield return ("a header field twice", good with { HeaderMore = ",\"alg\":\"HS256\"" });
        yield return ("an unknown key", good with { Kid = "\"nobody\"" });
        yield return ("no key", good with { Kid = "null" });
        yield return ("a key that is no text", good with { Kid = "[1]" });
        yield return ("a key that is no Unicode", good with { Kid = "\"\\udfff\"" });
        yield return ("a header that is no Unicode", good with { HeaderMore = ",\"\\ud800\":1" });
        yield return ("huge", good with { More = $",\"pad\":\"{new string('x', 10_000)}\"" });
        yield return ("deep", good with { More = ",\"pad\":" + new string('[', 200) + new string(']', 200) });
        yield return ("truncated", good.Token[..^1]);
        yield return ("without signature", $"{parts[0]}.{parts[1]}.");
        yield return ("without its signature's part", $"{parts[0]}.{parts[1]}");
        yield return ("with a part more", good.Token + ".e30");
        yield return ("claims changed", $"{parts[0]}.{Encode("""{"sub":"1"}""")}.{parts[2]}");
        yield return ("padded", good.Token + "=");
        yield return ("another spelling of the same bytes", good.Token[..^1] + Sibling(good.Token[^1]));
        yield return ("in standard base64", $"{parts[0]}.{parts[1]}.{parts[2].Replace('-', '+').Replace('_', '/')}+");
        yield return ("white space inside", $"{parts[0]}. {parts[1]}.{parts[2]}");
        yield return ("empty", "");
        yield return ("dots", "..");
        yield return ("letters", "abc");
        yield return (
            "an unknown personal token",
            "mdg_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))
        );
    }

    /// <summary>The last letter of 32 bytes in base64url carries two bits that count for nothing.</summary>
    private static char Sibling(char letter)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return Alphabet[Alphabet.IndexOf(letter, StringComparison.Ordinal) ^ 1];
    }

    private Task<HttpResponseMessage> Ask(string token) =>
        yard.Anonymous.Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", $"Bearer {token}"));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>A token of ours, field by field; each field is JSON.</summary>
    private sealed record Forgery(SigningKey Key, long UserId)
    {
        internal string Algorithm { get; init; } = Key.Algorithm;
        internal string Kid { get; init; } = $"\"{Key.Kid}\"";
        internal string HeaderMore { get; init; } = "";
        internal string Subject { get; init; } = $"\"{UserId.ToString(CultureInfo.InvariantCulture)}\"";
        internal string Issuer { get; init; } = "\"madang\"";
        internal string Audience { get; init; } = "\"madang\"";
        internal string Issued { get; init; } = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}";
        internal string Expires { get; init; } = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 900}";
        internal string More { get; init; } = "";
        internal string? Claims { get; init; }

        internal string Unsigned
        {
            get
            {
                var header = $$"""{"alg":"{{Algorithm}}","typ":"JWT","kid":{{Kid}}{{HeaderMore}}}""";
                var claims =
                    Claims
                    ?? $$"""{"sub":{{Subject}},"iss":{{Issuer}},"aud":{{Audience}},"iat":{{Issued}},"exp":{{Expires}}{{More}}}""";
                return $"{Encode(header)}.{Encode(claims)}.";
            }
        }

        internal string Token => Unsigned + Base64Url.EncodeToString(Key.Sign(Encoding.ASCII.GetBytes(Unsigned[..^1])));

        public static implicit operator string(Forgery forgery) => forgery.Token;
    }
}
