using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Http;

/// <summary>The contract's JSON: what a thing looks like on the wire, and the strong ETag of just those bytes (RFC 9110, 8.8.3).</summary>
public sealed class ContractJson(IOptions<JsonOptions> options)
{
    private readonly JsonSerializerOptions settings = options.Value.SerializerOptions;
    private readonly WrittenJson written = new(options.Value.SerializerOptions);

    /// <summary>The options that requests are read with.</summary>
    public JsonSerializerOptions Options => settings;

    /// <returns>The source-generated description of a type.</returns>
    public JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)settings.GetTypeInfo(typeof(T));

    /// <returns>The thing as UTF-8 JSON.</returns>
    public byte[] Bytes(object thing) =>
        thing is IPage { Results: IReadOnlyList<IWritesJson> things } page
            ? written.Bytes(page, things)
            : JsonSerializer.SerializeToUtf8Bytes(thing, settings.GetTypeInfo(thing.GetType()));

    /// <returns>The strong ETag of a representation, quotes included.</returns>
    public static string ETag(ReadOnlySpan<byte> representation)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(representation, hash);
        return $"\"{System.Buffers.Text.Base64Url.EncodeToString(hash[..15])}\"";
    }
}
