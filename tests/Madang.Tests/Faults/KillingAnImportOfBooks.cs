using System.Text;
using Madang.Tests.Library;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

public sealed class KillingAnImportOfBooks(BareSqlite bare) : KillingAnImport(bare), IClassFixture<BareSqlite>
{
    private protected override int Size => Form.Rounds(1_600, 6_000);

    private protected override int Rounds => Form.Rounds(1, 20);

    private protected override string What => "books";

    private protected override string Path => "/api/v1/books/imports";

    private protected override string Query => "?from=sheet";

    private protected override Task<int> Age(long id) =>
        Bare.Do("UPDATE book_imports SET updated_at = updated_at - 121000000 WHERE id = @id", new { id });

    private protected override byte[] File(int round) =>
        Encoding.UTF8.GetBytes(
            "제목,저자,ISBN,수량,태그\n"
                + string.Concat(
                    Enumerable
                        .Range(0, Size)
                        .Select(number =>
                            $"옮긴 책 {round} {number},김하늘,{LibraryCalls.IsbnOf((round * Size) + number)},{number % 3},\"옮김,w{number % 7}\"\n"
                        )
                )
        );

    /// <summary>No book is there twice, and each has its tags, its line in the ledger and its place in search.</summary>
    /// <returns>How many there are.</returns>
    private protected override async Task<long> AreWhole()
    {
        var count = await Bare.Ask<long>("SELECT count(*) FROM books");
        Assert.Equal(count, await Bare.Ask<long>("SELECT count(DISTINCT isbn_key) FROM books"));
        Assert.Equal(
            2 * count,
            await Bare.Ask<long>("SELECT count(*) FROM book_tags JOIN books ON books.id = book_id")
        );
        Assert.Equal(
            count,
            await Bare.Ask<long>(
                "SELECT count(*) FROM stock_changes JOIN books ON books.id = book_id AND stock = change AND kind = 'counted'"
            )
        );
        Assert.Equal(count, await Bare.Ask<long>("SELECT count(*) FROM book_grams WHERE book_grams MATCH 'axc62e'"));
        // What is told of lines is what was done.
        Assert.Equal(
            count,
            await Bare.Ask<long>(
                "SELECT count(*) FROM book_import_parts AS parts, json_each(parts.lines) AS line WHERE json_extract(line.value, '$.outcome') = 'added'"
            )
        );
        Assert.Equal("ok", await Bare.Ask<string>("SELECT group_concat(integrity_check) FROM pragma_integrity_check"));
        return count;
    }
}
