using Madang.Foundation.Data;
using Madang.Library.Lending;

namespace Madang.Library.Shelving;

/// <summary>Adds books by the hundred, as <see cref="BookStore"/> adds one, with a few statements for all of them.</summary>
internal static class ManyBooks
{
    /// <param name="sql">The write.</param>
    /// <param name="books">The books, each with an ISBN of its own.</param>
    /// <param name="actor">Who adds them; null for whoever keeps the machine.</param>
    /// <returns>The ids of those that were added, by the thirteen digits of their ISBN; one that is here already isn't.</returns>
    internal static async Task<Dictionary<string, long>> Add(Sql sql, IReadOnlyList<BookRow> books, long? actor)
    {
        if (books.Count == 0)
        {
            return [];
        }
        await IsbnTurn.AmongOthers(sql);
        var ids = sql.Dialect == Dialect.Sqlite ? await AddOneByOne(sql, books) : await AddAtOnce(sql, books);
        List<BookRow> added =
        [
            .. books
                .Where(book => ids.ContainsKey(Isbn.Key(book.Isbn)))
                .Select(book => book with { Id = ids[Isbn.Key(book.Isbn)] }),
        ];
        await BookIndex.Add(sql, added);
        await Ledger.WriteFirst(sql, [.. ids.Values], actor);
        return ids;
    }

    private static async Task<Dictionary<string, long>> AddOneByOne(Sql sql, IReadOnlyList<BookRow> books)
    {
        var before = await sql.Single<long>("SELECT coalesce(max(id), 0) FROM books");
        sql.ForEach(
            """
            INSERT INTO books (
                title, author, publisher, isbn, isbn_key, title_key, author_key, title_initials, author_initials, stock, published_at,
                created_at, updated_at
            )
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
            ON CONFLICT DO NOTHING
            """,
            books,
            (places, book) =>
            {
                var (titleKey, authorKey) = (Fold.Key(book.Title), Fold.Key(book.Author));
                places.Text(1, book.Title);
                places.Text(2, book.Author);
                PutText(places, 3, book.Publisher);
                places.Text(4, book.Isbn);
                places.Text(5, Isbn.Key(book.Isbn));
                places.Text(6, titleKey);
                places.Text(7, authorKey);
                places.Text(8, Initials.OfText(titleKey));
                places.Text(9, Initials.OfText(authorKey));
                places.Number(10, book.Stock);
                PutTime(places, 11, book.PublishedAt);
                places.Time(12, sql.Now);
            }
        );
        return (
            await sql.Rows(
                "SELECT isbn_key, id FROM books WHERE id > @before",
                new { before },
                row => (Key: row.Text(0), Id: row.Number(1))
            )
        ).ToDictionary(one => one.Key, one => one.Id, StringComparer.Ordinal);
    }

    /// <summary>
    /// Their ids are in the order in which they are given. They are written in the order of their ISBNs: of two that write the same books one
    /// waits for the other, and never each for the other.
    /// </summary>
    private static async Task<Dictionary<string, long>> AddAtOnce(Sql sql, IReadOnlyList<BookRow> books)
    {
        T[] Column<T>(Func<BookRow, T> of) => [.. books.Select(of)];
        return (
            await sql.Rows(
                """
                WITH given AS MATERIALIZED (
                    SELECT nextval(pg_get_serial_sequence('books', 'id')) AS id, listed.*
                    FROM unnest(
                        @Titles, @Authors, @Publishers, @Isbns, @IsbnKeys, @TitleKeys, @AuthorKeys, @TitleInitials, @AuthorInitials, @Stocks,
                        @Published
                    ) AS listed (
                        title, author, publisher, isbn, isbn_key, title_key, author_key, title_initials, author_initials, stock, published_at
                    )
                )
                INSERT INTO books (
                    id, title, author, publisher, isbn, isbn_key, title_key, author_key, title_initials, author_initials, stock, published_at,
                    created_at, updated_at
                )
                OVERRIDING SYSTEM VALUE
                SELECT
                    id, title, author, publisher, isbn, isbn_key, title_key, author_key, title_initials, author_initials, stock, published_at,
                    @Now, @Now
                FROM given
                ORDER BY isbn_key
                ON CONFLICT DO NOTHING
                RETURNING isbn_key, id
                """,
                new
                {
                    Titles = Column(book => book.Title),
                    Authors = Column(book => book.Author),
                    Publishers = Column(book => book.Publisher),
                    Isbns = Column(book => book.Isbn),
                    IsbnKeys = Column(book => Isbn.Key(book.Isbn)),
                    TitleKeys = Column(book => Fold.Key(book.Title)),
                    AuthorKeys = Column(book => Fold.Key(book.Author)),
                    TitleInitials = Column(book => Initials.OfText(Fold.Key(book.Title))),
                    AuthorInitials = Column(book => Initials.OfText(Fold.Key(book.Author))),
                    Stocks = Column(book => book.Stock),
                    Published = Column(book => book.PublishedAt?.UtcDateTime),
                    sql.Now,
                },
                row => (Key: row.Text(0), Id: row.Number(1))
            )
        ).ToDictionary(one => one.Key, one => one.Id, StringComparer.Ordinal);
    }

    private static void PutText(Places places, int place, string? text)
    {
        if (text is null)
        {
            places.Null(place);
            return;
        }
        places.Text(place, text);
    }

    private static void PutTime(Places places, int place, DateTimeOffset? time)
    {
        if (time is null)
        {
            places.Null(place);
            return;
        }
        places.Time(place, time.Value);
    }
}
