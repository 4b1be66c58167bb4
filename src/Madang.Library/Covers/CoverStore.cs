using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Http;
using Madang.Library.Shelving;
using Microsoft.AspNetCore.Http;

namespace Madang.Library.Covers;

/// <summary>A cover as pages show it.</summary>
/// <param name="Url">Its address, with what tells it from the one before: so it may be kept.</param>
/// <param name="IsBrought">Whether somebody brought it; else it is drawn from the title and the author.</param>
public sealed record Cover(string Url, bool IsBrought);

/// <summary>A cover that somebody brought, as the database has it.</summary>
internal sealed record CoverRow
{
    internal const string Columns = "id, book_id, media_type, bytes";

    /// <summary>The name of its file.</summary>
    public required string Id { get; init; }
    public required long BookId { get; init; }
    public required string MediaType { get; init; }
    public required long Bytes { get; init; }
}

/// <summary>Keeping and finding covers: their rows, and their files by <see cref="KeptFiles"/>.</summary>
public sealed class CoverStore(Database db, FileStore files, KeptFiles kept)
{
    /// <summary>The folder of these files.</summary>
    internal const string Room = "library";

    /// <summary>5 MiB.</summary>
    internal const long MostBytes = 5 * 1024 * 1024;

    /// <returns>The addresses of the covers of some books, by the book.</returns>
    internal async Task<IReadOnlyDictionary<long, string>> Of(IReadOnlyList<Book> books, CancellationToken stop)
    {
        var ids = books.Select(book => book.BookId).ToArray();
        var brought = (
            ids.Length == 0
                ? []
                : await db.Read(
                    sql =>
                        sql.Query<CoverRow>(
                            $"""
                            SELECT {CoverRow.Columns} FROM book_covers
                            WHERE {sql.In("book_id", "@ids")} AND removed_at IS NULL
                            """,
                            new { ids }
                        ),
                    stop
                )
        ).ToDictionary(row => row.BookId);
        return books.ToDictionary(
            book => book.BookId,
            book => $"/api/v1/books/{book.BookId}/cover?v={Version(book, brought.GetValueOrDefault(book.BookId))}"
        );
    }

    internal async Task<Cover> Of(Book book, CancellationToken stop)
    {
        var row = await Find(book.BookId, stop);
        return new($"/api/v1/books/{book.BookId}/cover?v={Version(book, row)}", row is not null);
    }

    /// <returns>The cover that somebody brought for a book, or null.</returns>
    internal Task<CoverRow?> Find(long book, CancellationToken stop) => db.Read(sql => Find(sql, book), stop);

    /// <returns>What tells a cover from the book's others: it stands in its address and is its ETag.</returns>
    internal static string Version(Book book, CoverRow? brought) =>
        brought?.Id ?? GeneratedCover.Version(book.Title, book.Author);

    /// <returns>The file, or null when it is not there, or can't be had now: then the folder is not whole, or the bucket is away.</returns>
    internal async Task<KeptFile?> Open(CoverRow cover, CancellationToken stop)
    {
        try
        {
            return await kept.Open(Room, cover.Id, stop);
        }
        catch (FilesUnavailableException)
        {
            // It is told in the log by whom it befell; a shelf without pictures would tell its readers less than drawn ones.
            return null;
        }
    }

    /// <summary>Checks a picture and makes it the cover of a book, in the place of the one before.</summary>
    /// <returns>Null when it is, else why not.</returns>
    internal async Task<Refused?> Keep(long book, Stream body, Precondition ifMatch, CancellationToken stop)
    {
        var (arrived, fault) = await ArrivedPicture.Receive(files, Room, body, MostBytes, stop);
        using (arrived)
        {
            if (arrived is null || arrived.Facts.MediaType == "image/gif")
            {
                return Refusal(arrived is null ? fault : PictureFault.NotAPicture);
            }
            var refused = await db.Write(sql => Announce(sql, book, arrived, ifMatch), stop);
            if (refused is not null)
            {
                return refused;
            }
            try
            {
                await kept.Bring(Room, arrived.Name, arrived.Facts.MediaType, stop);
            }
            catch (FilesUnavailableException)
            {
                return new(StatusCodes.Status503ServiceUnavailable, "library.cover.away", LibraryWords.Say);
            }
            refused = await arrived.Until(db.Write(sql => Show(sql, book, arrived.Name, ifMatch), stop));
            if (refused is null)
            {
                arrived.Leave();
                kept.Place(Room, arrived.Name);
            }
            return refused;
        }
    }

