using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Madang.Foundation.Accounts.Trusted;

/// <summary>
/// A public key of an outside issuer (RFC 7517). Its kind says which algorithm it is for (RFC 8725, 3.1): RSA for RS256, P-256 for ES256.
/// </summary>
internal sealed record PublicKey : IVerifyingKey
{
    private const int ShortestModulus = 2048 / 8;
    private const int LongestModulus = 8192 / 8;

    private readonly RSAParameters? rsa;
    private readonly ECParameters? ec;

    private PublicKey(string kid, RSAParameters? rsa, ECParameters? ec) => (Kid, this.rsa, this.ec) = (kid, rsa, ec);

    /// <summary>Its name in a token's header.</summary>
    internal string Kid { get; }

    public string Algorithm => rsa is null ? "ES256" : "RS256";

    public bool Verify(byte[] data, byte[] signature)
    {
        if (rsa is { } parameters)
        {
            using var key = RSA.Create(parameters);
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        using var curve = ECDsa.Create(ec!.Value);
        return curve.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    /// <returns>The key, or null for one that is not for us: another kind, another use, too short, or no point of the curve.</returns>
    internal static PublicKey? Of(JsonElement jwk)
    {
        if (
            jwk.ValueKind != JsonValueKind.Object
            || Jwt.Text(jwk, "kid") is not { Length: > 0 and <= 256 } kid
            || (jwk.TryGetProperty("use", out _) && Jwt.Text(jwk, "use") != "sig")
        )
        {
            return null;
        }
        var key = Jwt.Text(jwk, "kty") switch
        {
            "RSA" => Rsa(jwk, kid),
            "EC" when Jwt.Text(jwk, "crv") == "P-256" => Ec(jwk, kid),
            _ => null,
        };
        return key is not null && jwk.TryGetProperty("alg", out _) && Jwt.Text(jwk, "alg") != key.Algorithm
            ? null
            : key;
    }

    private static PublicKey? Rsa(JsonElement jwk, string kid)
    {
        var (modulus, exponent) = (Bytes(jwk, "n"), Bytes(jwk, "e"));
        return
            modulus is { Length: >= ShortestModulus and <= LongestModulus }
            && modulus[0] != 0
            && exponent is { Length: > 0 and <= 4 }
            ? Usable(new(kid, new RSAParameters { Modulus = modulus, Exponent = exponent }, null))
            : null;
    }

    private static PublicKey? Ec(JsonElement jwk, string kid)
    {
        var (x, y) = (Bytes(jwk, "x"), Bytes(jwk, "y"));
        return x is { Length: 32 } && y is { Length: 32 }
            ? Usable(
                new(
                    kid,
                    null,
                    new ECParameters
                    {
                        Curve = ECCurve.NamedCurves.nistP256,
                        Q = new ECPoint { X = x, Y = y },
                    }
                )
            )
            : null;
    }

    /// <summary>Tried once, so that no token makes a broken key throw.</summary>
    private static PublicKey? Usable(PublicKey key)
    {
        try
        {
            key.Verify([], new byte[64]);
            return key;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(JsonElement jwk, string name) =>
        Jwt.Text(jwk, name) is { } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
