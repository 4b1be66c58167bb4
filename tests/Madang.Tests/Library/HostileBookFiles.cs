using System.Text;

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
