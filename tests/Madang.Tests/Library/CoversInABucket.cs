using System.Diagnostics;
using System.Net;
using Madang.Foundation.Files;
using Madang.Library.Covers;
using Madang.Tests.Files;
using Madang.Tests.Memos;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>A yard that keeps its files in a bucket.</summary>
public sealed class BucketYard : SqliteYard
{
    public BucketServer Bucket { get; private set; } = null!;

    protected override string[] Settings => [.. base.Settings, .. Bucket.Settings];

    protected override async Task<string[]> DatabaseSettings()
    {
        Bucket = await BucketServer.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Bucket.DisposeAsync();
    }
}

/// <summary>Covers in a bucket of S3: there and nowhere else, and a bucket that is away loses nothing.</summary>
public sealed class CoversInABucket(BucketYard yard) : IClassFixture<BucketYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cover_is_kept_in_the_bucket_read_from_it_and_gone_from_it_a_day_after_its_book()
    {
        var (admin, book) = await WithCover();
        using var answer = await admin.Client.GetAsync(CoverCalls.Path(book), Stop);
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Made.Png(), await answer.Content.ReadAsByteArrayAsync(Stop));
        var key = $"madang/library/{answer.Headers.ETag!.Tag.Trim('"')}";
        Assert.Equal("image/png", yard.Bucket.Objects[key].Type);
        Assert.DoesNotContain(yard.Uploads(), file => file.Contains("library", StringComparison.Ordinal));

        await admin.Client.DeleteAsync($"/api/v1/books/{book}", Stop).Is(HttpStatusCode.NoContent);
        await yard.Get<CoverHousework>().Tidy(Stop);
        Assert.Contains(key, yard.Bucket.Objects.Keys);
        yard.Clock.Advance(TimeSpan.FromHours(25));
        await yard.Get<CoverHousework>().Tidy(Stop);
        Assert.DoesNotContain(key, yard.Bucket.Objects.Keys);
    }

    [Fact]
    public async Task What_the_books_refuse_is_not_left_in_the_bucket_and_a_bucket_that_is_away_is_told()
    {
        var admin = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        var before = yard.Bucket.Objects.Count;
        await admin.BringCover(987_654_321, Made.Png()).Is(HttpStatusCode.NotFound);
        Assert.Equal(before, yard.Bucket.Objects.Count);

        var book = (await admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        await admin.BringCover(book, Made.Png()).Is(HttpStatusCode.NoContent);
        yard.Bucket.IsAway = true;
        using var told = await admin.BringCover(book, Made.Png(5));
        Assert.Equal(TimeSpan.FromSeconds(5), told.Headers.RetryAfter?.Delta);
        Assert.StartsWith(
            "The place where pictures are kept",
            (await told.Json(HttpStatusCode.ServiceUnavailable)).Text("detail"),
            StringComparison.Ordinal
        );
        await IsDrawn(admin, book);
        yard.Bucket.IsAway = false;
        yard.Clock.Advance(S3Files.Pause);
        Assert.Equal(Made.Png(), await admin.Client.GetByteArrayAsync(CoverCalls.Path(book), Stop));
        Assert.Empty(yard.Uploads());
    }

    [Fact]
    public async Task Who_has_a_cover_already_or_asks_for_its_head_alone_fetches_nothing_from_the_bucket()
    {
        var (admin, book) = await WithCover();
        using var first = await admin.Client.GetAsync(CoverCalls.Path(book), Stop);
        Assert.Equal(Made.Png().Length, first.Content.Headers.ContentLength);
        Assert.Null(first.Headers.TransferEncodingChunked);
        var tag = first.Headers.ETag!.Tag;

        var asked = yard.Bucket.Asked;
        using var known = await admin.Client.Send(
            HttpMethod.Get,
            $"{CoverCalls.Path(book)}?v={tag.Trim('"')}",
            null,
            ("If-None-Match", tag)
        );
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Contains("immutable", known.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var head = await admin.Client.Send(HttpMethod.Head, CoverCalls.Path(book), null);
        Assert.Equal(
            (HttpStatusCode.OK, "image/png", first.Content.Headers.ContentLength, tag),
            (
                head.StatusCode,
                head.Content.Headers.ContentType!.MediaType,
                head.Content.Headers.ContentLength,
                head.Headers.ETag!.Tag
            )
        );
        Assert.Equal(asked, yard.Bucket.Asked);
    }

    [Fact]
    public async Task While_the_bucket_does_not_answer_covers_are_drawn_and_all_but_the_first_need_not_wait()
    {
        var (admin, book) = await WithCover();
        yard.Bucket.IsFrozen = true;
        var asked = yard.Bucket.Asked;
        var since = Stopwatch.StartNew();
        await IsDrawn(admin, book);
        // Two seconds, and what a busy machine takes besides; the twenty of a write are for writes.
        Assert.InRange(since.Elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(9));
        var waited = yard.Bucket.Asked - asked;
        foreach (var _ in Enumerable.Range(0, 24))
        {
            await IsDrawn(admin, book);
        }
        Assert.Equal(waited, yard.Bucket.Asked - asked);

        yard.Bucket.IsFrozen = false;
        await IsDrawn(admin, book);
        yard.Clock.Advance(S3Files.Pause);
        Assert.Equal(Made.Png(), await admin.Client.GetByteArrayAsync(CoverCalls.Path(book), Stop));
        Assert.Equal(Made.Png(), await admin.Client.GetByteArrayAsync(CoverCalls.Path(book), Stop));
    }

    [Fact]
    public async Task A_picture_that_breaks_off_halfway_is_never_taken_for_a_whole_one()
    {
        var (admin, book) = await WithCover();
        yard.Bucket.FreezesHalfway = true;
        var broken = await Assert.ThrowsAsync<HttpRequestException>(() =>
            admin.Client.GetByteArrayAsync(CoverCalls.Path(book), Stop)
        );
        Assert.Equal(HttpRequestError.ResponseEnded, broken.HttpRequestError);
        await IsDrawn(admin, book);
        yard.Bucket.FreezesHalfway = false;
        yard.Clock.Advance(S3Files.Pause);
    }

    [Fact]
    public async Task A_key_that_may_not_list_the_bucket_is_refused_what_is_missing_and_the_others_are_shown()
    {
        var (admin, book) = await WithCover();
        var other = (await admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        await admin.BringCover(other, Made.Png(5)).Is(HttpStatusCode.NoContent);
        using var shown = await admin.Client.GetAsync(CoverCalls.Path(other), Stop);
        yard.Bucket.MayList = false;
        Assert.True(yard.Bucket.Objects.TryRemove($"madang/library/{shown.Headers.ETag!.Tag.Trim('"')}", out _));
        await IsDrawn(admin, other);
        Assert.Equal(Made.Png(), await admin.Client.GetByteArrayAsync(CoverCalls.Path(book), Stop));
        yard.Bucket.MayList = true;
        await IsDrawn(admin, other);
    }

    [Fact]
    public async Task What_a_write_that_failed_left_in_the_bucket_goes_though_the_machine_that_brought_it_is_gone()
    {
        var admin = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        var book = (await admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        var before = yard.Bucket.Objects.Keys.ToHashSet();
        await Do(
            "CREATE TRIGGER broken BEFORE UPDATE OF removed_at ON book_covers WHEN NEW.removed_at IS NULL BEGIN SELECT RAISE(ABORT, 'broken'); END"
        );
        await admin.BringCover(book, Made.Png()).Is(HttpStatusCode.InternalServerError);
        await Do("DROP TRIGGER broken");
        var left = Assert.Single(yard.Bucket.Objects.Keys, key => !before.Contains(key));
        await Probe.Until(() => yard.Uploads().Count == 0);
        using var drawn = await admin.Client.GetAsync(CoverCalls.Path(book), Stop);
        Assert.Equal("image/svg+xml", drawn.Content.Headers.ContentType!.MediaType);

        yard.Clock.Advance(TimeSpan.FromHours(25));
        yard.Bucket.Forbidden = "DELETE";
        await Assert.ThrowsAsync<FilesUnavailableException>(() => yard.Get<CoverHousework>().Tidy(Stop));
        Assert.Contains(left, yard.Bucket.Objects.Keys);
        yard.Bucket.Forbidden = "";
        await yard.Get<CoverHousework>().Tidy(Stop);
        Assert.DoesNotContain(left, yard.Bucket.Objects.Keys);
    }

    private Task<int> Do(string text) => yard.Database.Write(sql => sql.Execute(text), Stop);

    private async Task<(Person Admin, long Book)> WithCover()
    {
        var admin = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        var book = (await admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        await admin.BringCover(book, Made.Png()).Is(HttpStatusCode.NoContent);
        return (admin, book);
    }

    /// <summary>Instead of the cover that somebody brought, and not to be kept.</summary>
    private static async Task IsDrawn(Person reader, long book)
    {
        using var answer = await reader.Client.GetAsync(CoverCalls.Path(book), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal((true, null), (answer.Headers.CacheControl!.NoStore, answer.Headers.ETag));
    }
}
