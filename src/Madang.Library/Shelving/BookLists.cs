using Madang.Foundation.Data;

namespace Madang.Library.Shelving;

/// <summary>Every line of SQL that reads books.</summary>
public sealed class BookLists(Database db)
{
    internal Task<Book?> Find(long id, CancellationToken stop) => db.Read(sql => Find(sql, id), stop);

    /// <returns>The book as it stands in this transaction; null when there is none.</returns>
    internal static async Task<Book?> Find(Sql sql, long id) =>
        await Row(sql, id) is { } row ? row.With([.. (await TagsOf(sql, [id]))[id]]) : null;

    internal static Task<BookRow?> Row(Sql sql, long id) =>
        sql.First<BookRow>($"SELECT {BookRow.Columns} FROM books WHERE id = @id AND deleted_at IS NULL", new { id });

    /// <returns>How many there are in all, and those of one page.</returns>
    internal Task<(long Count, List<Book> Books)> List(
        BookFilter filter,
        long offset,
        int size,
        CancellationToken stop
    ) =>
        // How many there are, the books and their tags, as they were together.
        db.ReadAtOneMoment(
            async sql =>
            {
                var values = Values(sql, filter, offset, size);
                var count = await Count(sql, filter, values);
                if (offset >= count)
                {
                    return (count, []);
                }
                return (count, await Page(sql, filter, values));
            },
            stop
        );

    /// <returns>How many there are.</returns>
    internal Task<long> Count(BookFilter filter, CancellationToken stop) =>
        db.Read(sql => Count(sql, filter, Values(sql, filter, 0, 0)), stop);

    /// <returns>Some books of a list, without how many there are.</returns>
    internal Task<List<Book>> Some(BookFilter filter, long offset, int most, CancellationToken stop) =>
        db.Read(sql => Page(sql, filter, Values(sql, filter, offset, most)), stop);

    /// <returns>The tags of some books, by the book.</returns>
    internal static async Task<ILookup<long, Tag>> TagsOf(Sql sql, IReadOnlyCollection<long> books)
    {
        var (first, last) = books.Count == 0 ? (0, 0) : (books.Min(), books.Max());
        // The books of a page often stand side by side; to read a few others' tags too takes less than to seek each book's.
        var areNeighbours = last - first < 2 * books.Count;
        object values = areNeighbours ? new { first, last } : new { Books = Listed(sql, books) };
        var given = await sql.Rows(
            areNeighbours
                ? """
                SELECT book_id, tag_id FROM book_tags
                WHERE book_id BETWEEN @first AND @last
                ORDER BY book_id, place
                """
                : $"""
                SELECT book_id, tag_id FROM book_tags
                WHERE {sql.For("book_id IN (SELECT value FROM json_each(@Books))", "book_id = ANY (@Books)")}
                ORDER BY book_id, place
                """,
            values,
            row => (Book: row.Number(0), Tag: row.Number(1))
        );
        // A list has few different ones: to look each up but once takes less than to join them.
        var tags = given.Count == 0 ? [] : await Tags(sql, given.Select(one => one.Tag).Distinct());
        // Where no moment is held, one may have been deleted between the two.
        return given.Where(one => tags.ContainsKey(one.Tag)).ToLookup(one => one.Book, one => tags[one.Tag]);
    }

    private static async Task<Dictionary<long, Tag>> Tags(Sql sql, IEnumerable<long> ids) =>
        (
            await sql.Rows(
                $"""
                SELECT id, name FROM tags
                WHERE {sql.For("id IN (SELECT value FROM json_each(@Ids))", "id = ANY (@Ids)")}
                """,
                new { Ids = Listed(sql, ids) },
                row => new Tag(row.Number(0), row.Text(1))
            )
        ).ToDictionary(tag => tag.TagId);

    /// <returns>Numbers as one value: as many parameters would be another text for SQLite to prepare for each length of a list.</returns>
    private static object Listed(Sql sql, IEnumerable<long> numbers) =>
        sql.Dialect == Dialect.Sqlite ? $"[{string.Join(',', numbers)}]" : numbers.ToArray();

