using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Madang.Foundation.Accounts;

/// <summary>
/// A secret that we hand out once and can only recognise afterwards: random bits, kept as a SHA-256 hash. A slow hash would add
/// nothing, since nobody guesses so many (OWASP, Cryptographic Storage).
/// </summary>
public static class Secret
{
    /// <returns>A new one, in letters that an address may hold.</returns>
    /// <param name="prefix">What it begins with, so that it is known for what it is.</param>
    /// <param name="bits">How much of it is chance: 256, or 128 where an address holds it.</param>
    public static string New(string prefix = "", int bits = 256) =>
        prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bits / 8));

    /// <returns>What is kept of it: 32 bytes.</returns>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
