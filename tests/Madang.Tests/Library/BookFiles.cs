using System.IO.Compression;
using System.Text;
using Madang.Foundation.Moving;
using Madang.Library.Moving;

namespace Madang.Tests.Library;

/// <summary>Files as booksellers, catalogues and other programs write them, made byte by byte.</summary>
internal static class BookFiles
{
    internal static readonly Encoding EucKr = CodePagesEncodingProvider.Instance.GetEncoding("euc-kr")!;

    /// <returns>The books of a file, or why each is none: <c>line isbn title / author / publisher / date × copies [tags]</c>.</returns>
    internal static string[] Books(byte[] file, string? from = null) =>
        [.. new BookFile(new MemoryStream(file), from, TestContext.Current.CancellationToken).Read().Select(Told)];

    internal static string[] Books(string file, string? from = null) => Books(Encoding.UTF8.GetBytes(file), from);

    /// <returns>Why a file is none.</returns>
    internal static string Problem(byte[] file, string? from = null) =>
        Assert.Throws<BrokenImportException>(() => Books(file, from)).Problem;

    internal static string Told(IncomingItem item) =>
        item.Book is { } book
            ? $"{item.Line} {book.Isbn} {book.Title} / {book.Author} / {book.Publisher} / {book.PublishedAt:yyyy-MM-dd} × {book.Stock} [{string.Join('|', book.Tags)}]"
            : $"{item.Line} {item.Fault} {item.Isbn}".TrimEnd();

    /// <summary>A workbook as Excel writes it: texts are shared, numbers stand as they are.</summary>
    internal static byte[] Workbook(params object?[][] rows)
    {
        var shared = new List<string>();
        string Cell(object? value, int row, int column)
        {
            var place = $"{(char)('A' + column)}{row}";
            if (value is string text)
            {
                shared.Add(text);
                return $"<c r=\"{place}\" t=\"s\"><v>{shared.Count - 1}</v></c>";
            }
            return value is null ? "" : FormattableString.Invariant($"<c r=\"{place}\" s=\"1\"><v>{value}</v></c>");
        }
        var sheet = string.Concat(
            rows.Select(
                (row, at) =>
                    $"<row r=\"{at + 1}\">{string.Concat(row.Select((value, place) => Cell(value, at + 1, place)))}</row>"
            )
        );
        return Workbook(
            $"<sheetData>{sheet}</sheetData>",
            string.Concat(
                shared.Select(text =>
                    $"<si><t xml:space=\"preserve\">{System.Security.SecurityElement.Escape(text)}</t></si>"
                )
            )
        );
    }

    internal static byte[] Workbook(
        string sheet,
        string texts,
        string before = "",
        string about = "",
        bool isStrict = false
    )
    {
        var main = isStrict
            ? "http://purl.oclc.org/ooxml/spreadsheetml/main"
            : "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        var office = isStrict
            ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
            : "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string name, string text)
            {
                using var part = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                part.Write(
                    Encoding.UTF8.GetBytes(
                        $"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>{before}{text}"
                    )
                );
            }
            Add(
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
            );
            Add(
                "xl/workbook.xml",
                $"<workbook xmlns=\"{main}\" xmlns:r=\"{office}\">{about}<sheets><sheet name=\"책\" sheetId=\"7\" r:id=\"rId3\"/></sheets></workbook>"
            );
            Add(
                "xl/_rels/workbook.xml.rels",
                $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId3\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet7.xml\"/></Relationships>"
            );
            Add("xl/worksheets/sheet7.xml", $"<worksheet xmlns=\"{main}\">{sheet}</worksheet>");
            Add("xl/sharedStrings.xml", $"<sst xmlns=\"{main}\">{texts}</sst>");
        }
        return file.ToArray();
    }

    /// <summary>A record of ISO 2709: <c>245 10$aTitle$bmore</c>, and <c>001 value</c> of a control field.</summary>
    internal static byte[] Marc(Encoding encoding, params string[] fields)
    {
        var (directory, data) = (new StringBuilder(), new List<byte>());
        foreach (var field in fields)
        {
            var (tag, value) = (field[..3], field[4..]);
            byte[] bytes = [.. encoding.GetBytes(value.Replace('$', '\x1F')), 0x1E];
            directory.Append(FormattableString.Invariant($"{tag}{bytes.Length:D4}{data.Count:D5}"));
            data.AddRange(bytes);
        }
        var start = 24 + directory.Length + 1;
        var leader = FormattableString.Invariant($"{start + data.Count + 1:D5}nam  22{start:D5} c 4500");
        return [.. Encoding.ASCII.GetBytes($"{leader}{directory}"), 0x1E, .. data, 0x1D];
    }
}