    /// <summary>Takes a book's cover away: it has the one that is drawn again.</summary>
    /// <returns>Null when it has none any more, else why not.</returns>
    internal Task<Refused?> Remove(long book, Precondition ifMatch, CancellationToken stop) =>
        db.Write<Refused?>(
            async sql =>
            {
                if (await Refusal(sql, book, ifMatch) is { } refused)
                {
                    return refused;
                }
                await RemoveOf(sql, book);
                return null;
            },
            stop
        );

    /// <summary>Takes the cover of a book away that is changed or deleted.</summary>
    internal static Task<int> RemoveOf(Sql sql, long book) =>
        sql.Execute(
            "UPDATE book_covers SET removed_at = @Now WHERE book_id = @book AND removed_at IS NULL",
            new { book, sql.Now }
        );

    private static Task<CoverRow?> Find(Sql sql, long book) =>
        sql.First<CoverRow>(
            $"SELECT {CoverRow.Columns} FROM book_covers WHERE book_id = @book AND removed_at IS NULL",
            new { book }
        );

    /// <summary>
    /// Writes the row of a cover that is on its way as that of one that was removed: should it go no further, the housework finds its file
    /// by this, wherever that is.
    /// </summary>
    private static async Task<Refused?> Announce(Sql sql, long book, ArrivedPicture arrived, Precondition ifMatch)
    {
        if (await Refusal(sql, book, ifMatch) is { } refused)
        {
            return refused;
        }
        await sql.Execute(
            """
            INSERT INTO book_covers (id, book_id, media_type, width, height, bytes, created_at, removed_at)
            VALUES (@Name, @book, @MediaType, @Width, @Height, @Bytes, @Now, @Now)
            """,
            new
            {
                arrived.Name,
                book,
                arrived.Facts.MediaType,
                arrived.Facts.Width,
                arrived.Facts.Height,
                arrived.Bytes,
                sql.Now,
            }
        );
        return null;
    }

    /// <summary>Makes a cover whose file is where it is kept the book's, in the place of the one before.</summary>
    private static async Task<Refused?> Show(Sql sql, long book, string name, Precondition ifMatch)
    {
        if (await Refusal(sql, book, ifMatch) is { } refused)
        {
            return refused;
        }
        await RemoveOf(sql, book);
        return await sql.Execute("UPDATE book_covers SET removed_at = NULL WHERE id = @name", new { name }) == 1
            ? null
            : throw new InvalidOperationException("A cover was removed before it was brought.");
    }

    /// <summary>That there is no such book, or that its cover is another by now. The book is held until the write ends.</summary>
    private static async Task<Refused?> Refusal(Sql sql, long id, Precondition ifMatch)
    {
        var isThere = await sql.First<long?>(
            $"SELECT id FROM books WHERE id = @id AND deleted_at IS NULL {sql.For("", "FOR NO KEY UPDATE")}",
            new { id }
        );
        return isThere is null || await BookLists.Find(sql, id) is not { } book ? new(StatusCodes.Status404NotFound)
            : ifMatch.AllowsTag($"\"{Version(book, await Find(sql, id))}\"") ? null
            : new(StatusCodes.Status412PreconditionFailed);
    }

    private static Refused Refusal(PictureFault fault) =>
        fault switch
        {
            PictureFault.TooLarge => new(
                StatusCodes.Status413PayloadTooLarge,
                "library.cover.too_large",
                LibraryWords.Say
            ),
            PictureFault.NotAPicture => new(
                StatusCodes.Status415UnsupportedMediaType,
                "library.cover.unknown",
                LibraryWords.Say
            ),
            PictureFault.TooManyPixels => new(
                StatusCodes.Status400BadRequest,
                "library.cover.too_many_pixels",
                LibraryWords.Say
            ),
            _ => new(StatusCodes.Status400BadRequest, "library.cover.broken", LibraryWords.Say),
        };
}
