using CsvHelper;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>The rows of a CSV or TSV file, one after the other.</summary>
internal static class CsvRows
{
    /// <summary>Bytes in one row, with the line breaks that stand in quotes.</summary>
    private const int LargestRow = 1024 * 1024;

    private const int Beginning = 16 * 1024;
    private static readonly char[] Signs = [',', '\t', ';'];

    /// <param name="text">The file.</param>
    /// <param name="isLenient">Whether a quote may stand within a field that isn't in quotes.</param>
    /// <exception cref="BrokenImportException">It can't be read on.</exception>
    internal static IEnumerable<TableRow> Read(TextOfFile text, bool isLenient)
    {
        var separator = Separator(text);
        using var reader = text.Open();
        using var csv = CsvReader.Create(
            reader,
            CsvReaderOptions.Default with
            {
                HasHeader = false,
                Separator = separator,
                MalformedData = isLenient ? CsvMalformedDataHandling.Recover : CsvMalformedDataHandling.Throw,
                MaxRecordSize = LargestRow,
                TrackLineNumbers = true,
            }
        );
        while (Next(csv))
        {
            var fields = new string[csv.FieldCount];
            for (var at = 0; at < fields.Length; at++)
            {
                fields[at] = csv.GetString(at);
            }
            yield return new((int)Math.Min(csv.LineNumber, int.MaxValue), fields);
        }
    }

    private static bool Next(CsvReader csv)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException)
        {
            throw new BrokenImportException("broken_csv");
        }
    }

    /// <summary>What stands most often in the line that names the ISBN's column, which no file can do without.</summary>
    private static char Separator(TextOfFile text)
    {
        using var reader = text.Open();
        var start = new char[Beginning];
        var count = reader.ReadBlock(start, 0, start.Length);
        var lines = new string(start, 0, count).Split('\n');
        var line =
            Array.Find(lines, one => one.Contains("isbn", StringComparison.OrdinalIgnoreCase))
            ?? Array.Find(lines, one => one.Contains("국제표준도서번호", StringComparison.Ordinal))
            ?? "";
        return Signs.MaxBy(sign => line.Count(letter => letter == sign));
    }
}

/// <summary>A row of a table.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Fields">Its fields.</param>
internal readonly record struct TableRow(int Line, string[] Fields);
