using System.Globalization;
using System.Text;

namespace Madang.Library.Moving;

/// <summary>Writes a book as a record of MARC 21 in UTF-8 (ISO 2709), with the fields that an import reads; each copy has an 852.</summary>
internal static class MarcWriter
{
    /// <summary>More copies are not told: a field for each would be longer than the record may be.</summary>
    private const int MostCopies = 500;

    private const int LongestRecord = 99_999;

    internal static byte[] Write(Book book)
    {
        var fields = Fields(book).ToList();
        while (true)
        {
            var record = Write(fields);
            if (record.Length <= LongestRecord)
            {
                return record;
            }
            // Its length has five digits.
            fields.RemoveAt(fields.Count - 1);
        }
    }

    private static byte[] Write(List<(string Tag, string Text)> fields)
    {
        var (directory, data) = (new StringBuilder(), new MemoryStream());
        foreach (var (tag, text) in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            directory.Append(CultureInfo.InvariantCulture, $"{tag}{bytes.Length + 1:D4}{data.Length:D5}");
            data.Write(bytes);
            data.WriteByte(MarcRecord.EndOfField);
        }
        var start = MarcRecord.LeaderLength + directory.Length + 1;
        var length = start + data.Length + 1;
        // n: new; a: text; m: a book; a: UTF-8; u: nobody says how full the description is.
        var leader = string.Create(CultureInfo.InvariantCulture, $"{length:D5}nam a22{start:D5}uu 4500");
        return
        [
            .. Encoding.ASCII.GetBytes(leader + directory),
            MarcRecord.EndOfField,
            .. data.ToArray(),
            MarcRecord.EndOfRecord,
        ];
    }

    private static IEnumerable<(string, string)> Fields(Book book)
    {
        yield return ("001", string.Create(CultureInfo.InvariantCulture, $"{book.BookId}"));
        yield return ("005", book.UpdatedAt.UtcDateTime.ToString("yyyyMMddHHmmss'.0'", CultureInfo.InvariantCulture));
        yield return ("008", Coded(book));
        yield return ("020", Field("  ", ('a', book.Isbn)));
        yield return ("100", Field("1 ", ('a', book.Author)));
        yield return ("245", Field("10", ('a', book.Title)));
        var date = MovedBook.Date(book.PublishedAt);
        if (book.Publisher is not null || date.Length > 0)
        {
            yield return ("264", Field(" 1", [.. Parts(('b', book.Publisher), ('c', date))]));
        }
        foreach (var tag in book.Tags)
        {
            yield return ("653", Field("  ", ('a', tag.Name)));
        }
        for (var copy = 1; copy <= Math.Min(book.Stock, MostCopies); copy++)
        {
            yield return (
                "852",
                Field("  ", ('p', string.Create(CultureInfo.InvariantCulture, $"{book.BookId}-{copy}")))
            );
        }
    }

    /// <summary>Forty characters: when it was entered, when published, and that nobody says where or in which language.</summary>
    private static string Coded(Book book)
    {
        var entered = book.CreatedAt.UtcDateTime.ToString("yyMMdd", CultureInfo.InvariantCulture);
        var published = book.PublishedAt is { } at
            ? $"s{at.UtcDateTime.ToString("yyyy", CultureInfo.InvariantCulture)}    "
            : "nuuuuuuuu";
        return $"{entered}{published}xx {new string('|', 17)}und  ";
    }

    private static IEnumerable<(char, string)> Parts(params (char Code, string? Text)[] parts) =>
        parts.Where(part => !string.IsNullOrEmpty(part.Text)).Select(part => (part.Code, part.Text!));

    /// <summary>The signs that end fields are left out of texts, which no book needs.</summary>
    private static string Field(string indicators, params (char Code, string Text)[] parts) =>
        indicators
        + string.Concat(
            parts.Select(part =>
                $"{(char)MarcRecord.Delimiter}{part.Code}{string.Concat(part.Text.Where(letter => letter is < '\x1D' or > '\x1F'))}"
            )
        );
}
