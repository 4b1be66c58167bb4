using System.Diagnostics;
using Madang.Foundation.Data;
using Madang.Library;
using Madang.Library.Shelving;

namespace Madang.HttpBench;

/// <summary>Fills a yard with books, whose titles are made of syllables of which some are frequent and most are rare, as in Korean.</summary>
internal static class FillLibrary
{
    /// <summary>Words that are in the titles of so many books each, however many books there are.</summary>
    internal const int RareWords = 50;
    internal const int BooksOfRareWord = 20;

    private const int Tags = 40;
    private const int Syllables = 300;
    private const int Batch = 20_000;

    internal static string RareWord(int number) =>
        $"{Syllable(40 + number)}{Syllable(90 - number)}{Syllable(120 + number)}";

    /// <summary>A word that is in every hundredth title.</summary>
    internal const string FrequentWord = "단풍길";

    /// <summary>Makes a yard with so many books, each with two tags.</summary>
    internal static async Task Prepare(string published, string data, int books)
    {
        var watch = Stopwatch.StartNew();
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={data}"))
        {
            await Users.SignUp(server);
        }
        await using var db = Open(data);
        await db.Write(
            sql =>
                sql.Execute(
                    """
                    INSERT INTO tags (name, name_key, created_at)
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @Tags)
                    SELECT '갈래 ' || n, '갈래 ' || n, @Now FROM numbers
                    """,
                    new { Tags, sql.Now }
                ),
            default
        );
        var random = new Random(1);
        for (var first = 0; first < books; first += Batch)
        {
            var batch = Enumerable
                .Range(first, Math.Min(Batch, books - first))
                .Select(number => Book(number, books, random))
                .ToList();
            await db.Write(sql => Add(sql, batch), default);
        }
        Console.Error.WriteLine($"{books:N0} books: {watch.Elapsed.TotalSeconds:F0} s");
    }

    internal static Database Open(string data) =>
        Database.OpenSqlite(Path.Combine(data, "madang.db"), null, TimeProvider.System, TimeSpan.FromMinutes(5));

    private static async Task<int> Add(Sql sql, List<BookRow> books)
    {
        foreach (var book in books)
        {
            await sql.Execute(
                """
                INSERT INTO books (
                    id, title, author, publisher, isbn, isbn_key, title_key, author_key, title_initials, author_initials, stock, published_at,
                    created_at, updated_at
                )
                VALUES (
                    @Id, @Title, @Author, @Publisher, @Isbn, @IsbnKey, @TitleKey, @AuthorKey, @TitleInitials, @AuthorInitials, @Stock,
                    @PublishedAt, @Now, @Now
                )
                """,
                book.Values(sql)
            );
        }
        await BookIndex.Add(sql, books);
        var (least, most) = (books[0].Id, books[^1].Id);
        await sql.Execute(
            """
            INSERT INTO stock_changes (book_id, actor_id, kind, change, at)
            SELECT id, 1, 'counted', stock, @Now FROM books WHERE id BETWEEN @least AND @most
            """,
            new
            {
                least,
                most,
                sql.Now,
            }
        );
        return await sql.Execute(
            """
            INSERT INTO book_tags (book_id, tag_id, place)
            SELECT id, 1 + id % @Tags, 0 FROM books WHERE id BETWEEN @least AND @most
            UNION ALL
            SELECT id, 1 + (id * 7 + 1 + id / @Tags) % @Tags, 1 FROM books
            WHERE id BETWEEN @least AND @most AND (id * 7 + 1 + id / @Tags) % @Tags <> id % @Tags
            UNION ALL
            SELECT id, 1 + (id + 1) % @Tags, 1 FROM books
            WHERE id BETWEEN @least AND @most AND (id * 7 + 1 + id / @Tags) % @Tags = id % @Tags
            ORDER BY 1, 2
            """,
            new
            {
                Tags,
                least,
                most,
            }
        );
    }

    private static BookRow Book(int number, int all, Random random)
    {
        var stride = all / BooksOfRareWord;
        var rare = number % stride < RareWords ? $" {RareWord(number % stride)}" : "";
        var frequent = number % 100 == 99 ? $" {FrequentWord}" : "";
        return new()
        {
            Id = number + 1,
            Title = $"{Word(random)} {Word(random)}{rare}{frequent} {Word(random)} {number % 30}",
            Author = $"{Syllable(number * 31)}{Word(random)}",
            Publisher = $"마당 출판 {number % 200}",
            Isbn = IsbnOf(number),
            Stock = number % 5,
            PublishedAt = DateTimeOffset.UnixEpoch.AddDays(number % 20_000),
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
    }

    private static string IsbnOf(int number) =>
        Enumerable.Range(0, 10).Select(last => $"97911{number:D7}{last}").First(isbn => Isbn.Plain(isbn) is not null);

    /// <summary>Two or three syllables, the frequent ones more often.</summary>
    private static string Word(Random random)
    {
        var word = "";
        for (var left = random.Next(2, 4); left > 0; left--)
        {
            var one = random.NextDouble();
            word += Syllable((int)(one * one * Syllables));
        }
        return word;
    }

    private static char Syllable(int number) => (char)('가' + (number * 37 % Syllables * 37));
}
