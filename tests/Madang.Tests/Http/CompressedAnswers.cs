using System.IO.Compression;
using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Http;

/// <summary>What is long goes out compressed to those who can read it, under a tag of its own.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class CompressedAnswers(SqliteYard yard)
{
    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_long_answer_is_compressed_under_another_tag_that_every_condition_takes(string coding)
    {
        var me = await yard.SignUp();
        var memo = await Write(me, string.Concat(Enumerable.Repeat("마당에 비가 온다. ", 300)));
        using var plain = await me.Client.GetAsync(memo, Stop);
        var tag = plain.Headers.ETag!.ToString();

        using var answer = await Get(me, memo, ("Accept-Encoding", coding));

        Assert.Equal([coding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        var coded = answer.Headers.ETag!.ToString();
        Assert.Equal($"{tag[..^1]}.{coding}\"", coded);
        var body = await Unpack(await answer.Content.ReadAsByteArrayAsync(Stop), coding);
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(Stop), body);

        using var same = await Get(me, memo, ("Accept-Encoding", coding), ("If-None-Match", coded));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(coded, same.Headers.ETag!.ToString());
        await me
            .Client.Send(HttpMethod.Patch, memo, new { text = "그쳤다" }, ("If-Match", coded))
            .Is(HttpStatusCode.OK);
        await me
            .Client.Send(HttpMethod.Patch, memo, new { text = "또 온다" }, ("If-Match", coded))
            .Is(HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("zstd")]
    [InlineData("gzip;q=0")]
    public async Task Who_takes_none_of_our_codings_gets_it_plain_under_the_plain_tag(string accepted)
    {
        var me = await yard.SignUp();
        var memo = await Write(me, string.Concat(Enumerable.Repeat("마당에 비가 온다. ", 300)));
        using var plain = await me.Client.GetAsync(memo, Stop);

        using var answer = await Get(me, memo, ("Accept-Encoding", accepted));

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal(plain.Headers.ETag!.ToString(), answer.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task A_short_answer_is_not_worth_it()
    {
        var me = await yard.SignUp();
        using var answer = await Get(me, await Write(me, "짧다"), ("Accept-Encoding", "br, gzip"));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.DoesNotContain('.', answer.Headers.ETag!.ToString());
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/openapi/v1.json", "application/json")]
    [InlineData("/css/madang.css", "text/css")]
    public async Task Pages_the_contract_and_static_files_are_compressed_too(string path, string type)
    {
        using var answer = await Get(await yard.SignUp(), path, ("Accept-Encoding", "gzip"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<string> Write(Person me, string text)
    {
        using var answer = await me.Client.Send(HttpMethod.Post, "/api/v1/memos", new { text });
        return answer.Headers.Location!.ToString();
    }

    private static Task<HttpResponseMessage> Get(Person me, string path, params (string, string)[] headers) =>
        me.Client.Send(HttpMethod.Get, path, null, headers);

    private static async Task<byte[]> Unpack(byte[] packed, string coding)
    {
        using var source = new MemoryStream(packed);
        await using Stream stream =
            coding == "br"
                ? new BrotliStream(source, CompressionMode.Decompress)
                : new GZipStream(source, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await stream.CopyToAsync(plain, Stop);
        return plain.ToArray();
    }
}