    private static Task<long> Count(Sql sql, BookFilter filter, object values) =>
        sql.Single<long>(
            filter.IsInIndexAlone
                ? $"SELECT count(*) FROM book_grams WHERE {Matched(sql, filter)}"
                : $"""
                SELECT count(*) FROM books {Searched(sql, filter)}
                WHERE deleted_at IS NULL {Contained(sql, filter)} {Tagged(sql, filter)}
                """,
            values
        );

    private static async Task<List<Book>> Page(Sql sql, BookFilter filter, object values)
    {
        var rows = await sql.Rows(
            $"""
            SELECT {BookRow.Columns} FROM books {Searched(sql, filter)}
            WHERE deleted_at IS NULL {Contained(sql, filter)} {Tagged(sql, filter)}
            ORDER BY {Ordered(sql, filter)}
            LIMIT @size OFFSET @offset
            """,
            values,
            BookRow.Of
        );
        var tags = await TagsOf(sql, rows.ConvertAll(row => row.Id));
        return rows.ConvertAll(row => row.With([.. tags[row.Id]]));
    }

    private static object Values(Sql sql, BookFilter filter, long offset, int size)
    {
        var (grams, inTitle, inAuthor) = BookIndex.Sought(sql, filter);
        return new
        {
            Grams = grams,
            InTitle = inTitle,
            InAuthor = inAuthor,
            Title = filter.Title?.Text,
            Author = filter.Author?.Text,
            Either = filter.Either?.Text,
            Tags = filter.Tags.ToArray(),
            Needed = filter.NeedsAllTags ? filter.Tags.Count : 1,
            offset,
            size,
        };
    }

    private static string Searched(Sql sql, BookFilter filter) =>
        filter.Seeks
            ? $"JOIN book_grams ON book_grams.{sql.For("rowid", "book_id")} = books.id AND {Matched(sql, filter)}"
            : "";

    private static string Matched(Sql sql, BookFilter filter) =>
        filter.Either is null
            ? sql.For("book_grams MATCH @Grams", "grams @> @Grams")
            : sql.For("book_grams MATCH @Grams", "grams @> @Grams AND (grams @> @InTitle OR grams @> @InAuthor)");

    /// <summary>The index gives the candidates; the text itself decides, unless the index has all of what is sought.</summary>
    private static string Contained(Sql sql, BookFilter filter) =>
        $"{Titled(sql, filter.Title)} {Written(sql, filter.Author)} {Either(sql, filter.Either)}";

    private static string Titled(Sql sql, Sought? title) =>
        title switch
        {
            null or { IsInIndex: true } => "",
            { IsInitials: true } => $"AND {sql.Contains("title_initials", "@Title")}",
            _ => $"AND {sql.Contains("title_key", "@Title")}",
        };

    private static string Written(Sql sql, Sought? author) =>
        author switch
        {
            null or { IsInIndex: true } => "",
            { IsInitials: true } => $"AND {sql.Contains("author_initials", "@Author")}",
            _ => $"AND {sql.Contains("author_key", "@Author")}",
        };

    private static string Either(Sql sql, Sought? either) =>
        either switch
        {
            null or { IsInIndex: true } => "",
            { IsInitials: true } =>
                $"AND ({sql.Contains("title_initials", "@Either")} OR {sql.Contains("author_initials", "@Either")})",
            _ => $"AND ({sql.Contains("title_key", "@Either")} OR {sql.Contains("author_key", "@Either")})",
        };

    private static string Tagged(Sql sql, BookFilter filter) =>
        filter.Tags.Count == 0
            ? ""
            : $"""
                AND books.id IN (
                    SELECT book_id FROM book_tags WHERE {sql.In("tag_id", "@Tags")}
                    GROUP BY book_id HAVING count(*) >= @Needed
                )
                """;

    /// <summary>Where nobody knows when a book was published, it was before all others, on either database.</summary>
    private static string Ordered(Sql sql, BookFilter filter) =>
        filter.Order switch
        {
            BookOrder.Title => "title_key, books.id",
            BookOrder.TitleDown => "title_key DESC, books.id DESC",
            BookOrder.Published => "published_at NULLS FIRST, books.id",
            BookOrder.PublishedDown => "published_at DESC NULLS LAST, books.id DESC",
            // The index gives its rows in their order when it is asked by its own name for it, so that the first ones are all that is read.
            _ => filter.Seeks ? sql.For("book_grams.rowid DESC", "books.id DESC") : "books.id DESC",
        };
}
