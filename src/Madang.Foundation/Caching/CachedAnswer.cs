using System.IO.Compression;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Madang.Foundation.Caching;

/// <summary>
/// A finished JSON answer as the cache keeps it: its bytes, their strong ETag, and its compressed forms, each made once, when
/// somebody first asks for it. Nobody changes the bytes.
/// </summary>
public sealed class CachedAnswer
{
    private readonly Lock turn = new();
    private readonly byte[] body;
    private readonly Func<Coding, Stream, Stream> coder;
    private CodedBody? brotli;
    private CodedBody? gzip;

    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="coder">What compresses into a stream; a test has one of its own.</param>
    internal CachedAnswer(byte[] body, Func<Coding, Stream, Stream>? coder = null)
    {
        (this.body, this.coder) = (body, coder ?? Coder);
        ETag = ContractJson.ETag(body);
    }

    /// <summary>UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>The strong ETag of the body, quotes included.</summary>
    public string ETag { get; }

    /// <summary>Is told how many bytes more this answer takes, once it has a compressed form.</summary>
    internal Action<int>? Grew { get; set; }

    internal byte[] Bytes => body;

    /// <returns>
    /// Whether <see cref="Write"/> can answer it by itself: there is no tag in it, or just one of ours. What clients make of tags besides, the
    /// house's compression reads.
    /// </returns>
    internal bool CanAnswer(HttpRequest request) =>
        request.Headers.IfNoneMatch is var tags && (tags.Count == 0 || (tags is [{ } tag] && IsOurs(tag, request)));

    /// <summary>Answers a request: 304 to who has it already, else in the best coding that he takes.</summary>
    internal Task Write(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        if (request.Headers.IfNoneMatch is [{ } tag] && IsOurs(tag, request))
        {
            return new NotModified(tag).ExecuteAsync(http);
        }
        if (NotModified.Knows(request, ETag))
        {
            return new NotModified(ETag).ExecuteAsync(http);
        }
        var headers = response.Headers;
        var (bytes, etag) = (body, ETag);
        if (body.Length >= Compression.Least)
        {
            headers.Vary =
                headers.Vary.Count == 0 ? "Accept-Encoding" : StringValues.Concat(headers.Vary, "Accept-Encoding");
            if (In(AcceptedCoding.Of(request.Headers.AcceptEncoding)) is { } coded)
            {
                // The house's compression leaves alone what has a coding already.
                headers.ContentEncoding = coded.Coding;
                (bytes, etag) = (coded.Bytes, coded.ETag);
            }
        }
        headers.ETag = etag;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        return HeadRequests.IsHead(http)
            ? Task.CompletedTask
            // Not the body's writer: around a request that takes codings that one would copy all into buffers of its own first.
            : response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    /// <summary>A coded form's tag comes from a client that takes codings.</summary>
    private bool IsOurs(string tag, HttpRequest request) =>
        tag == ETag
        || (
            request.Headers.AcceptEncoding.Count > 0
            && (tag == Volatile.Read(ref brotli)?.ETag || tag == Volatile.Read(ref gzip)?.ETag)
        );

    private CodedBody? In(Coding coding) =>
        coding switch
        {
            Coding.Brotli => brotli ?? Make(ref brotli, coding, "br"),
            Coding.Gzip => gzip ?? Make(ref gzip, coding, "gzip"),
            _ => null,
        };

    private static Stream Coder(Coding coding, Stream to) =>
        coding == Coding.Brotli
            ? new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);

    private CodedBody Make(ref CodedBody? place, Coding coding, string name)
    {
        lock (turn)
        {
            if (place is not null)
            {
                return place;
            }
            using var packed = new MemoryStream(body.Length / 4);
            using (var stream = coder(coding, packed))
            {
                stream.Write(body);
            }
            var made = new CodedBody(packed.ToArray(), name, $"{ETag[..^1]}.{name}\"");
            Volatile.Write(ref place, made);
            Grew?.Invoke(made.Bytes.Length);
            return made;
        }
    }

    /// <param name="Bytes">The compressed body.</param>
    /// <param name="Coding">The content coding.</param>
    /// <param name="ETag">The plain one with the coding as its suffix, as the house's compression writes and reads it.</param>
    private sealed record CodedBody(byte[] Bytes, string Coding, string ETag);
}
