using System.Text.RegularExpressions;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>A table whose columns are named in one of its first rows.</summary>
/// <param name="source">Whose it is said to be; null when its columns are to tell.</param>
internal sealed partial class BookTable(string? source)
{
    /// <summary>A title, an address or a sum may stand above the headings.</summary>
    private const int MostAbove = 10;

    /// <summary>As many as a sheet can have, empty ones among them: a small file may unpack to rows without end.</summary>
    private const int MostRows = 1_048_576;

    /// <summary>Letters of one cell: more than as many tags as a book may have.</summary>
    private const int LongestCell = 12_000;

    private readonly Dictionary<string, int> places = [];
    private BookColumns? known;
    private bool hasLongCell;

    private BookColumns Columns => known!;

    /// <summary>From when its days are counted; null where it is no spreadsheet.</summary>
    internal DateTime? FirstDay { get; init; }

    /// <summary>Ends it between two rows.</summary>
    internal CancellationToken Stop { get; init; }

    /// <param name="rows">The rows.</param>
    /// <param name="isWhole">Whether a last row that is too short was meant to be.</param>
    /// <exception cref="BrokenImportException">It has no such columns, or too many rows, or breaks off in the midst of one.</exception>
    internal IEnumerable<RawBook> Read(IEnumerable<TableRow> rows, bool isWhole)
    {
        string[]? headings = null;
        var (above, last, count) = (0, int.MaxValue, 0);
        foreach (var row in rows)
        {
            Stop.ThrowIfCancellationRequested();
            if (++count > MostRows)
            {
                throw new BrokenImportException("too_large");
            }
            if (headings is null)
            {
                headings = Headings(row);
                if (headings is null && ++above == MostAbove)
                {
                    throw new BrokenImportException("other_columns");
                }
                continue;
            }
            last = row.Fields.Length;
            if (!Array.TrueForAll(row.Fields, string.IsNullOrWhiteSpace))
            {
                yield return Of(row);
            }
        }
        if (headings is null)
        {
            throw new BrokenImportException(above == 0 ? "nothing" : "other_columns");
        }
        if (last < headings.Length && !isWhole)
        {
            throw new BrokenImportException("broken_csv");
        }
    }

    private string[]? Headings(TableRow row)
    {
        var keys = Array.ConvertAll(row.Fields, BookColumns.KeyOf);
        if (BookColumns.Of(keys, source) is not { } found)
        {
            return null;
        }
        known = found;
        for (var at = 0; at < keys.Length; at++)
        {
            places.TryAdd(keys[at], at);
        }
        return keys;
    }

    private RawBook Of(TableRow row)
    {
        hasLongCell = false;
        var book = Read(row);
        return hasLongCell ? book with { Fault = "too_long" } : book;
    }

    private RawBook Read(TableRow row)
    {
        string? Get(string[] names) => All(row, names).FirstOrDefault();
        return Columns.Name == BookColumns.Goodreads
            ? OfGoodreads(row)
            : new(row.Line)
            {
                Title = Get(Columns.Title),
                Author = Columns.IsOwn ? Get(Columns.Author) : Roles().Replace(Get(Columns.Author) ?? "", ""),
                Publisher = Get(Columns.Publisher),
                Isbns = [.. All(row, Columns.Isbn)],
                Published = Get(Columns.Published),
                Copies = Get(Columns.Copies),
                Tags = Columns.IsOwn
                    ? TagList.Read(Get(Columns.Tags) ?? "")
                    : (Get(Columns.Tags) ?? "").Split(Columns.TagSigns),
                FirstDay = FirstDay,
            };
    }

    private RawBook OfGoodreads(TableRow row)
    {
        string? Get(string[] names) => All(row, names).FirstOrDefault();
        var owned = Get(Columns.Copies);
        return new(row.Line)
        {
            Title = Get(Columns.Title),
            Author = string.Join(", ", All(row, [.. Columns.Author, .. Columns.OtherAuthors])),
            Publisher = Get(Columns.Publisher),
            Isbns = [.. All(row, Columns.Isbn).Select(Unquoted).Where(isbn => isbn.Length > 0)],
            Published = Get(Columns.Published),
            // Who never said how many he owns has 0 there.
            Copies = owned == "0" ? null : owned,
            Tags = (Get(Columns.Tags) ?? "").Split(Columns.TagSigns),
        };
    }

    private IEnumerable<string> All(TableRow row, string[] names) =>
        names
            .Where(name => places.TryGetValue(name, out var at) && at < row.Fields.Length)
            .Select(name => Short(row.Fields[places[name]]))
            .Where(field => !string.IsNullOrWhiteSpace(field))
            .Select(field => Columns.IsOwn ? Formulas.Freed(field) : field.Trim());

    /// <summary>A few kilobytes may say a cell of a megabyte in each of many rows: what nobody writes isn't looked at.</summary>
    private string Short(string field)
    {
        if (field.Length <= LongestCell)
        {
            return field;
        }
        hasLongCell = true;
        return RawBook.Told(field);
    }

    /// <summary>Goodreads writes numbers as formulas, so that spreadsheets keep their zeros: <c>="0441172717"</c>.</summary>
    private static string Unquoted(string isbn) => isbn.Trim('=', '"', ' ');

    /// <summary>Booksellers say of everybody what he did; an author wrote.</summary>
    [GeneratedRegex(@"\s*\((지은이|저자|저|지음|글)\)")]
    private static partial Regex Roles();
}
