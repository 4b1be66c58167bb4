using System.Globalization;
using System.Text;
using System.Xml;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>
/// The rows of the first sheet of an .xlsx workbook, read as they stand: a sheet of any length takes no more memory than the texts that its
/// cells share.
/// </summary>
/// <param name="file">At any place.</param>
/// <param name="stop">Ends the reading.</param>
internal sealed class Spreadsheet(Stream file, CancellationToken stop)
{
    /// <summary>How Japanese is to be read, which is no part of what a cell says.</summary>
    private const string Spoken = "rPh";

    private const int MostColumns = 256;
    private const int MostTexts = 2_000_000;

    private static readonly DateTime Days1900 = new(1899, 12, 30);
    private static readonly DateTime Days1904 = new(1904, 1, 1);

    private readonly XmlText text = new();

    /// <returns>From when its days are counted (ECMA-376 part 1, 18.17.4.1).</returns>
    /// <exception cref="BrokenImportException">It is no workbook, or a broken one, or too large.</exception>
    internal DateTime FirstDay()
    {
        using var book = Guarded(() => new Workbook(file, stop));
        return Guarded(book.About).Is1904 ? Days1904 : Days1900;
    }

    /// <inheritdoc cref="FirstDay" />
    internal IEnumerable<TableRow> Rows()
    {
        using var book = Guarded(() => new Workbook(file, stop));
        var texts = Guarded(() => Texts(book));
        using var sheet = Guarded(book.FirstSheet);
        var line = 0;
        while (Guarded(() => Next(sheet, texts, ref line)) is { } fields)
        {
            yield return new(line, fields);
        }
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error)
            when (error is InvalidDataException or XmlException or EndOfStreamException or DecoderFallbackException)
        {
            throw new BrokenImportException("broken_xlsx");
        }
    }

    private List<string> Texts(Workbook book)
    {
        var texts = new List<string>();
        using var xml = book.Texts();
        while (xml is not null && Workbook.GoTo(xml, "si"))
        {
            // Many cells may share one: blanks around it are looked at here, once.
            texts.Add(text.Anew().OfElement(xml, Spoken).Trim());
            if (texts.Count > MostTexts)
            {
                throw new BrokenImportException("too_large");
            }
        }
        return texts;
    }

    private string[]? Next(XmlReader xml, List<string> texts, ref int line)
    {
        if (!Workbook.GoTo(xml, "row"))
        {
            return null;
        }
        line = Number(xml.GetAttribute("r")) ?? line + 1;
        var fields = new List<string>();
        if (xml.IsEmptyElement)
        {
            return [];
        }
        var depth = xml.Depth;
        text.Anew();
        while (TagWatch.Step(xml) && xml.Depth > depth)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "c" })
            {
                var at = Column(xml.GetAttribute("r")) ?? fields.Count;
                var value = ValueOf(xml, texts);
                while (fields.Count <= at && at < MostColumns)
                {
                    fields.Add("");
                }
                if (at < MostColumns)
                {
                    fields[at] = value;
                }
            }
        }
        return [.. fields];
    }

    private string ValueOf(XmlReader xml, List<string> texts)
    {
        var type = xml.GetAttribute("t");
        if (xml.IsEmptyElement)
        {
            return "";
        }
        var (value, depth) = ("", xml.Depth);
        while (TagWatch.Step(xml) && xml.Depth > depth)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "v" or "is" })
            {
                value = text.OfElement(xml, Spoken);
            }
        }
        return type switch
        {
            "s" => Number(value) is { } at && at < texts.Count ? texts[at] : throw new InvalidDataException(),
            "e" => "",
            null or "n" => Plain(value),
            _ => value,
        };
    }

    /// <summary>A whole number as people write it: a spreadsheet may write an ISBN as 9.791190090018E12.</summary>
    private static string Plain(string number) =>
        number.AsSpan().ContainsAny('.', 'E', 'e')
        && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && Math.Abs(value) < 1e15
        && value == Math.Floor(value)
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : number;

    /// <returns>Of <c>C5</c> 2: letters count to the base of 26, without a zero.</returns>
    private static int? Column(string? reference)
    {
        var column = 0;
        foreach (var letter in (reference ?? "").TakeWhile(char.IsAsciiLetterUpper).Take(3))
        {
            column = (column * 26) + (letter - 'A') + 1;
        }
        return column == 0 ? null : column - 1;
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
