using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Yards;

/// <summary>
/// A store on a port of its own that speaks as S3 does where files are put, read and removed (Amazon S3 API Reference), with the bucket in the
/// path. It holds its clients to a signature by the right key over the body that came.
/// </summary>
public sealed class BucketServer : IAsyncDisposable
{
    public const string Bucket = "yard-covers";
    private const string Key = "AKIDTESTS";

    private readonly WebApplication app;

    private BucketServer(WebApplication app) => this.app = app;

    /// <summary>The objects, by their keys.</summary>
    public ConcurrentDictionary<string, (string Type, byte[] Bytes)> Objects { get; } = [];

    /// <summary>Whether it answers each request with 503.</summary>
    public bool IsAway { get; set; }

    /// <summary>The settings of a yard that keeps its files here.</summary>
    public string[] Settings =>
        [
            $"--Files:S3:Bucket={Bucket}",
            $"--Files:S3:Endpoint={app.Urls.First()}",
            "--Files:S3:Region=ap-northeast-2",
            "--Files:S3:Prefix=madang/",
            $"--Files:S3:AccessKey={Key}",
            "--Files:S3:SecretKey=a-secret-of-the-tests",
        ];

    public static async Task<BucketServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var bucket = new BucketServer(builder.Build());
        bucket.app.Run(bucket.Answer);
        await bucket.app.StartAsync();
        return bucket;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var start = $"/{Bucket}/";
        var path = http.Request.Path.Value!;
        if (IsAway)
        {
            await Fail(http, 503, "SlowDown");
        }
        else if (!IsSigned(http.Request, body.ToArray()))
        {
            await Fail(http, 403, "SignatureDoesNotMatch");
        }
        else if (!path.StartsWith(start, StringComparison.Ordinal))
        {
            await Fail(http, 404, "NoSuchBucket");
        }
        else
        {
            await Answer(http, path[start.Length..], body.ToArray());
        }
    }

    private async Task Answer(HttpContext http, string key, byte[] body)
    {
        switch (http.Request.Method)
        {
            case "PUT":
                Objects[key] = (http.Request.ContentType!, body);
                http.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body)[..16])}\"";
                break;
            case "GET" when Objects.TryGetValue(key, out var found):
                http.Response.ContentType = found.Type;
                await http.Response.Body.WriteAsync(found.Bytes, http.RequestAborted);
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                http.Response.StatusCode = 204;
                break;
            default:
                await Fail(http, 404, "NoSuchKey");
                break;
        }
    }

    /// <summary>Signature Version 4 in the header, by our key, over a body whose hash is that of the one that came.</summary>
    private static bool IsSigned(HttpRequest request, byte[] body)
    {
        var hash = request.Headers["x-amz-content-sha256"].ToString();
        return request
                .Headers.Authorization.ToString()
                .StartsWith($"AWS4-HMAC-SHA256 Credential={Key}/", StringComparison.Ordinal)
            && (hash == "UNSIGNED-PAYLOAD" || hash == Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    private static Task Fail(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(
            $"""<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{code}</Message></Error>""",
            http.RequestAborted
        );
    }
}
