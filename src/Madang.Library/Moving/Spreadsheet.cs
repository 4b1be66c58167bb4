using System.Globalization;
using System.IO.Compression;
using System.Xml;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>
/// The rows of the first sheet of an .xlsx workbook (ECMA-376), read as they stand: a sheet of any length takes no more memory than the
/// texts that its cells share.
/// </summary>
/// <param name="file">At any place.</param>
internal sealed class Spreadsheet(Stream file)
{
    /// <summary>How Japanese is to be read, which is no part of what a cell says.</summary>
    private const string Spoken = "rPh";

    /// <summary>Bytes that a part may be unpacked: 256 MiB the sheet, 64 MiB the shared texts.</summary>
    private const long LargestSheet = 256L * 1024 * 1024;
    private const long LargestTexts = 64L * 1024 * 1024;
    private const long LargestIndex = 1024 * 1024;
    private const int MostParts = 2_000;
    private const int MostColumns = 256;
    private const int MostTexts = 2_000_000;

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private static readonly XmlReaderSettings Safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    /// <exception cref="BrokenImportException">It is no workbook, or a broken one, or too large.</exception>
    internal IEnumerable<TableRow> Rows()
    {
        using var zip = Open();
        var texts = Guarded(() => Texts(zip));
        using var sheet = Guarded(() => Part(zip, Guarded(() => FirstSheet(zip)), LargestSheet))!;
        var line = 0;
        while (Guarded(() => Next(sheet, texts, ref line)) is { } fields)
        {
            yield return new(line, fields);
        }
    }

    private ZipArchive Open()
    {
        file.Position = 0;
        var zip = Guarded(() => new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true));
        return Guarded(() => zip.Entries.Count) <= MostParts ? zip : throw new BrokenImportException("too_large");
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or XmlException or EndOfStreamException)
        {
            throw new BrokenImportException("broken_xlsx");
        }
    }

    private static XmlReader? Part(ZipArchive zip, string name, long most) =>
        zip.GetEntry(name) is { } entry ? XmlReader.Create(new BoundedStream(entry.Open(), most), Safe) : null;

    /// <returns>The name of the part that the workbook names first.</returns>
    private static string FirstSheet(ZipArchive zip)
    {
        using var book = Part(zip, "xl/workbook.xml", LargestIndex) ?? throw new InvalidDataException();
        var id = book.ReadToFollowing("sheet", Main) ? book.GetAttribute("id", Relation) : null;
        using var relations = Part(zip, "xl/_rels/workbook.xml.rels", LargestIndex) ?? throw new InvalidDataException();
        while (relations.Read())
        {
            if (
                relations is { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                && relations.GetAttribute("Id") == id
            )
            {
                var target = relations.GetAttribute("Target") ?? "";
                var name = target.StartsWith('/') ? target[1..] : $"xl/{target}";
                return zip.GetEntry(name) is null ? throw new InvalidDataException() : name;
            }
        }
        throw new InvalidDataException();
    }

    private static List<string> Texts(ZipArchive zip)
    {
        var texts = new List<string>();
        using var xml = Part(zip, "xl/sharedStrings.xml", LargestTexts);
        while (xml?.ReadToFollowing("si", Main) == true)
        {
            texts.Add(new XmlText().OfElement(xml, Spoken));
            if (texts.Count > MostTexts)
            {
                throw new BrokenImportException("too_large");
            }
        }
        return texts;
    }

    private static string[]? Next(XmlReader xml, List<string> texts, ref int line)
    {
        if (!xml.ReadToFollowing("row", Main))
        {
            return null;
        }
        line = Number(xml.GetAttribute("r")) ?? line + 1;
        var fields = new List<string>();
        if (xml.IsEmptyElement)
        {
            return [];
        }
        var (text, depth) = (new XmlText(), xml.Depth);
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "c" })
            {
                var at = Column(xml.GetAttribute("r")) ?? fields.Count;
                var value = ValueOf(xml, text, texts);
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

    private static string ValueOf(XmlReader xml, XmlText text, List<string> texts)
    {
        var type = xml.GetAttribute("t");
        if (xml.IsEmptyElement)
        {
            return "";
        }
        var (value, depth) = ("", xml.Depth);
        while (xml.Read() && xml.Depth > depth)
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
