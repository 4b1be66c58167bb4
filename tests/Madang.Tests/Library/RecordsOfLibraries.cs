using System.Text;

namespace Madang.Tests.Library;

/// <summary>What a record says of itself in its leader: whether it still counts, and what its letters are.</summary>
public sealed class RecordsOfLibraries
{
    private const string Isbn = "020   $a9791190090018";
    private const string Author = "100 1 $aKim";

    [Fact]
    public void A_deleted_record_is_told_and_no_book()
    {
        var record = BookFiles.Marc(Encoding.UTF8, Isbn, Author, "245 10$aGone");
        record[5] = (byte)'d';
        Assert.Equal(["1 deleted_record 9791190090018"], BookFiles.Books(record));
        const string Xml = """
            <collection xmlns="http://www.loc.gov/MARC21/slim"><record>
            <leader>00000dam a2200000 a 4500</leader>
            <datafield tag="020" ind1=" " ind2=" "><subfield code="a">9791190090018</subfield></datafield>
            <datafield tag="100" ind1="1" ind2=" "><subfield code="a">한강</subfield></datafield>
            <datafield tag="245" ind1="1" ind2="0"><subfield code="a">흰</subfield></datafield>
            </record></collection>
            """;
        Assert.Equal(["1 deleted_record 9791190090018"], BookFiles.Books(Xml));
        Assert.Equal(
            ["1 9791190090018 흰 / 한강 /  /  × 1 []"],
            BookFiles.Books(Xml.Replace("00000dam", "00000cam", StringComparison.Ordinal))
        );
    }

    /// <summary>Søren, café, tiếng with its two marks, and a title that goes on to East Asian letters (EACC) by an escape.</summary>
    [Theory]
    [InlineData("S\u00B2ren")]
    [InlineData("caf\u00E2e")]
    [InlineData("ti\u00E3\u00E2eng")]
    [InlineData("\u001B$1!0O!Mo\u001B(B")]
    public void MARC_8_is_told_and_never_taken_for_Korean(string title)
    {
        // A letter of Latin-1 is the byte of its number.
        var record = BookFiles.Marc(Encoding.Latin1, Isbn, Author, $"245 10$a{title}");
        Assert.Equal(["1 unknown_encoding"], BookFiles.Books(record));
        Assert.Equal(["1 unknown_encoding"], BookFiles.Books(record, "marc"));
        record[9] = (byte)'a';
        Assert.NotEqual(["1 unknown_encoding"], BookFiles.Books(record));
    }

    [Theory]
    [InlineData("똠방각하", null)]
    [InlineData("뷁", null)]
    [InlineData("흰", null)]
    [InlineData("Plain", null)]
    [InlineData("論語", "kormarc")]
    public void Korean_is_read_where_the_leader_says_nothing(string title, string? from)
    {
        var author = from is null ? "한강" : "孔子";
        var record = BookFiles.Marc(
            CodePagesEncodingProvider.Instance.GetEncoding(949)!,
            Isbn,
            $"100 1 $a{author}",
            $"245 10$a{title}"
        );
        Assert.Equal([$"1 9791190090018 {title} / {author} /  /  × 1 []"], BookFiles.Books(record, from));
    }

    [Fact]
    public void Letters_that_could_be_Korean_or_not_are_told_and_not_guessed()
    {
        var record = BookFiles.Marc(BookFiles.EucKr, Isbn, "100 1 $a孔子", "245 10$a論語");
        Assert.Equal(["1 unknown_encoding"], BookFiles.Books(record));
    }
}
