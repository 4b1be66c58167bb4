using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>The pictures are read again by zbar, a reader that knows nothing of how they were drawn.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed partial class DrawingQrCodes(SqliteYard yard)
{
    private const string Reader = "/usr/bin/zbarimg";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_reads_the_short_address_from_both_kinds()
    {
        Assert.SkipUnless(File.Exists(Reader), "No zbarimg here: install zbar-tools and run the tests again.");
        var slug = await yard.Admin.Slug();
        using var folder = new TemporaryFolder();
        foreach (var size in new[] { 64, 200, 2048 })
        {
            var (png, type) = await Draw(slug, $"?format=png&size={size}");
            Assert.Equal("image/png", type);
            Assert.InRange(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), 29, size);
            await File.WriteAllBytesAsync(folder.File($"{size}.png"), png, Stop);
            if (size > 64)
            {
                Assert.Equal($"{yard.Url}/{slug}", await ReadBy(folder.File($"{size}.png")));
            }
        }
        var (svg, kind) = await Draw(slug, "");
        Assert.Equal("image/svg+xml", kind);
        await File.WriteAllTextAsync(folder.File("drawn.pgm"), Rasterised(Encoding.UTF8.GetString(svg)), Stop);
        Assert.Equal($"{yard.Url}/{slug}", await ReadBy(folder.File("drawn.pgm")));
    }

    [Fact]
    public async Task It_is_kept_for_a_day_and_asked_for_again_by_its_fingerprint()
    {
        var path = $"/api/v1/links/{await yard.Admin.Slug()}/qr";
        var first = await yard.Admin.Client.GetAsync(path, Stop);
        Assert.Equal("max-age=86400, private", first.Headers.CacheControl!.ToString());
        var etag = first.Headers.ETag!.ToString();
        await yard
            .Admin.Client.Send(HttpMethod.Get, path, null, ("If-None-Match", etag))
            .Is(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Other_sizes_and_formats_are_refused_and_others_private_links_are_not_there()
    {
        var slug = await yard.Admin.Slug();
        foreach (var query in new[] { "size=63", "size=2049", "size=-1", "size=large" })
        {
            await Get(slug, query).IsBad("size");
        }
        await Get(slug, "format=gif").IsBad("format");
        await Get("unknown1", "format=png").Is(HttpStatusCode.NotFound);
        var other = await yard.SignUp();
        await other.Client.GetAsync($"/api/v1/links/{slug}/qr", Stop).Is(HttpStatusCode.NotFound);
        await yard.Anonymous.GetAsync($"/api/v1/links/{slug}/qr", Stop).Is(HttpStatusCode.Unauthorized);
    }

    private Task<HttpResponseMessage> Get(string slug, string query) =>
        yard.Admin.Client.GetAsync($"/api/v1/links/{slug}/qr?{query}", Stop);

    private async Task<(byte[] Picture, string Type)> Draw(string slug, string query)
    {
        var answer = await yard.Admin.Client.GetAsync($"/api/v1/links/{slug}/qr{query}", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsByteArrayAsync(Stop), answer.Content.Headers.ContentType!.MediaType!);
    }

    /// <summary>Draws the dark path of the SVG, eight pixels for each module, as a plain grey map.</summary>
    private static string Rasterised(string svg)
    {
        const int scale = 8;
        var width = int.Parse(ViewBox().Match(svg).Groups[1].Value, CultureInfo.InvariantCulture);
        var dark = new bool[width, width];
        var strokes = Stroke().Matches(DarkPath().Match(svg).Groups[1].Value);
        Assert.NotEmpty(strokes);
        foreach (Match stroke in strokes)
        {
            var (x, y, length) = (Part(1), Part(2), Part(3));
            for (var at = x; at < x + length; at++)
            {
                dark[y, at] = true;
            }
            int Part(int group) => int.Parse(stroke.Groups[group].Value, CultureInfo.InvariantCulture);
        }
        var map = new StringBuilder($"P2\n{width * scale} {width * scale}\n255\n");
        for (var y = 0; y < width * scale; y++)
        {
            for (var x = 0; x < width * scale; x++)
            {
                map.Append(dark[y / scale, x / scale] ? "0 " : "255 ");
            }
            map.Append('\n');
        }
        return map.ToString();
    }

    private static async Task<string> ReadBy(string file)
    {
        using var reader = Process.Start(
            new ProcessStartInfo(Reader, ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var text = await reader.StandardOutput.ReadToEndAsync(Stop);
        await reader.WaitForExitAsync(Stop);
        return text.Trim();
    }

    [GeneratedRegex("""viewBox="0 0 (\d+) """)]
    private static partial Regex ViewBox();

    [GeneratedRegex("""<path d="([^"]+)"/></svg>""")]
    private static partial Regex DarkPath();

    [GeneratedRegex(@"M(\d+) (\d+)h(\d+)v1h-\d+z")]
    private static partial Regex Stroke();
}
