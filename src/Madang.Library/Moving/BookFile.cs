using System.Text;
using System.Text.Json;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>A file that books are imported from. What it is, is told by its content.</summary>
/// <param name="file">At any place; it is read from its start each time.</param>
/// <param name="source">Whose it is said to be; null when it is to tell.</param>
/// <param name="stop">Ends each reading of it.</param>
internal sealed class BookFile(Stream file, string? source, CancellationToken stop)
{
    /// <summary>Bytes that an upload may have: 100 MiB.</summary>
    internal const long MostBytes = 100L * 1024 * 1024;

    /// <summary>Books in one file.</summary>
    internal const int MostBooks = 100_000;

    /// <summary>Excel's XML of 2003 names itself so.</summary>
    private const string OtherWorkbook = "urn:schemas-microsoft-com:office:spreadsheet";

    private const string Marc = "marc";
    private const string Kormarc = "kormarc";

    /// <summary>Whose files can be imported, by the names that say so.</summary>
    internal static IReadOnlyList<string> Sources { get; } =
    [BookColumns.Own, BookColumns.Goodreads, BookColumns.Sheet, Marc, Kormarc];

    /// <summary>How Excel before 2007 begins a workbook (MS-CFB), and a later one that has a password.</summary>
    private static ReadOnlySpan<byte> OldWorkbook => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    private readonly Stream file = Heeding(file, stop);
    private TextOfFile? text;

    private TextOfFile Text => text ??= new(file);

    /// <summary>Blank lines without end give nothing that could be looked at in between: so each reading looks.</summary>
    private static MeteredStream Heeding(Stream file, CancellationToken stop) =>
        new(file, new Budget(long.MaxValue), stop);

    /// <summary>Reads it, one after the other.</summary>
    /// <exception cref="BrokenImportException">It can't be read as a whole; perhaps only found after some of it.</exception>
    internal IEnumerable<IncomingItem> Read()
    {
        var count = 0;
        foreach (var book in Books())
        {
            if (++count > MostBooks)
            {
                throw new BrokenImportException("too_many");
            }
            yield return book.Check();
        }
        if (count == 0)
        {
            throw new BrokenImportException("nothing");
        }
    }

    private IEnumerable<RawBook> Books()
    {
        var start = Start();
        // Of whatever encoding it is, what a kind begins with are signs of ASCII.
        var plain = Encoding.Latin1.GetString([
            .. start.Where(one => one is not (0 or 0xEF or 0xBB or 0xBF or 0xFE or 0xFF)),
        ]);
        return start.Length == 0 ? throw new BrokenImportException("nothing")
            : start.AsSpan().StartsWith("PK\x03\x04"u8) ? Sheet()
            : start.AsSpan().StartsWith(OldWorkbook) ? throw new BrokenImportException("unread_workbook")
            : MarcFile.Begins(start) ? Records(MarcFile.Read(file, source == Kormarc))
            : IsMarkup(plain.TrimStart()) ? Markup(plain)
            : source is Marc or Kormarc ? throw new BrokenImportException("other_kind")
            : IsJson(plain.TrimStart()) ? Objects()
            : Rows();
    }

    /// <summary>A title may stand in angle brackets, too.</summary>
    private static bool IsMarkup(string start) =>
        start is ['<', '?' or '!' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ..];

    private static bool IsJson(string start) =>
        start is ['{', ..] || (start is ['[', ..] && start[1..].TrimStart() is ['{' or ']', ..]);

    private byte[] Start()
    {
        file.Position = 0;
        var start = new byte[1024];
        return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    private IEnumerable<RawBook> Rows()
    {
        // Older exports of Goodreads put ="…" into fields without quotes: what is malformed elsewhere is its way to write.
        var isGoodreads = IsOfGoodreads();
        return new BookTable(source) { Stop = stop }.Read(
            CsvRows.Read(Text, isGoodreads),
            !isGoodreads && Text.EndsWithALine()
        );
    }

    private bool IsOfGoodreads()
    {
        using var reader = Text.Open();
        var start = new char[1024];
        return new string(start, 0, reader.ReadBlock(start, 0, start.Length)).Contains(
            "Exclusive Shelf",
            StringComparison.Ordinal
        );
    }

    private IEnumerable<RawBook> Markup(string start) =>
        start.Contains(OtherWorkbook, StringComparison.Ordinal) ? throw new BrokenImportException("unread_workbook")
        : HtmlTable.Begins(start) ? Table(new HtmlTable(Text).Rows())
        : Records(MarcFile.ReadXml(file));

    private IEnumerable<RawBook> Sheet()
    {
        var sheet = new Spreadsheet(file, stop);
        return Table(sheet.Rows(), sheet.FirstDay);
    }

    private IEnumerable<RawBook> Table(IEnumerable<TableRow> rows, Func<DateTime>? firstDay = null) =>
        source is Marc or Kormarc
            ? throw new BrokenImportException("other_kind")
            : new BookTable(source) { FirstDay = firstDay?.Invoke(), Stop = stop }.Read(rows, isWhole: true);

    private IEnumerable<RawBook> Records(IEnumerable<ReadRecord> records) =>
        source is null or Marc or Kormarc ? records.Select(MarcBook.Of) : throw new BrokenImportException("other_kind");

    /// <summary>Our own JSON, and the answers of our own lists.</summary>
    private IEnumerable<RawBook> Objects()
    {
        if (source is not (null or BookColumns.Own))
        {
            throw new BrokenImportException("other_kind");
        }
        file.Position = 0;
        var number = 0;
        foreach (var element in new JsonElements(file, ["books", "results"]).All())
        {
            yield return Book(++number, element);
        }
    }

    private static RawBook Book(int number, JsonElement element)
    {
        string? Get(string name) =>
            element.TryGetProperty(name, out var value)
                ? value.ValueKind switch
                {
                    JsonValueKind.String => value.GetString(),
                    JsonValueKind.Number => value.GetRawText(),
                    _ => null,
                }
                : null;
        try
        {
            return new(number)
            {
                Title = Get("title"),
                Author = Get("author"),
                Publisher = Get("publisher"),
                Isbns = [Get("isbn") ?? ""],
                Published = Get("published_at"),
                Copies = Get("stock"),
                Tags =
                    element.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Array
                        ? [.. tags.EnumerateArray().Select(NameOf)]
                        : [],
            };
        }
        catch (InvalidOperationException)
        {
            // A text that is not UTF-8, or holds half a character.
            return new(number) { Fault = "not_text" };
        }
    }

    /// <summary>A tag is its name; in the answers of lists an object that has it.</summary>
    private static string NameOf(JsonElement tag) =>
        tag.ValueKind == JsonValueKind.String ? tag.GetString()!
        : tag.ValueKind == JsonValueKind.Object
        && tag.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
        : "";
}
