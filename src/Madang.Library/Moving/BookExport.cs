using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Shelving;

namespace Madang.Library.Moving;

/// <summary>Writes books out as they are read, a few at a time: an export takes no more memory than one of these parts.</summary>
public sealed class BookExport(Database db, ContractJson json)
{
    private const int Batch = 500;

    /// <summary>Writes RFC 4180 in UTF-8, with the mark at its beginning by which spreadsheets know it.</summary>
    internal async Task WriteCsv(Stream to, Action? step, CancellationToken stop)
    {
        await using var csv = CsvWriter.Create(
            to,
            CsvWriterOptions.Default with
            {
                WriteByteOrderMark = true,
            },
            leaveOpen: true
        );
        await csv.WriteRecordAsync(MovedBook.Columns, stop);
        await foreach (var book in All(stop))
        {
            await csv.WriteRecordAsync(Of(book).Fields, stop);
            step?.Invoke();
        }
    }

    /// <summary>Writes one JSON text, the books under <c>books</c>.</summary>
    internal async Task WriteJson(Stream to, Action? step, CancellationToken stop)
    {
        var separator = "{\"books\":[\n";
        await foreach (var book in All(stop))
        {
            await to.WriteAsync(Encoding.UTF8.GetBytes(separator), stop);
            await to.WriteAsync(json.Bytes(Of(book)), stop);
            separator = ",\n";
            step?.Invoke();
        }
        await to.WriteAsync(Encoding.UTF8.GetBytes(separator == ",\n" ? "\n]}\n" : "{\"books\":[]}\n"), stop);
    }

    /// <summary>Writes MARC 21 records in UTF-8 (ISO 2709), one after the other.</summary>
    internal async Task WriteMarc(Stream to, Action? step, CancellationToken stop)
    {
        await foreach (var book in All(stop))
        {
            await to.WriteAsync(MarcWriter.Write(book), stop);
            step?.Invoke();
        }
    }

    /// <summary>Writes in the format of this name: <c>csv</c>, <c>json</c> or <c>marc</c>.</summary>
    internal Task Write(string format, Stream to, Action? step, CancellationToken stop) =>
        format switch
        {
            "json" => WriteJson(to, step, stop),
            "marc" => WriteMarc(to, step, stop),
            _ => WriteCsv(to, step, stop),
        };

    /// <returns>How many books an export has.</returns>
    internal Task<long> Count(CancellationToken stop) =>
        db.Read(sql => sql.Single<long>("SELECT count(*) FROM books WHERE deleted_at IS NULL"), stop);

    /// <returns>In the order in which they were added.</returns>
    private async IAsyncEnumerable<Book> All([EnumeratorCancellation] CancellationToken stop)
    {
        var last = 0L;
        for (var isMore = true; isMore; )
        {
            var books = await Next(last, stop);
            foreach (var book in books)
            {
                yield return book;
            }
            isMore = books.Count == Batch;
            last = books.Count > 0 ? books[^1].BookId : last;
        }
    }

    private Task<List<Book>> Next(long last, CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var rows = await sql.Query<BookRow>(
                    $"""
                    SELECT {BookRow.Columns} FROM books
                    WHERE deleted_at IS NULL AND id > @last
                    ORDER BY id
                    LIMIT @Batch
                    """,
                    new { last, Batch }
                );
                var tags = await BookLists.TagsOf(sql, rows.ConvertAll(row => row.Id));
                return rows.ConvertAll(row => row.With([.. tags[row.Id]]));
            },
            stop
        );

    private static MovedBook Of(Book book) =>
        new(
            book.Isbn,
            book.Title,
            book.Author,
            book.Publisher,
            book.PublishedAt,
            book.Stock,
            [.. book.Tags.Select(tag => tag.Name)],
            book.CreatedAt
        );
}
