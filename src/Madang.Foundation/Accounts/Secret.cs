using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Madang.Foundation.Accounts;

/// <summary>
/// A secret that we hand out once and can only recognise afterwards: 256 random bits, kept as a SHA-256 hash. A slow hash would add
/// nothing, since nobody guesses 256 bits (OWASP, Cryptographic Storage).
/// </summary>
internal static class Secret
{
    internal static string New(string prefix = "") =>
        prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
