using System.Buffers.Text;
using System.Security.Cryptography;

namespace Madang.Foundation.Accounts;

/// <summary>One key that access tokens are signed with. Its algorithm was chosen when it was made (RFC 8725, 3.1).</summary>
/// <param name="Kid">Its name in a token's header.</param>
/// <param name="Algorithm"><c>HS256</c>, <c>RS256</c> or <c>ES256</c> (RFC 7518).</param>
/// <param name="Material">The HMAC key itself, or the private key as PKCS #8.</param>
internal sealed record SigningKey(string Kid, string Algorithm, byte[] Material) : IVerifyingKey
{
    internal static readonly string[] Algorithms = ["HS256", "RS256", "ES256"];

    internal static SigningKey New(string algorithm)
    {
        var kid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));
        switch (algorithm)
        {
            case "HS256":
                return new(kid, algorithm, RandomNumberGenerator.GetBytes(32));
            case "RS256":
                using (var rsa = RSA.Create(2048))
                {
                    return new(kid, algorithm, rsa.ExportPkcs8PrivateKey());
                }
            case "ES256":
                using (var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    return new(kid, algorithm, ec.ExportPkcs8PrivateKey());
                }
            default:
                throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not an algorithm of ours.");
        }
    }

    internal byte[] Sign(byte[] data)
    {
        switch (Algorithm)
        {
            case "HS256":
                return HMACSHA256.HashData(Material, data);
            case "RS256":
                using (var rsa = Rsa())
                {
                    return rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }
            default:
                using (var ec = Ec())
                {
                    return ec.SignData(data, HashAlgorithmName.SHA256);
                }
        }
    }

    public bool Verify(byte[] data, byte[] signature)
    {
        switch (Algorithm)
        {
            case "HS256":
                return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Material, data), signature);
            case "RS256":
                using (var rsa = Rsa())
                {
                    return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }
            default:
                using (var ec = Ec())
                {
                    return ec.VerifyData(data, signature, HashAlgorithmName.SHA256);
                }
        }
    }

    private RSA Rsa()
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Material, out _);
        return rsa;
    }

    private ECDsa Ec()
    {
        var ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(Material, out _);
        return ec;
    }
}
