using System.IO.Compression;
using System.Text;
using Madang.Library.Moving;

namespace Madang.Tests.Library;

/// <summary>What shops give out as Excel files, and what Excel makes of them.</summary>
public sealed class SheetsOfShops
{
    private const string Html = """
        <meta http-equiv="Content-Type" content="text/html; charset=euc-kr">
        <style>td { mso-number-format:'\@' } <td></style>
        <!-- <table> --->
        <table border=1><thead>
        <tr><td colspan=4 title="a > b">주문 내역 &nbsp;</td></tr>
        <TR bgcolor="#eeeeee"><TH>주문번호<TH>상품명<th>저자</th><![if gte mso 9]><th>ISBN</th><th>수량</th></tr></thead>
        <tr><td rowspan="2">A-1</td><td><a href="/1">가을 &amp;<br>산책</a></td><td>김하늘 (지은이)</td><td style='x'>979-11-90090-01-8</td><td>2</td></tr>
        <tr><td>겨울 &lt;산책&gt; 1 < 2</td><td>이바다</td><td>9788937460777</td><td>1</td></tr>
        <tr></tr>
        <tr><td>A-2</td><td>번호 없는 책</td><td>이바다</td><td>&nbsp;</td><td>1</td>
        </table>
        """;

    private static readonly string[] Books =
    [
        "3 9791190090018 가을 & 산책 / 김하늘 /  /  × 2 []",
        "4 9788937460777 겨울 <산책> 1 < 2 / 이바다 /  /  × 1 []",
        "6 no_isbn",
    ];

