using System.Net;
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
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        await yard.Admin.BringCover(book, Made.Png()).Is(HttpStatusCode.NoContent);
        using var answer = await yard.Admin.Client.GetAsync(CoverCalls.Path(book), Stop);
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Made.Png(), await answer.Content.ReadAsByteArrayAsync(Stop));
        var key = $"madang/library/{answer.Headers.ETag!.Tag.Trim('"')}";
        Assert.Equal("image/png", yard.Bucket.Objects[key].Type);
        Assert.DoesNotContain(yard.Uploads(), file => file.Contains("library", StringComparison.Ordinal));

        await yard.Admin.Client.DeleteAsync($"/api/v1/books/{book}", Stop).Is(HttpStatusCode.NoContent);
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
        await admin.BringCover(book, Made.Png(5)).Is(HttpStatusCode.ServiceUnavailable);
        await admin.Client.GetAsync(CoverCalls.Path(book), Stop).Is(HttpStatusCode.ServiceUnavailable);
        yard.Bucket.IsAway = false;
        Assert.Equal(Made.Png(), await admin.Client.GetByteArrayAsync(CoverCalls.Path(book), Stop));
        // What could not be brought is thrown away once it is old.
        Assert.Contains(yard.Uploads(), file => file.StartsWith("new", StringComparison.Ordinal));
        foreach (var file in yard.Uploads())
        {
            File.SetLastWriteTimeUtc(
                Path.Combine(yard.Folder, "uploads", file),
                yard.Clock.GetUtcNow().UtcDateTime.AddHours(-25)
            );
        }
        await yard.Get<CoverHousework>().Tidy(Stop);
        Assert.Empty(yard.Uploads());
    }
}
