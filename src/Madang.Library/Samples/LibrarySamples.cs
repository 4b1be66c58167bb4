using Madang.Foundation.Data;
using Madang.Foundation.Samples;
using Madang.Library.Shelving;
using Madang.Library.Tagging;
using Microsoft.AspNetCore.Http;

namespace Madang.Library.Samples;

/// <summary>
/// Sample books and what was lent of them, made by the same stores as any other, so that stock, ledger and index agree; then dated back.
/// A catalogue is everybody's, so samples are too: <c>library_samples</c> names them, whoever they were added for.
/// </summary>
internal sealed class LibrarySamples(
    Database db,
    BookStore books,
    SampleHistory history,
    SampleRemoval removal,
    TimeProvider clock
) : ISampleSource
{
    /// <summary>Few enough that no write takes long, and that others get their turn soon.</summary>
    private const int BatchSize = 20;

    private const int MostTries = 3;

    /// <inheritdoc />
    public Task<SampleState> State(long user, CancellationToken stop) =>
        db.Read(
            async sql =>
                await sql.Single<string>(
                    """
                    SELECT CASE
                    WHEN EXISTS (SELECT 1 FROM library_samples) THEN 'samples'
                    WHEN EXISTS (SELECT 1 FROM books WHERE deleted_at IS NULL) THEN 'own'
                    ELSE 'nothing' END
                    """
                ) switch
                {
                    "samples" => SampleState.HasSamples,
                    "own" => SampleState.OwnOnly,
                    _ => SampleState.Empty,
                },
            stop
        );

    /// <inheritdoc />
    public async Task<int> Add(
        IReadOnlyList<SamplePerson> people,
        SampleSize size,
        Action<int, int> progress,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(progress);
        var now = clock.GetUtcNow();
        var all = SampleBooks.Of(people, size, now);
        var (done, added) = (0, 0);
        foreach (var batch in all.Chunk(BatchSize))
        {
            added += await AddBooks(batch, people[0].Id, stop);
            progress(done += batch.Length, all.Count);
        }
        await history.Add(all, people, size, now, stop);
        return added;
    }

    /// <inheritdoc />
    public Task<int> Remove(long user, CancellationToken stop) => removal.Run(user, stop);

    /// <summary>Again, where somebody has just deleted one of the tags.</summary>
    private async Task<int> AddBooks(SampleBook[] batch, long actor, CancellationToken stop)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await db.Write(sql => AddBooks(sql, batch, actor), stop) is { } added)
            {
                return added;
            }
        }
        throw new InvalidOperationException("Sample books can't be added: their tags are deleted again and again.");
    }

    /// <returns>How many were added; null when they can't be now, and none is.</returns>
    private async Task<int?> AddBooks(Sql sql, SampleBook[] batch, long actor)
    {
        await Thing.TakeTurn(sql);
        await IsbnTurn.AmongOthers(sql);
        var here = (
            await sql.Query<string>(
                $"SELECT isbn_key FROM books WHERE {sql.In("isbn_key", "@keys")} AND deleted_at IS NULL",
                new { keys = batch.Select(book => book.Isbn).ToArray() }
            )
        ).ToHashSet();
        var missing = Array.FindAll(batch, book => !here.Contains(book.Isbn));
        var tags = await TagsOf(sql, missing);
        var added = 0;
        foreach (var sample in missing)
        {
            var (book, refused) = await books.Add(
                sql,
                new BookInput
                {
                    Isbn = sample.Isbn,
                    Title = sample.Title,
                    Author = sample.Author,
                    Publisher = sample.Publisher,
                    PublishedAt = sample.PublishedAt,
                    Stock = sample.Stock,
                    Tags = [.. sample.Tags.Select(tag => tags[tag])],
                },
                actor
            );
            if (book is null)
            {
                if (refused?.StatusCode == StatusCodes.Status409Conflict)
                {
                    // Somebody else has just added it.
                    continue;
                }
                sql.RollBack();
                return null;
            }
            added++;
            await Thing.Note(sql, Thing.Book, book.BookId);
            await sql.Execute(
                "UPDATE books SET created_at = @AddedAt, updated_at = @AddedAt WHERE id = @BookId",
                new { sample.AddedAt, book.BookId }
            );
            await sql.Execute(
                "UPDATE stock_changes SET at = @AddedAt WHERE book_id = @BookId",
                new { sample.AddedAt, book.BookId }
            );
        }
        return added;
    }

    /// <returns>The tags of some books by their names; those that were missing are made, and noted.</returns>
    private static async Task<Dictionary<string, TagId>> TagsOf(Sql sql, SampleBook[] samples)
    {
        string[] names = [.. samples.SelectMany(book => book.Tags).Distinct()];
        var here = (
            await sql.Query<string>(
                $"SELECT name_key FROM tags WHERE {sql.In("name_key", "@keys")}",
                new { keys = names.Select(Fold.Key).ToArray() }
            )
        ).ToHashSet();
        var ids = await TagStore.IdsOf(sql, names);
        foreach (var (name, id) in names.Zip(ids).Where(pair => !here.Contains(Fold.Key(pair.First))))
        {
            await Thing.Note(sql, Thing.Tag, id.Id);
        }
        return names.Zip(ids).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
