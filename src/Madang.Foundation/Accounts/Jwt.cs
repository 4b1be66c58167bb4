using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Madang.Foundation.Accounts;

/// <summary>
/// JSON Web Tokens (RFC 7519) in compact serialisation (RFC 7515), as strict as RFC 8725 asks: the algorithm belongs to the key and
/// is never taken from the token, and nothing that we don't understand is accepted.
/// </summary>
internal static class Jwt
{
    /// <summary>Ours have about 300 characters; longer ones are not looked at.</summary>
    private const int LongestToken = 8192;

    internal static string Sign(SigningKey key, ReadOnlySpan<byte> claims)
    {
        var header = $$"""{"alg":"{{key.Algorithm}}","typ":"JWT","kid":"{{key.Kid}}"}""";
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <returns>The name of the key that the token claims to be signed with, or null when there is none to read.</returns>
    internal static string? Kid(string token) =>
        Split(token) is { } parts && ParseObject(parts[0]) is { } header ? Text(header, "kid") : null;

    /// <returns>Who the token claims to be from, to find the key by which that is made sure; or null.</returns>
    internal static string? ClaimedIssuer(string token) =>
        Split(token) is { } parts && ParseObject(parts[1]) is { } claims ? Text(claims, "iss") : null;

    /// <returns>The claims of a token that <paramref name="key"/> signed, or null. Times and issuer are the caller's to check.</returns>
    internal static JsonElement? Verify(string token, IVerifyingKey key)
    {
        if (Split(token) is not { } parts || ParseObject(parts[0]) is not { } header)
        {
            return null;
        }
        // RFC 7515, 4.1.11: what "crit" names must be understood, and we understand no extension.
        if (header.TryGetProperty("crit", out _) || Text(header, "alg") != key.Algorithm)
        {
            return null;
        }
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        return Decode(parts[2]) is { } signature && key.Verify(signed, signature) ? ParseObject(parts[1]) : null;
    }

    /// <returns>A claim's text, or null when it is missing or something else.</returns>
    internal static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <returns>A NumericDate (RFC 7519, 2), or null when it is missing or out of range.</returns>
    internal static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var seconds)
        && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : null;

    /// <returns>Whether <c>aud</c>, a text or a list of texts (RFC 7519, 4.1.3), names us.</returns>
    internal static bool IsFor(JsonElement claims, string audience) =>
        claims.TryGetProperty("aud", out var value)
        && (
            value.ValueKind == JsonValueKind.String
                ? value.ValueEquals(audience)
                : value.ValueKind == JsonValueKind.Array
                    && value
                        .EnumerateArray()
                        .Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience))
        );

    private static string[]? Split(string token) =>
        token.Length <= LongestToken && token.Split('.') is { Length: 3 } parts ? parts : null;

    private static JsonElement? ParseObject(string part)
    {
        try
        {
            return
                Decode(part) is { } bytes
                && JsonElement.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false })
                    is { ValueKind: JsonValueKind.Object } element
                && element.EnumerateObject().All(IsUnicode)
                ? element
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A lone surrogate or a broken UTF-8 sequence passes the parser and throws where the text is first read: so, here.</summary>
    /// <exception cref="InvalidOperationException">It is no Unicode.</exception>
    private static bool IsUnicode(JsonProperty property) =>
        property.Name is not null
        && (property.Value.ValueKind != JsonValueKind.String || property.Value.GetString() is not null);

    /// <returns>The bytes, or null for what is not base64url without padding in its one canonical spelling.</returns>
    private static byte[]? Decode(string part)
    {
        if (part.Contains('=', StringComparison.Ordinal) || !Base64Url.IsValid(part))
        {
            return null;
        }
        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : null;
    }
}

/// <summary>What a token's signature is made sure by. The algorithm belongs to the key (RFC 8725, 3.1).</summary>
internal interface IVerifyingKey
{
    /// <summary>As the header must name it.</summary>
    string Algorithm { get; }

    /// <returns>Whether the signature is this key's.</returns>
    bool Verify(byte[] data, byte[] signature);
}
