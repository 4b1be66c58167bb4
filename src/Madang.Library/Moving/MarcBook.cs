using System.Text.RegularExpressions;
using Madang.Library.Shelving;

namespace Madang.Library.Moving;

/// <summary>
/// What a bibliographic record says of a book. MARC 21 names the author in 100 and 700 and what stands on the title page in 245 $c; KORMARC
/// has 700, and 245 $d and $e. Punctuation that catalogues put between parts (ISBD) is left out.
/// </summary>
internal static partial class MarcBook
{
    private const char SetOfBooks = '1';
    private const char PartOfAnother = '2';
    private const int FirstOfDate = 7;
    private const int EndOfDate = 11;

    internal static RawBook Of(ReadRecord read)
    {
        if (read.Record is not { } record)
        {
            return new(read.Number) { Fault = read.Fault };
        }
        return new(read.Number)
        {
            Title = Title(record),
            Author = Author(record),
            Publisher = Publication(record, 'b').Select(Tidy).FirstOrDefault(one => one.Length > 0),
            Isbns = [.. Isbns(record)],
            Published = Published(record),
            IsCatalogued = true,
            Copies = Copies(record),
            Fault = record.IsDeleted ? "deleted_record" : null,
            Tags = [.. record.All("650", "653").SelectMany(field => field.All('a')).Select(Tidy).Take(TagId.Most)],
        };
    }

    private static string Title(MarcRecord record)
    {
        if (record.All("245").FirstOrDefault() is not { } field)
        {
            return "";
        }
        var main = string.Join(" : ", field.All('a', 'b').Select(Tidy).Where(part => part.Length > 0));
        return string.Join(". ", [main, .. field.All('n', 'p').Select(Tidy).Where(part => part.Length > 0)]);
    }

    private static string Author(MarcRecord record)
    {
        var named = record
            .All("100", "110", "111", "700", "710")
            .Where(field => field.Indicators is not [_, PartOfAnother, ..])
            .Select(field => Name(field.All('a').FirstOrDefault() ?? ""))
            .Where(name => name.Length > 0)
            .Distinct()
            .ToList();
        var written =
            named.Count > 0
                ? named
                : record
                    .All("245")
                    .SelectMany(field => field.All('c', 'd', 'e'))
                    .Select(Tidy)
                    .Where(name => name.Length > 0)
                    .ToList();
        var all = "";
        foreach (var name in written)
        {
            var more = all.Length == 0 ? name : $"{all}; {name}";
            if (all.Length > 0 && more.Length > BookInput.LongestTitle)
            {
                // Who stands first is kept.
                break;
            }
            all = more;
        }
        return all;
    }

    /// <summary>A name keeps its full stop, which may be that of an initial.</summary>
    private static string Name(string text) => text.Trim().TrimEnd(',', ' ');

    private static IEnumerable<string> Isbns(MarcRecord record) =>
        record
            .All("020")
            .OrderBy(field => field.Indicators is [SetOfBooks, ..])
            .SelectMany(field => field.All('a'))
            // A word on the binding or a number that extends it may follow.
            .Select(text => Number().Match(text).Value.Trim(' ', '-'))
            .Where(text => text.Length > 0);

    /// <summary>260, or what 264 says of the publication and not of the print.</summary>
    private static IEnumerable<string> Publication(MarcRecord record, char code) =>
        record
            .All("260", "264")
            .Where(field => field.Tag == "260" || field.Indicators is [_, '1', ..])
            .SelectMany(field => field.All(code));

    private static string? Published(MarcRecord record)
    {
        var written = Publication(record, 'c')
            .FirstOrDefault(text => PublicationDate.Read(text, isCatalogued: true).Date is not null);
        var coded = record.All("008").FirstOrDefault()?.Value;
        // 19uu: nobody knows the year.
        return written
            ?? (
                coded?.Length >= EndOfDate
                && PublicationDate.Read(coded[FirstOfDate..EndOfDate], isCatalogued: true).Date is not null
                    ? coded[FirstOfDate..EndOfDate]
                    : null
            );
    }

    /// <summary>KORMARC counts copies by their registration numbers (049 $l), Koha by its items (952), MARC 21 by barcodes (852 $p).</summary>
    private static string? Copies(MarcRecord record)
    {
        var counts = new[]
        {
            record.All("049").Sum(field => field.All('l').Count()),
            record.All("952").Count(),
            record.All("852").Sum(field => field.All('p').Count()),
        };
        var count = Array.Find(counts, one => one > 0);
        return count == 0 ? null : $"{count}";
    }

    private static string Tidy(string text)
    {
        var tidy = text.Trim().TrimEnd('/', ':', ';', ',', '=', ' ');
        return tidy.EndsWith('.') && !tidy.EndsWith("..", StringComparison.Ordinal) ? tidy[..^1].TrimEnd() : tidy;
    }

    [GeneratedRegex(@"^\s*[0-9Xx‐–-]+")]
    private static partial Regex Number();
}
