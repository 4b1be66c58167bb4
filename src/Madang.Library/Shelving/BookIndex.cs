using Madang.Foundation.Data;

namespace Madang.Library.Shelving;

/// <summary>Every line of SQL that keeps what books are found by: the single characters, pairs and triples of title and author, and of their initial consonants.</summary>
internal static class BookIndex
{
    /// <summary>In characters: Korean words and names are mostly of two or three, which the index then finds by itself.</summary>
    internal const int Longest = 3;

    /// <summary>Of the language in which FTS5 is asked.</summary>
    private const string And = " AND ";

    internal static Task<int> Add(Sql sql, BookRow book) =>
        sql.Dialect == Dialect.Sqlite
            ? sql.Execute(
                "INSERT INTO book_grams (rowid, grams) VALUES (@Id, @Grams)",
                new { book.Id, Grams = string.Join(' ', Grams(book)) }
            )
            : sql.Execute(
                "INSERT INTO book_grams (book_id, grams) VALUES (@Id, @Grams)",
                new { book.Id, Grams = Grams(book) }
            );

    /// <summary>The same for many at once.</summary>
    internal static async Task Add(Sql sql, IReadOnlyList<BookRow> books)
    {
        if (sql.Dialect == Dialect.Sqlite)
        {
            sql.ForEach(
                "INSERT INTO book_grams (rowid, grams) VALUES (?1, ?2)",
                books,
                (places, book) =>
                {
                    places.Number(1, book.Id);
                    places.Text(2, string.Join(' ', Grams(book)));
                }
            );
            return;
        }
        // An array of arrays would need them to be of one length.
        await sql.Execute(
            """
            INSERT INTO book_grams (book_id, grams)
            SELECT book_id, string_to_array(tokens, ' ') FROM unnest(@Ids, @Tokens) AS given (book_id, tokens)
            """,
            new
            {
                Ids = books.Select(book => book.Id).ToArray(),
                Tokens = books.Select(book => string.Join(' ', Grams(book))).ToArray(),
            }
        );
    }

    /// <summary>An FTS5 table that keeps no content is told what to forget; it must be just what it was given.</summary>
    internal static Task<int> Remove(Sql sql, BookRow book) =>
        sql.Dialect == Dialect.Sqlite
            ? sql.Execute(
                "INSERT INTO book_grams (book_grams, rowid, grams) VALUES ('delete', @Id, @Grams)",
                new { book.Id, Grams = string.Join(' ', Grams(book)) }
            )
            : sql.Execute("DELETE FROM book_grams WHERE book_id = @Id", new { book.Id });

    /// <summary>What a search asks of the index: a query of FTS5, or the tokens that a row must have.</summary>
    internal static (object? Grams, string[]? InTitle, string[]? InAuthor) Sought(Sql sql, BookFilter filter)
    {
        string[] both = [.. InTitles(filter.Title), .. InAuthors(filter.Author)];
        string[] title = [.. InTitles(filter.Either)];
        string[] author = [.. InAuthors(filter.Either)];
        if (sql.Dialect == Dialect.Postgres)
        {
            return (both, title, author);
        }
        var either = title.Length == 0 ? "" : $"(({string.Join(And, title)}) OR ({string.Join(And, author)}))";
        return (string.Join(And, either.Length == 0 ? both : both.Append(either)), null, null);
    }

    /// <summary>Makes the index anew, after a restore.</summary>
    internal static async Task Fill(Sql sql)
    {
        const int batch = 500;
        for (long last = 0; ; )
        {
            var books = await sql.Query<BookRow>(
                $"""
                SELECT {BookRow.Columns} FROM books
                WHERE deleted_at IS NULL AND id > @last
                ORDER BY id LIMIT @batch
                """,
                new { last, batch }
            );
            foreach (var book in books)
            {
                await Add(sql, book);
            }
            if (books.Count < batch)
            {
                return;
            }
            last = books[^1].Id;
        }
    }

    private static string[] Grams(BookRow book)
    {
        var (title, author) = (Fold.Key(book.Title), Fold.Key(book.Author));
        return
        [
            .. Bigrams.OfText(title, Longest).Select(token => $"a{token}"),
            .. Bigrams.OfText(author, Longest).Select(token => $"b{token}"),
            .. Bigrams.OfText(Initials.OfText(title), Longest).Select(token => $"c{token}"),
            .. Bigrams.OfText(Initials.OfText(author), Longest).Select(token => $"d{token}"),
        ];
    }

    private static IEnumerable<string> InTitles(Sought? sought) => Tokens(sought, "a", "c");

    private static IEnumerable<string> InAuthors(Sought? sought) => Tokens(sought, "b", "d");

    private static IEnumerable<string> Tokens(Sought? sought, string plain, string initials) =>
        sought is null
            ? []
            : Bigrams.OfQuery(sought.Text, Longest).Select(token => $"{(sought.IsInitials ? initials : plain)}{token}");
}

/// <summary>A part of a title or of an author's name that is sought.</summary>
/// <param name="Text">Folded; or initial consonants alone.</param>
/// <param name="IsInitials">Which of the two.</param>
internal sealed record Sought(string Text, bool IsInitials)
{
    /// <summary>Whether a text that has its token has the whole of it.</summary>
    internal bool IsInIndex { get; } = Text.EnumerateRunes().Count() <= BookIndex.Longest;

    /// <returns>Null when there is nothing to seek.</returns>
    internal static Sought? Of(string? query)
    {
        if (string.IsNullOrWhiteSpace(query))
        {
            return null;
        }
        var key = Fold.Key(query.Trim());
        return Initials.OfQuery(key) is { } initials ? new(initials, true) : new(key, false);
    }
}
