using System.IO.Compression;
using System.Xml;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>
/// The parts of an .xlsx workbook (ECMA-376, which is ISO/IEC 29500): a zip with XML in it. What is broken in it is told as one by whoever
/// reads it (<see cref="Spreadsheet"/>).
/// </summary>
internal sealed class Workbook : IDisposable
{
    /// <summary>Bytes that a part may be unpacked: 256 MiB the sheet, 64 MiB the shared texts.</summary>
    private const long LargestSheet = 256L * 1024 * 1024;
    private const long LargestTexts = 64L * 1024 * 1024;
    private const long LargestIndex = 1024 * 1024;

    /// <summary>Bytes of the list of parts, which the framework reads as a whole.</summary>
    private const long LargestList = 1024 * 1024;

    /// <summary>Each has two names: as Excel writes by default, and as its "strict" workbooks do (ISO/IEC 29500, part 4 and part 1).</summary>
    private static readonly string[] Main =
    [
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ];
    private static readonly string[] Relation =
    [
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ];

    private static readonly XmlReaderSettings Safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    private readonly ZipArchive zip;
    private readonly CancellationToken stop;

    /// <param name="file">At any place; it is not closed.</param>
    /// <param name="stop">Ends the reading of its parts.</param>
    /// <exception cref="BrokenImportException">It is a workbook of another kind, or has too many parts.</exception>
    internal Workbook(Stream file, CancellationToken stop)
    {
        this.stop = stop;
        if (ZipDirectory.Length(file) > LargestList)
        {
            throw new BrokenImportException("too_large");
        }
        zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        // A binary workbook, or one of another program.
        if (zip.Entries.Any(entry => entry.FullName is "xl/workbook.bin" or "mimetype"))
        {
            throw new BrokenImportException("unread_workbook");
        }
    }

    public void Dispose() => zip.Dispose();

    /// <returns>The part of the sheet that it names first.</returns>
    internal XmlReader FirstSheet()
    {
        var id = About().Sheet;
        using var relations = Part("xl/_rels/workbook.xml.rels", LargestIndex);
        while (relations is not null && TagWatch.Step(relations))
        {
            if (
                relations is { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                && relations.GetAttribute("Id") == id
            )
            {
                var target = relations.GetAttribute("Target") ?? "";
                return Part(target.StartsWith('/') ? target[1..] : $"xl/{target}", LargestSheet)
                    ?? throw new InvalidDataException();
            }
        }
        throw new InvalidDataException();
    }

    /// <returns>The part of the texts that cells share; null where they share none.</returns>
    internal XmlReader? Texts() => Part("xl/sharedStrings.xml", LargestTexts);

    /// <returns>What the workbook calls its first sheet, and whether it counts its days from 1904.</returns>
    internal (string? Sheet, bool Is1904) About()
    {
        using var book = Part("xl/workbook.xml", LargestIndex);
        var is1904 = false;
        while (book is not null && TagWatch.Step(book))
        {
            if (Is(book, "workbookPr"))
            {
                is1904 = book.GetAttribute("date1904") is "1" or "true";
            }
            if (Is(book, "sheet"))
            {
                return (
                    Relation.Select(name => book.GetAttribute("id", name)).FirstOrDefault(id => id is not null),
                    is1904
                );
            }
        }
        throw new InvalidDataException();
    }

    /// <returns>Whether there is another element of this name; then the reader stands at it.</returns>
    internal static bool GoTo(XmlReader xml, string name)
    {
        while (TagWatch.Step(xml))
        {
            if (Is(xml, name))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Is(XmlReader xml, string name) =>
        xml.NodeType == XmlNodeType.Element && xml.LocalName == name && Main.Contains(xml.NamespaceURI);

    private XmlReader? Part(string name, long most) =>
        zip.GetEntry(name) is { } entry
            ? XmlReader.Create(new TagWatch(Text(new MeteredStream(entry.Open(), new Budget(most), stop))), Safe)
            : null;

    /// <summary>In UTF-8, or in UTF-16 with its mark: a part may be in no other.</summary>
    private static StreamReader Text(Stream part) =>
        new(part, TextOfFile.StrictUtf8, detectEncodingFromByteOrderMarks: true);
}
