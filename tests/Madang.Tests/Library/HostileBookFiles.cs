using System.Text;
using Madang.Library.Moving;

namespace Madang.Tests.Library;

/// <summary>Files that are small and say much, and letters that could be two things.</summary>
public sealed class HostileBookFiles
{
    private const string Isbn = "020   $a9791190090018";

    [Fact]
    public void A_cell_or_a_record_that_says_more_than_anybody_writes_is_left_in_time()
    {
        var much = new string('a', 2 * 1024 * 1024);
        Assert.Equal(
            "too_large",
            BookFiles.Problem(
                BookFiles.Workbook(
                    $"<sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>{much}</t></is></c></row></sheetData>",
                    ""
                )
            )
        );
        Assert.Equal(
            "too_large",
            BookFiles.Problem(Encoding.UTF8.GetBytes(Xml($"<subfield code=\"a\">{much}</subfield>")))
        );
    }

    [Theory]
    [InlineData("utf-8", "a")]
    // The sign of a tag is a part of this letter, byte for byte.
    [InlineData("utf-16", "㰼")]
    public void A_tag_that_says_more_than_anybody_writes_is_left_before_it_is_read(string encoding, string letter)
    {
        var much = string.Concat(Enumerable.Repeat(letter, 2 * 1024 * 1024));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(
            "too_large",
            BookFiles.Problem(BookFiles.Workbook($"<sheetData><row r=\"{much}\"/></sheetData>", ""))
        );
        Assert.Equal("too_large", BookFiles.Problem(BookFiles.Workbook("<sheetData/>", $"<si a=\"{much}\"/>")));
        var coded = Encoding.GetEncoding(encoding);
        byte[] record = [.. coded.GetPreamble(), .. coded.GetBytes(Xml($"<subfield code=\"a{much}\"/>"))];
        Assert.Equal("too_large", BookFiles.Problem(record));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }

    [Fact]
    public void Elements_within_one_another_without_end_are_left_in_time()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 5_000));
        Assert.Equal("too_large", BookFiles.Problem(BookFiles.Workbook($"<sheetData>{deep}", "")));
        Assert.Equal("too_large", BookFiles.Problem(BookFiles.Workbook("<sheetData/>", $"<si>{deep}")));
        Assert.Equal("too_large", BookFiles.Problem(Encoding.UTF8.GetBytes($"<collection>{deep}")));
    }

    [Fact]
    public void A_cell_that_many_rows_share_is_not_looked_at_in_each()
    {
        var much = new string('a', 900_000);
        var rows = string.Concat(Enumerable.Repeat("<tr><td>김<td>9791190090018", 5_000));
        var books = BookFiles.Books(
            $"<table><tr><td>제목<td>저자<td>ISBN<tr><td rowspan=9999>{much}<td>김<td>9791190090018{rows}</table>"
        );
        Assert.Equal(5_001, books.Length);
        Assert.All(books, book => Assert.EndsWith(" too_long 9791190090018", book, StringComparison.Ordinal));
        // Blanks that many cells share.
        var blank = new string(' ', 900_000);
        var cells = string.Concat(Enumerable.Repeat("<row><c t=\"s\"><v>1</v></c></row>", 20_000));
        var names = string.Concat("제목 저자 ISBN".Split(' ').Select(name => $"<c t=\"str\"><v>{name}</v></c>"));
        Assert.Equal(
            "nothing",
            BookFiles.Problem(
                BookFiles.Workbook(
                    $"<sheetData><row>{names}</row>{cells}</sheetData>",
                    $"<si><t>a</t></si><si><t xml:space=\"preserve\">{blank}</t></si>"
                )
            )
        );
        // Signs that a search could begin at again and again.
        var signs = new string(' ', 500_000);
        Assert.Equal(
            "other_columns",
            BookFiles.Problem(Encoding.UTF8.GetBytes($"<table><tr><td colspan={signs}x>a</table>"))
        );
    }

    [Fact]
    public void A_table_is_left_between_two_rows_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var rows = new BookTable("sheet") { Stop = stop.Token };
        IEnumerable<TableRow> Rows()
        {
            yield return new(1, ["제목", "저자", "ISBN"]);
            stop.Cancel();
            while (true)
            {
                yield return new(2, [""]);
            }
        }
        Assert.Throws<OperationCanceledException>(() => rows.Read(Rows(), true).Count());
    }

    [Fact]
    public void Fields_that_share_their_bytes_are_no_record()
    {
        var whole = BookFiles.Marc(Encoding.UTF8, Isbn, "100 1 $a한강", "245 10$a흰");
        Assert.Single(BookFiles.Books(whole), book => book.Contains('흰', StringComparison.Ordinal));
        var directory = string.Concat(Enumerable.Repeat("245001100000", 5_000));
        var start = 24 + directory.Length + 1;
        byte[] shared =
        [
            .. Encoding.ASCII.GetBytes($"{start + 12:D5}nam  22{start:D5} c 4500{directory}"),
            0x1E,
            .. "10\u001faabcdef"u8,
            0x1E,
            0x1D,
        ];
        Assert.Equal(["1 broken_record"], BookFiles.Books(shared));
    }

    [Theory, InlineData("칼"), InlineData("탈"), InlineData("천"), InlineData("철")]
    public void A_word_of_one_encoding_that_is_letters_of_another_is_read_as_its_record_is(string title)
    {
        var record = BookFiles.Marc(BookFiles.EucKr, Isbn, "100 1 $a한강", $"245 10$a{title}");
        Assert.Equal([$"1 9791190090018 {title} / 한강 /  /  × 1 []"], BookFiles.Books(record));
    }

    [Fact]
    public void A_mark_before_a_record_and_XML_that_says_it_is_Korean_are_read()
    {
        byte[] marked = [0xEF, 0xBB, 0xBF, .. BookFiles.Marc(Encoding.UTF8, Isbn, "100 1 $a한강", "245 10$a흰")];
        Assert.Equal(["1 9791190090018 흰 / 한강 /  /  × 1 []"], BookFiles.Books(marked));
        var korean = Xml(
            "<subfield code=\"a\">Tom <![CDATA[&]]> 제리</subfield>",
            "<?xml version=\"1.0\" encoding=\"EUC-KR\"?>"
        );
        Assert.Equal(
            ["1 9791190090018 Tom & 제리 / 한강 /  /  × 1 []"],
            BookFiles.Books(BookFiles.EucKr.GetBytes(korean))
        );
    }

    private static string Xml(string title, string before = "") =>
        $"""
            {before}<collection xmlns="http://www.loc.gov/MARC21/slim"><record>
            <datafield tag="020" ind1=" " ind2=" "><subfield code="a">9791190090018</subfield></datafield>
            <datafield tag="100" ind1="1" ind2=" "><subfield code="a">한강</subfield></datafield>
            <datafield tag="245" ind1="1" ind2="0">{title}</datafield>
            </record></collection>
            """;
}
