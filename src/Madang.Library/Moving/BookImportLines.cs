using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>
/// What became of every line of an import. A part of its lines is one row, written with the books of that part, so that neither an import nor
/// whoever reads it takes more memory than one part, and what is told is what was done, however it ended.
/// </summary>
public sealed class BookImportLines(Database db)
{
    private static readonly string[] Columns = ["line", "outcome", "reason", "isbn", "title", "told"];

    internal static Task<int> Keep(Sql sql, long import, IReadOnlyList<BookImportLine> lines) =>
        sql.Execute(
            """
            INSERT INTO book_import_parts (import_id, number, lines)
            SELECT @import, coalesce(max(number), 0) + 1, @Text FROM book_import_parts WHERE import_id = @import
            """,
            new { import, Text = JsonSerializer.Serialize([.. lines], BookMovingJson.Default.ListBookImportLine) }
        );

    /// <summary>A dry run that is done tells anew.</summary>
    internal static Task<int> Forget(Sql sql, long import) =>
        sql.Execute("DELETE FROM book_import_parts WHERE import_id = @import", new { import });

    /// <summary>Writes them in their order as RFC 4180 in UTF-8, each with a sentence in the language of the request.</summary>
    internal async Task WriteCsv(BookImportRow import, Stream to, CancellationToken stop)
    {
        await using var csv = CsvWriter.Create(
            to,
            CsvWriterOptions.Default with
            {
                WriteByteOrderMark = true,
            },
            leaveOpen: true
        );
        await csv.WriteRecordAsync(Columns, stop);
        for (var part = await After(import.Id, 0, stop); part is not null; )
        {
            foreach (var line in JsonSerializer.Deserialize(part.Lines, BookMovingJson.Default.ListBookImportLine)!)
            {
                await csv.WriteRecordAsync(
                    [
                        line.Line.ToString(CultureInfo.InvariantCulture),
                        line.Outcome,
                        line.Reason ?? "",
                        Formulas.Guarded(line.Isbn ?? ""),
                        Formulas.Guarded(line.Title),
                        BookImportSentences.OfOutcome(line, import.IsDryRun),
                    ],
                    stop
                );
            }
            part = await After(import.Id, part.Number, stop);
        }
    }

    private Task<Part?> After(long import, long number, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<Part>(
                    """
                    SELECT number, lines FROM book_import_parts
                    WHERE import_id = @import AND number > @number
                    ORDER BY number
                    LIMIT 1
                    """,
                    new { import, number }
                ),
            stop
        );

    private sealed record Part
    {
        public required long Number { get; init; }
        public required string Lines { get; init; }
    }
}
