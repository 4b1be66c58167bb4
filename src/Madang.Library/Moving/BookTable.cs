using System.Text.RegularExpressions;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>A table whose columns are named in one of its first rows.</summary>
/// <param name="source">Whose it is said to be; null when its columns are to tell.</param>
internal sealed partial class BookTable(string? source)
{
    /// <summary>A title, an address or a sum may stand above the headings.</summary>
    private const int MostAbove = 10;

    private BookColumns columns = BookColumns.OfJson;
    private Dictionary<string, int> places = [];

    internal bool IsOfSpreadsheet { get; init; }

    /// <param name="rows">The rows.</param>
    /// <param name="isWhole">Tells whether a last row that is too short was meant to be.</param>
    /// <exception cref="BrokenImportException">It has no such columns, or breaks off in the midst of a row.</exception>
    internal IEnumerable<RawBook> Read(IEnumerable<TableRow> rows, Func<BookColumns, bool> isWhole)
    {
        string[]? headings = null;
        var (above, last) = (0, int.MaxValue);
        foreach (var row in rows)
        {
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
        if (last < headings.Length && !isWhole(columns))
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
        columns = found;
        places = [];
        for (var at = 0; at < keys.Length; at++)
        {
            places.TryAdd(keys[at], at);
        }
        return keys;
    }

    private RawBook Of(TableRow row)
    {
        string? Get(string[] names) => All(row, names).FirstOrDefault();
        return columns.Name == BookColumns.Goodreads
            ? OfGoodreads(row)
            : new(row.Line)
            {
                Title = Get(columns.Title),
                Author = columns.IsOwn ? Get(columns.Author) : Roles().Replace(Get(columns.Author) ?? "", ""),
                Publisher = Get(columns.Publisher),
                Isbns = [.. All(row, columns.Isbn)],
                Published = Get(columns.Published),
                Copies = Get(columns.Copies),
                Tags = columns.IsOwn
                    ? TagList.Read(Get(columns.Tags) ?? "")
                    : (Get(columns.Tags) ?? "").Split(columns.TagSigns),
                IsOfSpreadsheet = IsOfSpreadsheet,
            };
    }

    private RawBook OfGoodreads(TableRow row)
    {
        string? Get(string[] names) => All(row, names).FirstOrDefault();
        var owned = Get(columns.Copies);
        return new(row.Line)
        {
            Title = Get(columns.Title),
            Author = string.Join(", ", All(row, [.. columns.Author, .. columns.OtherAuthors])),
            Publisher = Get(columns.Publisher),
            Isbns = [.. All(row, columns.Isbn).Select(Unquoted).Where(isbn => isbn.Length > 0)],
            Published = Get(columns.Published),
            // Who never said how many he owns has 0 there.
            Copies = owned == "0" ? null : owned,
            Tags = (Get(columns.Tags) ?? "").Split(columns.TagSigns),
        };
    }

    private IEnumerable<string> All(TableRow row, string[] names) =>
        names
            .Where(name => places.TryGetValue(name, out var at) && at < row.Fields.Length)
            .Select(name => row.Fields[places[name]])
            .Where(field => !string.IsNullOrWhiteSpace(field))
            .Select(field => columns.IsOwn ? Formulas.Freed(field) : field.Trim());

    /// <summary>Goodreads writes numbers as formulas, so that spreadsheets keep their zeros: <c>="0441172717"</c>.</summary>
    private static string Unquoted(string isbn) => isbn.Trim('=', '"', ' ');

    /// <summary>Booksellers say of everybody what he did; an author wrote.</summary>
    [GeneratedRegex(@"\s*\((지은이|저자|저|지음|글)\)")]
    private static partial Regex Roles();
}
