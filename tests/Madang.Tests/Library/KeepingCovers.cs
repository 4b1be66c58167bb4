using System.Net;
using System.Text;
using Madang.Library.Covers;
using Madang.Tests.Files;
using Madang.Tests.Memos;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class KeepingCoversOnSqlite(SqliteYard yard) : KeepingCovers(yard), IClassFixture<SqliteYard>;

public sealed class KeepingCoversOnPostgres(PostgresYard yard) : KeepingCovers(yard), IClassFixture<PostgresYard>;

/// <summary>Covers that somebody brings: told by their content, without what gives people away, and seen at once.</summary>
public abstract class KeepingCovers(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Pictures() =>
        new()
        {
            {
                "image/jpeg",
                Made.Jpeg(Made.Segment(0xE1, [.. "Exif\0\0"u8, .. Made.Exif(6)]), Made.Segment(0xFE, Made.Text))
            },
            { "image/png", Made.Png(3, 2, Made.Chunk("tEXt", Made.Text), Made.Chunk("eXIf", Made.Exif(1))) },
            { "image/webp", Made.Webp(8, Made.Riff("EXIF", Made.Exif(1))) },
        };

    [Theory, MemberData(nameof(Pictures))]
    public async Task A_picture_becomes_the_cover_by_its_content_without_where_it_was_taken(string type, byte[] picture)
    {
        var book = await NewBook();
        // Whatever the client says of it.
        await yard.Admin.BringCover(book, picture, "image/x-anything").Is(HttpStatusCode.NoContent);

        using var answer = await yard.Admin.Client.GetAsync(CoverCalls.Path(book), Stop);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Stop);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.NotEmpty(bytes);
        Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Made.Secret)));
        var kept = Assert.Single(yard.FilesOf($"/{answer.Headers.ETag!.Tag.Trim('"')}-"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(yard.Folder, "uploads", kept), Stop));
        Assert.NotEqual(-1, picture.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Made.Secret)));
    }

    public static TheoryData<string, byte[], HttpStatusCode> Strangers() =>
        new()
        {
            { "an SVG", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), HttpStatusCode.UnsupportedMediaType },
            { "a page", "<!doctype html><script>alert(1)</script>"u8.ToArray(), HttpStatusCode.UnsupportedMediaType },
            { "nothing", [], HttpStatusCode.UnsupportedMediaType },
            {
                "a GIF that is a script too",
                Made.Gif(Made.GifExtension(0xFE, "*/=1;alert(1)//")),
                HttpStatusCode.UnsupportedMediaType
            },
            { "half a PNG", Made.Png()[..^3], HttpStatusCode.BadRequest },
            { "half a JPEG", Made.Jpeg()[..^2], HttpStatusCode.BadRequest },
            { "half a WebP", Made.Webp(0)[..^4], HttpStatusCode.BadRequest },
            { "51 megapixels", Made.PngBomb(10_200, 5_000), HttpStatusCode.BadRequest },
            {
                "a byte too much",
                [.. Made.Png(), .. new byte[CoverStore.MostBytes + 1 - Made.Png().Length]],
                HttpStatusCode.RequestEntityTooLarge
            },
        };

    [Theory, MemberData(nameof(Strangers))]
    public async Task What_is_no_such_picture_is_refused_and_leaves_nothing(
        string what,
        byte[] body,
        HttpStatusCode status
    )
    {
        var book = await NewBook();
        var (before, drawn) = (yard.Uploads(), await Tag(book));
        using var request = new HttpRequestMessage(HttpMethod.Put, CoverCalls.Path(book))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("image/png");
        request.Headers.ExpectContinue = body.Length > CoverStore.MostBytes;
        using var answer = await yard.Admin.Client.SendAsync(request, Stop);
        Assert.True(answer.StatusCode == status, $"{what}: {answer.StatusCode}");
        Assert.Equal(drawn, await Tag(book));
        await Probe.Until(() => yard.Uploads().Count == before.Count);
    }

    [Fact]
    public async Task What_follows_the_end_of_a_picture_is_not_kept_and_the_largest_fits()
    {
        var book = await NewBook();
        var picture = Made.Png();
        byte[] both = [.. picture, .. "<script>alert(1)</script>"u8];
        byte[] largest = [.. both, .. new byte[CoverStore.MostBytes - both.Length]];
        await yard.Admin.BringCover(book, largest).Is(HttpStatusCode.NoContent);
        Assert.Equal(picture, await yard.Admin.Client.GetByteArrayAsync(CoverCalls.Path(book), Stop));
    }

    [Fact]
    public async Task Members_see_covers_and_only_editors_bring_and_remove_them()
    {
        var book = await NewBook();
        var member = await yard.SignUp();
        await member.BringCover(book, Made.Png()).Is(HttpStatusCode.Forbidden);
        await member.Client.DeleteAsync(CoverCalls.Path(book), Stop).Is(HttpStatusCode.Forbidden);
        await member.Client.GetAsync(CoverCalls.Path(book), Stop).Is(HttpStatusCode.OK);
        await yard.Anonymous.GetAsync(CoverCalls.Path(book), Stop).Is(HttpStatusCode.Unauthorized);
        await yard.Admin.BringCover(987_654_321, Made.Png()).Is(HttpStatusCode.NotFound);
        await yard.Admin.Client.DeleteAsync(CoverCalls.Path(987_654_321), Stop).Is(HttpStatusCode.NotFound);
        await yard.Admin.Client.GetAsync(CoverCalls.Path(987_654_321), Stop).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_cover_is_asked_for_again_only_when_it_is_another()
    {
        var book = await NewBook();
        var drawn = await Tag(book);
        await Get(book, drawn).Is(HttpStatusCode.NotModified);
        await yard
            .Admin.BringCover(book, Made.Png(), headers: ("If-Match", "\"stale\""))
            .Is(HttpStatusCode.PreconditionFailed);
        await yard.Admin.BringCover(book, Made.Png(), headers: ("If-Match", drawn)).Is(HttpStatusCode.NoContent);
        var brought = await Tag(book);
        await Get(book, drawn).Is(HttpStatusCode.OK);
        await Get(book, brought).Is(HttpStatusCode.NotModified);

        using var versioned = await yard.Admin.Client.GetAsync($"{CoverCalls.Path(book)}?v={brought.Trim('"')}", Stop);
        Assert.Contains("immutable", versioned.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var old = await yard.Admin.Client.GetAsync($"{CoverCalls.Path(book)}?v={drawn.Trim('"')}", Stop);
        Assert.Equal("no-cache, private", old.Headers.CacheControl!.ToString());

        await yard.Admin.Client.DeleteAsync(CoverCalls.Path(book), Stop).Is(HttpStatusCode.NoContent);
        Assert.Equal(drawn, await Tag(book));
        await yard.Admin.Client.DeleteAsync(CoverCalls.Path(book), Stop).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_drawn_cover_changes_with_the_title_and_is_a_picture_and_nothing_else()
    {
        var book = await NewBook();
        using var answer = await yard.Admin.Client.GetAsync(CoverCalls.Path(book), Stop);
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("sandbox; default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Contains("가을 산책", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{book}", new { title = "<겨울> & 산책" })
            .Is(HttpStatusCode.OK);
        Assert.NotEqual(answer.Headers.ETag!.Tag, await Tag(book));
    }

    [Fact]
    public async Task Of_several_at_once_one_stays_and_the_others_files_go_with_the_housework()
    {
        var book = await NewBook();
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 8).Select(width => yard.Admin.BringCover(book, Made.Png(width)))
        );
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        await Wait();
        var name = (await Tag(book)).Trim('"');
        var files = yard.Uploads().FindAll(file => file.StartsWith("library", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(name, StringComparison.Ordinal));
        Assert.DoesNotContain(yard.Uploads(), file => file.StartsWith("new", StringComparison.Ordinal));
        Assert.Equal(files.Count, await Rows());

        await yard.Admin.Client.DeleteAsync($"/api/v1/books/{book}", Stop).Is(HttpStatusCode.NoContent);
        await yard.Admin.Client.GetAsync(CoverCalls.Path(book), Stop).Is(HttpStatusCode.NotFound);
        Assert.Contains(yard.Uploads(), file => file.EndsWith(name, StringComparison.Ordinal));
        await Wait();
        Assert.DoesNotContain(yard.Uploads(), file => file.EndsWith(name, StringComparison.Ordinal));
        Assert.Equal(files.Count - 1, await Rows());
    }

    private Task<long> Rows() => yard.Database.Read(sql => sql.Single<long>("SELECT count(*) FROM book_covers"), Stop);

    /// <summary>A day and an hour, after which the admin signs in again.</summary>
    private async Task Wait()
    {
        yard.Clock.Advance(TimeSpan.FromHours(25));
        await yard.Get<CoverHousework>().Tidy(Stop);
        var again = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        yard.Admin.Client.DefaultRequestHeaders.Authorization = new("Bearer", again.AccessToken);
    }

    private async Task<long> NewBook() => (await yard.Admin.AddBook(LibraryCalls.NewBook())).Number("book_id");

    private Task<HttpResponseMessage> Get(long book, string tag) =>
        yard.Admin.Client.Send(HttpMethod.Get, CoverCalls.Path(book), null, ("If-None-Match", tag));

    private async Task<string> Tag(long book)
    {
        using var answer = await yard.Admin.Client.GetAsync(CoverCalls.Path(book), Stop);
        return answer.Headers.ETag!.Tag;
    }
}
