using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Outside;

/// <summary>An outside issuer as a Cognito user pool is one: keys at a URL, ID tokens with <c>aud</c>, access tokens with <c>client_id</c>.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "the-yards-client";

    private readonly WebApplication app;

    private int fetches;

    private TestIssuer(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    /// <summary>How often the keys were asked for.</summary>
    public int Fetches => fetches;

    /// <summary>The JWKS, or something else.</summary>
    public string Keys { get; set; } = """{"keys":[]}""";

    public int Status { get; set; } = 200;

    public IssuerKey Rsa { get; private set; } = new("rsa", RSA.Create(2048));

    public IssuerKey Ec { get; private set; } = new("ec", ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public string[] Settings =>
        [
            $"--SignIn:TrustedIssuers:0:Issuer={Url}",
            $"--SignIn:TrustedIssuers:0:Audience={Audience}",
            $"--SignIn:TrustedIssuers:0:JwksUri={Url}/.well-known/jwks.json",
            "--SignIn:OutsideTimeLimit=00:00:02",
        ];

    public static async Task<TestIssuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new TestIssuer(builder.Build());
        issuer.app.MapGet(
            "/.well-known/jwks.json",
            async http =>
            {
                Interlocked.Increment(ref issuer.fetches);
                http.Response.StatusCode = issuer.Status;
                await http.Response.WriteAsync(issuer.Keys);
            }
        );
        await issuer.app.StartAsync();
        issuer.Publish();
        return issuer;
    }

    /// <summary>New keys take the place of the old ones, and are published.</summary>
    public void Renew()
    {
        var name = Guid.NewGuid().ToString("N");
        Status = 200;
        Rsa = new($"rsa-{name}", RSA.Create(2048));
        Ec = new($"ec-{name}", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Publish();
    }

    /// <summary>Publishes both keys, and what else a key set may hold.</summary>
    private void Publish() =>
        Keys = $$"""
            {"keys":[
              7, {}, {"kty":"RSA","kid":"broken","n":"AA","e":"AQAB"}, {"kty":"oct","kid":"oct-1","k":"c2VjcmV0","alg":"HS256"},
              {"kty":"EC","crv":"P-256","kid":"no-point","x":"{{new string('A', 43)}}","y":"{{new string('A', 43)}}"},
              {{Rsa.Jwk}}, {{Ec.Jwk}}, {{Rsa.Jwk.Replace(Rsa.Kid, "for-rs512", StringComparison.Ordinal).Replace(
                "RS256",
                "RS512",
                StringComparison.Ordinal
            )}}, {{Rsa.Jwk.Replace(Rsa.Kid, "for-encryption", StringComparison.Ordinal).Replace(
                "\"sig\"",
                "\"enc\"",
                StringComparison.Ordinal
            )}}
            ]}
            """;

    /// <summary>An access token, each field as JSON.</summary>
    public OutsideToken Token(string subject) =>
        new(Rsa)
        {
            Issuer = $"\"{Url}\"",
            Subject = $"\"{subject}\"",
            More = $",\"token_use\":\"access\",\"client_id\":\"{Audience}\",\"username\":\"{subject}\"",
        };

    /// <summary>An ID token.</summary>
    public OutsideToken IdToken(string subject, string more = "") =>
        Token(subject) with
        {
            More = $",\"token_use\":\"id\",\"aud\":\"{Audience}\",\"cognito:username\":\"{subject}\"{more}",
        };

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>A key pair with its name.</summary>
public sealed record IssuerKey(string Kid, AsymmetricAlgorithm Pair)
{
    public string Algorithm => Pair is RSA ? "RS256" : "ES256";

    public string Jwk
    {
        get
        {
            if (Pair is RSA rsa)
            {
                var open = rsa.ExportParameters(false);
                return $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{Kid}}","n":"{{Text(open.Modulus!)}}","e":"{{Text(open.Exponent!)}}"}""";
            }
            var point = ((ECDsa)Pair).ExportParameters(false).Q;
            return $$"""{"kty":"EC","crv":"P-256","use":"sig","kid":"{{Kid}}","x":"{{Text(point.X!)}}","y":"{{Text(point.Y!)}}"}""";
        }
    }

    public byte[] Sign(byte[] data) =>
        Pair is RSA rsa
            ? rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ((ECDsa)Pair).SignData(data, HashAlgorithmName.SHA256);

    internal static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}

/// <summary>A token of an outside issuer, field by field; each field is JSON.</summary>
public sealed record OutsideToken(IssuerKey Key)
{
    public string Algorithm { get; init; } = Key.Algorithm;
    public string Kid { get; init; } = Key.Kid;
    public string Issuer { get; init; } = "null";
    public string Subject { get; init; } = "null";
    public string Expires { get; init; } = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 36_000}";
    public string More { get; init; } = "";

    /// <summary>Signs instead of the key.</summary>
    public Func<byte[], byte[]>? Signer { get; init; }

    public override string ToString()
    {
        var header = Encode($$"""{"alg":"{{Algorithm}}","kid":"{{Kid}}"}""");
        var claims = Encode($$"""{"sub":{{Subject}},"iss":{{Issuer}},"exp":{{Expires}}{{More}}}""");
        var signed = Encoding.ASCII.GetBytes($"{header}.{claims}");
        return $"{header}.{claims}.{IssuerKey.Text((Signer ?? Key.Sign)(signed))}";
    }

    private static string Encode(string text) => IssuerKey.Text(Encoding.UTF8.GetBytes(text));
}
