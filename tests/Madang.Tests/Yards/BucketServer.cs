using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Yards;

/// <summary>
/// A store on a port of its own that speaks as S3 does where files are put, read and removed (Amazon S3 API Reference), with the bucket in the
/// path. It holds its clients to a signature by the right key over the request and the body that came, and fails as a test tells it to.
/// </summary>
public sealed class BucketServer : IAsyncDisposable
{
    public const string Bucket = "yard-covers";
    private const string Key = "AKIDTESTS";
    private const string Secret = "a-secret-of-the-tests";

    /// <summary>So far may a request's time be from the store's.</summary>
    private static readonly TimeSpan MostOff = TimeSpan.FromMinutes(15);

    private readonly WebApplication app;
    private int asked;

    private BucketServer(WebApplication app) => this.app = app;

    /// <summary>The objects, by their keys.</summary>
    public ConcurrentDictionary<string, (string Type, byte[] Bytes)> Objects { get; } = [];

    /// <summary>How many requests came.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>Whether it answers each request with 503.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether it takes requests and answers none.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Whether it stops in the middle of each object that it gives.</summary>
    public bool FreezesHalfway { get; set; }

    /// <summary>Whether the key may list the bucket: only then is it told that an object is missing.</summary>
    public bool MayList { get; set; } = true;

    /// <summary>What the key may not do: <c>PUT</c>, <c>GET</c>, <c>DELETE</c>.</summary>
    public string Forbidden { get; set; } = "";

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan ClockIsAhead { get; set; }

    /// <summary>The settings of a yard that keeps its files here.</summary>
    public string[] Settings => SettingsOf(Bucket, Key, Secret);

    public string[] SettingsOf(string bucket, string key, string secret) =>
        [
            $"--Files:S3:Bucket={bucket}",
            $"--Files:S3:Endpoint={app.Urls.First()}",
            "--Files:S3:Region=ap-northeast-2",
            "--Files:S3:Prefix=madang/",
            $"--Files:S3:AccessKey={key}",
            $"--Files:S3:SecretKey={secret}",
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

    private DateTimeOffset Now => DateTimeOffset.UtcNow + ClockIsAhead;

    private async Task Answer(HttpContext http)
    {
        Interlocked.Increment(ref asked);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (IsFrozen)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        http.Response.Headers.Date = Now.ToString("R", CultureInfo.InvariantCulture);
        var start = $"/{Bucket}/";
        var path = http.Request.Path.Value!;
        if (IsAway)
        {
            await Fail(http, 503, "SlowDown");
        }
        else if (Signature.Fault(http.Request, body.ToArray(), Key, Secret, Now, MostOff) is { } fault)
        {
            await Fail(http, 403, fault);
        }
        else if (!path.StartsWith(start, StringComparison.Ordinal))
        {
            await Fail(http, 404, "NoSuchBucket");
        }
        else if (Forbidden.Contains(http.Request.Method, StringComparison.Ordinal))
        {
            await Fail(http, 403, "AccessDenied");
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
                http.Response.ContentLength = found.Bytes.Length;
                var most = FreezesHalfway ? found.Bytes.Length / 2 : found.Bytes.Length;
                await http.Response.Body.WriteAsync(found.Bytes.AsMemory(0, most), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                if (FreezesHalfway)
                {
                    await Task.Delay(Timeout.Infinite, http.RequestAborted)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                http.Response.StatusCode = 204;
                break;
            default:
                await (MayList ? Fail(http, 404, "NoSuchKey") : Fail(http, 403, "AccessDenied"));
                break;
        }
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
