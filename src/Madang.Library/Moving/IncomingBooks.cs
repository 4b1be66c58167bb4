using Madang.Foundation.Accounts;
using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Library.Shelving;
using Madang.Library.Tagging;

namespace Madang.Library.Moving;

/// <summary>What becomes of a line, or of a record.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Outcome"><c>added</c>, <c>present</c> or <c>refused</c>.</param>
/// <param name="Title">The book's title, as far as it is known.</param>
/// <param name="Isbn">Its ISBN, or what stands in its place; or null.</param>
/// <param name="Reason">Why it is refused: <c>no_title</c>, <c>no_author</c>, <c>no_isbn</c>, <c>bad_isbn</c>, <c>too_long</c>, <c>bad_date</c>,
/// <c>bad_stock</c>, <c>bad_tag</c>, <c>not_text</c>, <c>unknown_encoding</c>, <c>broken_record</c> or <c>deleted_record</c>; or null.</param>
public sealed record BookImportLine(int Line, string Outcome, string Title, string? Isbn, string? Reason);

/// <summary>Takes books in by the hundred, with their tags; <see cref="ManyBooks"/> writes the books themselves.</summary>
public sealed class IncomingBooks(Database db, TwoLevelCache cache)
{
    internal const string Added = "added";
    internal const string Present = "present";
    internal const string Refused = "refused";

    /// <summary>Tells what would become of them, and writes nothing.</summary>
    /// <param name="books">The books.</param>
    /// <param name="seen">The numbers of those that came before in the same file.</param>
    /// <param name="stop">Ends it.</param>
    internal async Task<List<BookImportLine>> Try(
        IReadOnlyList<IncomingBook> books,
        HashSet<string> seen,
        CancellationToken stop
    )
    {
        var lines = await db.Read(sql => Judge(sql, books, seen), stop);
        seen.UnionWith(books.Zip(lines).Where(pair => pair.Second.Outcome == Added).Select(pair => pair.First.Key));
        return lines;
    }

    /// <summary>Takes in those that aren't here, each whole, all in one write together with what <paramref name="also"/> writes.</summary>
    internal Task<List<BookImportLine>> Add(
        long? actor,
        IReadOnlyList<IncomingBook> books,
        Func<Sql, List<BookImportLine>, Task> also,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                if (actor is { } person)
                {
                    await sql.MustStand(person);
                }
                var lines = await Judge(sql, books, []);
                var rows = books
                    .Zip(lines)
                    .Where(pair => pair.Second.Outcome == Added)
                    .Select(pair => (Book: pair.First, Row: RowOf(pair.First, sql.Now)))
                    .ToList();
                var ids = await ManyBooks.Add(sql, rows.ConvertAll(one => one.Row), actor);
                var made = rows.Where(one => ids.ContainsKey(one.Book.Key)).ToList();
                await Sort(sql, made.ConvertAll(one => (ids[one.Book.Key], one.Book.Tags)));
                // On PostgreSQL somebody may have added the same book since it was looked for.
                var keys = rows.Where(one => !ids.ContainsKey(one.Book.Key)).Select(one => one.Book.Line).ToHashSet();
                lines = lines.ConvertAll(line => keys.Contains(line.Line) ? line with { Outcome = Present } : line);
                await also(sql, lines);
                if (made.Count > 0)
                {
                    await cache.Touch(sql, BookPages.Books, BookPages.Catalogue);
                }
                return lines;
            },
            stop
        );

    private static async Task<List<BookImportLine>> Judge(
        Sql sql,
        IReadOnlyList<IncomingBook> books,
        HashSet<string> seen
    )
    {
        var here = (
            await sql.Query<string>(
                $"SELECT isbn_key FROM books WHERE {sql.In("isbn_key", "@keys")} AND deleted_at IS NULL",
                new { keys = books.Select(book => book.Key).ToArray() }
            )
        ).ToHashSet();
        var now = new HashSet<string>(StringComparer.Ordinal);
        var lines = new List<BookImportLine>(books.Count);
        foreach (var book in books)
        {
            var isNew = !here.Contains(book.Key) && !seen.Contains(book.Key) && now.Add(book.Key);
            lines.Add(new(book.Line, isNew ? Added : Present, RawBook.Told(book.Title), book.Isbn, null));
        }
        return lines;
    }

    /// <summary>Gives books their tags, by name; those that are missing are made.</summary>
    private static async Task Sort(Sql sql, List<(long Book, IReadOnlyList<string> Tags)> books)
    {
        var names = books.SelectMany(book => book.Tags).DistinctBy(Fold.Key).ToDictionary(Fold.Key);
        if (names.Count == 0)
        {
            return;
        }
        var keys = names.Keys.Order(StringComparer.Ordinal).ToArray();
        var known = await Tags(sql, keys);
        var missing = keys.Where(key => !known.ContainsKey(key)).ToList();
        var made = await TagStore.IdsOf(sql, missing.ConvertAll(key => names[key]));
        foreach (var (key, tag) in missing.Zip(made))
        {
            known.Add(key, tag.Id);
        }
        var rows = books
            .SelectMany(book =>
                book.Tags.Select(
                    (tag, place) => (book.Book, Tag: known.GetValueOrDefault(Fold.Key(tag)), Place: (long)place)
                )
            )
            .ToList();
        if (sql.Dialect == Dialect.Sqlite)
        {
            sql.ForEach(
                "INSERT INTO book_tags (book_id, tag_id, place) VALUES (?1, ?2, ?3)",
                rows,
                (places, row) =>
                {
                    places.Number(1, row.Book);
                    places.Number(2, row.Tag);
                    places.Number(3, row.Place);
                }
            );
            return;
        }
        // A tag that is deleted meanwhile is no tag of these books either.
        await sql.Execute(
            """
            INSERT INTO book_tags (book_id, tag_id, place)
            SELECT given.book_id, tags.id, given.place
            FROM unnest(@Books, @Tags, @Places) AS given (book_id, tag_id, place)
            JOIN tags ON tags.id = given.tag_id
            FOR KEY SHARE OF tags
            """,
            new
            {
                Books = rows.Select(row => row.Book).ToArray(),
                Tags = rows.Select(row => row.Tag).ToArray(),
                Places = rows.Select(row => row.Place).ToArray(),
            }
        );
    }

    private static async Task<Dictionary<string, long>> Tags(Sql sql, string[] keys) =>
        (
            await sql.Rows(
                $"SELECT name_key, id FROM tags WHERE {sql.In("name_key", "@keys")}",
                new { keys },
                row => (Key: row.Text(0), Id: row.Number(1))
            )
        ).ToDictionary(one => one.Key, one => one.Id, StringComparer.Ordinal);

    private static BookRow RowOf(IncomingBook book, DateTimeOffset now) =>
        new()
        {
            Id = 0,
            Title = book.Title,
            Author = book.Author,
            Publisher = book.Publisher,
            Isbn = book.Isbn,
            Stock = book.Stock,
            PublishedAt = book.PublishedAt,
            CreatedAt = now,
            UpdatedAt = now,
        };
}
