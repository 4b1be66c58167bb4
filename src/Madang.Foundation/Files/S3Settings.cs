using Madang.Foundation.Modules;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Files;

/// <summary>Which bucket files are kept in: <c>Files:S3:…</c>.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Region">Its region, such as <c>ap-northeast-2</c>.</param>
/// <param name="Endpoint">The URL of a store that speaks as S3 does, with the bucket in the path; null for Amazon's own.</param>
/// <param name="Prefix">What the names of all objects begin with.</param>
internal sealed record S3Settings(string Bucket, string Region, string? Endpoint, string Prefix)
{
    private const string Section = "Files:S3:";

    /// <summary>The id of the key, or null for what the machine has: its role, its environment, its profile.</summary>
    internal string? AccessKey { get; init; }

    internal string? SecretKey { get; init; }

    /// <summary>Where it is, as people are told.</summary>
    internal string Place => Endpoint ?? $"Amazon S3 in {Region}";

    /// <returns>Null when no bucket is named.</returns>
    /// <exception cref="StartupException">One is not what it must be; the sentence holds no key.</exception>
    internal static S3Settings? Of(IConfiguration configuration)
    {
        string? Value(string name) => configuration[Section + name] is { Length: > 0 } value ? value : null;
        if (Value("Bucket") is not { } bucket)
        {
            return null;
        }
        if (
            Value("Endpoint") is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        )
        {
            throw new StartupException($"{Section}Endpoint is '{url}', but must be an http or https URL.");
        }
        if (Value("AccessKey") is null != Value("SecretKey") is null)
        {
            throw new StartupException(
                $"{Section}AccessKey and {Section}SecretKey belong together: set both, or neither."
            );
        }
        return new(bucket, Value("Region") ?? "us-east-1", Value("Endpoint"), Value("Prefix") ?? "")
        {
            AccessKey = Value("AccessKey"),
            SecretKey = Value("SecretKey"),
        };
    }
}
