using System.Text.Json;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>A file that books are imported from. What it is, is told by its content.</summary>
/// <param name="file">At any place; it is read from its start each time.</param>
/// <param name="source">Whose it is said to be; null when it is to tell.</param>
internal sealed class BookFile(Stream file, string? source)
{
    /// <summary>Bytes that an upload may have: 100 MiB.</summary>
    internal const long MostBytes = 100L * 1024 * 1024;

    /// <summary>Books in one file.</summary>
    internal const int MostBooks = 100_000;

    private const string Marc = "marc";
    private const string Kormarc = "kormarc";

    /// <summary>Whose files can be imported, by the names that say so.</summary>
    internal static IReadOnlyList<string> Sources { get; } =
    [BookColumns.Own, BookColumns.Goodreads, BookColumns.Sheet, Marc, Kormarc];

    private readonly TextOfFile text = new(file);

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
        var plain = (start.AsSpan().StartsWith("\uFEFF"u8) ? start.AsSpan(3) : start).TrimStart(" \t\r\n"u8);
        return start.Length == 0 ? throw new BrokenImportException("nothing")
            : start.AsSpan().StartsWith("PK\x03\x04"u8) ? Sheet()
            : MarcFile.Begins(start) ? Records(MarcFile.Read(file))
            : plain.StartsWith("<"u8) ? Records(MarcFile.ReadXml(file))
            : source is Marc or Kormarc ? throw new BrokenImportException("other_kind")
            : plain.StartsWith("{"u8) || plain.StartsWith("["u8) ? Objects()
            : Rows();
    }

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
        return new BookTable(source).Read(CsvRows.Read(text, isGoodreads), _ => !isGoodreads && text.EndsWithALine());
    }

    private bool IsOfGoodreads()
    {
        using var reader = text.Open();
        var start = new char[1024];
        return new string(start, 0, reader.ReadBlock(start, 0, start.Length)).Contains(
            "Exclusive Shelf",
            StringComparison.Ordinal
        );
    }

    private IEnumerable<RawBook> Sheet() =>
        source is Marc or Kormarc
            ? throw new BrokenImportException("other_kind")
            : new BookTable(source) { IsOfSpreadsheet = true }.Read(new Spreadsheet(file).Rows(), _ => true);

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