    [Fact]
    public void A_table_of_HTML_that_is_called_xls_is_read_in_any_encoding()
    {
        Assert.Equal(Books, BookFiles.Books(BookFiles.EucKr.GetBytes(Html)));
        Assert.Equal(Books, BookFiles.Books(Html, "sheet"));
        Assert.Equal(Books, BookFiles.Books([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Html)]));
        Assert.Equal(Books, BookFiles.Books([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Html)]));
        Assert.Equal("other_kind", BookFiles.Problem(Encoding.UTF8.GetBytes(Html), "marc"));
        Assert.Equal("other_columns", BookFiles.Problem("<html><table><tr><td>404</table></html>"u8.ToArray()));
        Assert.Equal("nothing", BookFiles.Problem("<html><p>404</html>"u8.ToArray()));
    }

    [Fact]
    public void A_table_of_HTML_that_breaks_off_or_holds_another_is_refused_as_a_whole()
    {
        var whole = Encoding.UTF8.GetBytes(Html);
        var (first, last) = (
            Html.IndexOf("<table border", StringComparison.Ordinal),
            Html.IndexOf("</table>", StringComparison.Ordinal)
        );
        foreach (var length in Enumerable.Range(first + 7, last - first))
        {
            Assert.Equal("broken_html", BookFiles.Problem(Encoding.UTF8.GetBytes(Html[..length])));
        }
        Assert.Equal(
            "unread_workbook",
            BookFiles.Problem("<table><tr><td><table><tr><td>제목</table></table>"u8.ToArray())
        );
        Assert.Equal(Books.Length, BookFiles.Books(whole).Length);
        byte[] endless = [.. "<table><tr><td>"u8, .. Enumerable.Repeat((byte)'a', 1024 * 1024 + 1)];
        Assert.Equal("too_large", BookFiles.Problem(endless));
        endless =
        [
            .. "<table><tr>"u8,
            .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<td>a", 1024 * 1024 + 1))),
        ];
        Assert.Equal("too_large", BookFiles.Problem(endless));
    }

    [Fact]
    public void Spreadsheets_of_other_kinds_say_that_they_must_be_saved_anew()
    {
        byte[] old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[504]];
        Assert.Equal("unread_workbook", BookFiles.Problem(old));
        Assert.Equal("unread_workbook", BookFiles.Problem(Zip("xl/workbook.bin")));
        Assert.Equal("unread_workbook", BookFiles.Problem(Zip("mimetype")));
        Assert.Equal("broken_xlsx", BookFiles.Problem(Zip("readme.txt")));
        Assert.Equal(
            "unread_workbook",
            BookFiles.Problem(
                "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>"u8.ToArray()
            )
        );
    }

    [Fact]
    public void Days_count_from_1904_where_a_workbook_says_so_and_strict_workbooks_write_them_out()
    {
        const string Sheet =
            "<sheetData><row><c t=\"str\"><v>제목</v></c><c t=\"str\"><v>저자</v></c><c t=\"str\"><v>ISBN</v></c><c t=\"str\"><v>출간일</v></c></row><row><c t=\"str\"><v>가을</v></c><c t=\"str\"><v>김하늘</v></c><c><v>9791190090018</v></c><c {0}</v></c></row></sheetData>";
        var days = Sheet.Replace("{0}", "><v>42178", StringComparison.Ordinal);
        string[] book = ["2 9791190090018 가을 / 김하늘 /  / 2019-06-24 × 1 []"];
        Assert.Equal(book, BookFiles.Books(BookFiles.Workbook(days, "", about: "<workbookPr date1904=\"1\"/>")));
        Assert.Equal(
            ["2 9791190090018 가을 / 김하늘 /  / 2015-06-23 × 1 []"],
            BookFiles.Books(BookFiles.Workbook(days, "", about: "<workbookPr date1904=\"0\"/>"))
        );
        var written = Sheet.Replace("{0}", "t=\"d\"><v>2019-06-24T00:00:00", StringComparison.Ordinal);
        Assert.Equal(book, BookFiles.Books(BookFiles.Workbook(written, "", isStrict: true)));
    }

    [Fact]
    public void Rows_and_parts_without_end_are_left_in_time()
    {
        var blank = string.Concat(Enumerable.Repeat("<row/>", 1_050_000));
        Assert.Equal(
            "too_large",
            BookFiles.Problem(BookFiles.Workbook($"<sheetData>{HeadedBook}{blank}</sheetData>", ""))
        );
        Assert.Equal(
            "too_large",
            BookFiles.Problem(
                Zip([
                    .. Enumerable.Range(0, 6_000).Select(number => $"{number}{new string('a', 200)}"),
                    "xl/workbook.xml",
                ])
            )
        );
        var fields = string.Concat(Enumerable.Repeat("<datafield/>", 10_000));
        Assert.Equal(
            "too_large",
            BookFiles.Problem(Encoding.UTF8.GetBytes($"<collection><record>{fields}</record></collection>"))
        );
    }

    [Fact]
    public void Reading_ends_when_it_is_told_to_though_nothing_more_is_found()
    {
        var blank = string.Concat(Enumerable.Repeat("<row/>", 200_000));
        byte[][] files =
        [
            BookFiles.Workbook($"<sheetData>{HeadedBook}{blank}</sheetData>", ""),
            Encoding.UTF8.GetBytes($"title,author,isbn\n가을,김하늘,9791190090018\n{new string('\n', 200_000)}"),
            Encoding.UTF8.GetBytes(
                $"<table><tr><td>title<td>author<td>isbn<tr><td>가을<td>김<td>9791190090018{string.Concat(Enumerable.Repeat("<tr>", 200_000))}</table>"
            ),
        ];
        foreach (var file in files)
        {
            using var stop = new CancellationTokenSource();
            using var books = new BookFile(new MemoryStream(file), null, stop.Token).Read().GetEnumerator();
            Assert.True(books.MoveNext());
            stop.Cancel();
            Assert.Throws<OperationCanceledException>(() => books.MoveNext());
        }
    }

    private static string HeadedBook =>
        "<row><c t=\"str\"><v>제목</v></c><c t=\"str\"><v>저자</v></c><c t=\"str\"><v>ISBN</v></c></row><row><c t=\"str\"><v>가을</v></c><c t=\"str\"><v>김하늘</v></c><c><v>9791190090018</v></c></row>";

    private static byte[] Zip(params string[] names)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in names)
            {
                zip.CreateEntry(name);
            }
        }
        return file.ToArray();
    }
}
