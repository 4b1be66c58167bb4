using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Madang.Tests.Yards;

/// <summary>Signature Version 4 in the header (Amazon S3 API Reference, "Authenticating Requests"), checked as the store does.</summary>
internal static class Signature
{
    /// <returns>The code of what is wrong with it, or null.</returns>
    internal static string? Fault(
        HttpRequest request,
        byte[] body,
        string key,
        string secret,
        DateTimeOffset now,
        TimeSpan mostOff
    )
    {
        var parts = request
            .Headers.Authorization.ToString()
            .Replace("AWS4-HMAC-SHA256 ", "", StringComparison.Ordinal)
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1]);
        var (time, hash) = (
            request.Headers["x-amz-date"].ToString(),
            request.Headers["x-amz-content-sha256"].ToString()
        );
        if (!parts.TryGetValue("Credential", out var credential) || credential.Split('/', 2) is not [var id, var scope])
        {
            return "AccessDenied";
        }
        if (id != key)
        {
            return "InvalidAccessKeyId";
        }
        var at = DateTimeOffset.ParseExact(
            time,
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );
        if ((now - at).Duration() > mostOff)
        {
            return "RequestTimeTooSkewed";
        }
        if (hash != "UNSIGNED-PAYLOAD" && hash != Convert.ToHexStringLower(SHA256.HashData(body)))
        {
            return "XAmzContentSHA256Mismatch";
        }
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var query = target.Length == 1 ? [] : target[1].Split('&').Select(one => one.Contains('=') ? one : $"{one}=");
        var canonical = string.Join(
            '\n',
            [
                request.Method,
                target[0],
                string.Join('&', query.Order(StringComparer.Ordinal)),
                .. parts["SignedHeaders"]
                    .Split(';')
                    .Select(name => $"{name}:{request.Headers[name].ToString().Trim()}"),
                "",
                parts["SignedHeaders"],
                hash,
            ]
        );
        var text =
            $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var by = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes($"AWS4{secret}"), Hash);
        return Convert.ToHexStringLower(Hash(by, text)) == parts["Signature"] ? null : "SignatureDoesNotMatch";
    }

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
