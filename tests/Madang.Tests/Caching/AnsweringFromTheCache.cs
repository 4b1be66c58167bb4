using System.IO.Compression;
using System.Net;
using System.Text;
using Madang.Foundation.Caching;
using Madang.Foundation.Http;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Madang.Tests.Caching;

/// <summary>A finished answer over HTTP: with its tag, compressed once, and not at all to who has it already.</summary>
public sealed class AnsweringFromTheCache : IAsyncLifetime
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        $"{{\"text\":\"{string.Concat(Enumerable.Repeat("마당에 비가 온다. ", 500))}\"}}"
    );

    private readonly CachedAnswer answer = new(Body);
    private readonly CachedAnswer shortAnswer = new("{}"u8.ToArray());
    private WebApplication app = null!;
    private HttpClient client = null!;
    private int compressions;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        answer.Grew = _ => Interlocked.Increment(ref compressions);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddCompression();
        app = builder.Build();
        app.UseCompression();
        app.UseHeadAsGet();
        app.UseRouting();
        app.MapGet("/long", () => new Cached<object>(answer));
        app.MapGet("/short", () => new Cached<object>(shortAnswer));
        await app.StartAsync(Stop);
        client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task It_is_sent_as_it_is_with_its_tag_and_not_again_to_who_has_it()
    {
        using var plain = await Get("/long");
        Assert.Equal("application/json; charset=utf-8", plain.Content.Headers.ContentType!.ToString());
        Assert.Equal(Body, await plain.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(ContractJson.ETag(Body), plain.Headers.ETag!.ToString());

        foreach (var tag in new[] { answer.ETag, $"W/{answer.ETag}", $"\"x\", {answer.ETag}", "*" })
        {
            using var same = await Get("/long", ("If-None-Match", tag));
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
            Assert.Equal(answer.ETag, same.Headers.ETag!.ToString());
        }
        using var other = await Get("/long", ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_head_tells_its_length_and_tag_without_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/long");
        using var head = await client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(Body.Length, head.Content.Headers.ContentLength);
        Assert.Equal(answer.ETag, head.Headers.ETag!.ToString());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Stop));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task It_is_compressed_once_under_a_tag_of_its_own(string coding)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Get("/long", ("Accept-Encoding", coding))));
        foreach (var coded in all)
        {
            Assert.Equal([coding], coded.Content.Headers.ContentEncoding);
            Assert.Equal(["Accept-Encoding"], coded.Headers.Vary);
            Assert.Equal($"{answer.ETag[..^1]}.{coding}\"", coded.Headers.ETag!.ToString());
            await using var packed = await coded.Content.ReadAsStreamAsync(Stop);
            await using Stream unpacked =
                coding == "br"
                    ? new BrotliStream(packed, CompressionMode.Decompress)
                    : new GZipStream(packed, CompressionMode.Decompress);
            using var plain = new MemoryStream();
            await unpacked.CopyToAsync(plain, Stop);
            Assert.Equal(Body, plain.ToArray());
            coded.Dispose();
        }
        Assert.Equal(1, compressions);

        var tag = $"{answer.ETag[..^1]}.{coding}\"";
        using var same = await Get("/long", ("Accept-Encoding", coding), ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.NotModified, tag), (same.StatusCode, same.Headers.ETag!.ToString()));
    }

    [Fact]
    public async Task A_short_one_and_one_for_who_takes_none_of_our_codings_stay_plain()
    {
        using var one = await Get("/short", ("Accept-Encoding", "br"));
        using var other = await Get("/long", ("Accept-Encoding", "zstd"));
        foreach (var plain in new[] { one, other })
        {
            Assert.Empty(plain.Content.Headers.ContentEncoding);
            Assert.DoesNotContain('.', plain.Headers.ETag!.ToString());
        }
    }

    [Theory]
    [InlineData(null, "None")]
    [InlineData("", "None")]
    [InlineData("gzip, deflate, br, zstd", "Brotli")]
    [InlineData("GZIP", "Gzip")]
    [InlineData("br;q=0.5, gzip;q=0.8", "Gzip")]
    [InlineData("br;q=0.800, gzip;q=0.8", "Brotli")]
    [InlineData("br;q=0, gzip;q=0", "None")]
    [InlineData("*", "Brotli")]
    [InlineData("*;q=0.1, br;q=0", "Gzip")]
    [InlineData("identity;q=1, gzip;q=0.5", "None")]
    [InlineData("identity;q=0.5, gzip", "Gzip")]
    [InlineData("gzip;q=nonsense", "None")]
    [InlineData("gzip ; q=0.001", "Gzip")]
    public void The_coding_that_the_client_wants_most_is_taken(string? accepted, string coding) =>
        Assert.Equal(coding, AcceptedCoding.Of(accepted).ToString());

    private Task<HttpResponseMessage> Get(string path, params (string, string)[] headers) =>
        client.Send(HttpMethod.Get, path, null, headers);
}
