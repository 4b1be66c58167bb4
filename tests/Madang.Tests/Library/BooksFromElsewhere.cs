using System.Text;

namespace Madang.Tests.Library;

/// <summary>Files as other programs document them, in the encodings that they come in.</summary>
public sealed class BooksFromElsewhere
{
    private static readonly UTF8Encoding Utf8 = new(false);

    [Fact]
    public void The_library_export_of_Goodreads_of_today_and_of_earlier_years()
    {
        const string Columns =
            "Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,Owned Copies";
        var today = $""""""
            {Columns}
            44767458,"Dune (Dune, #1)",Frank Herbert,"Herbert, Frank","Brian Herbert, 아무개","=""059309932X""","=""9780593099322""",5,4.28,Ace,Hardcover,658,2019,1965,2026/01/02,2025/12/24,"sf, to-read","sf (#1), to-read (#7)",to-read,"Spice, ""the"" spice.
            And worms.",,,0,2
            9,"No number",Nobody,"Nobody, N.",,"=""""","=""""",0,3.1,,Kindle Edition,,,,,2025/12/24,,,read,,,,1,0
            """""";
        Assert.Equal(
            [
                "2 9780593099322 Dune (Dune, #1) / Frank Herbert, Brian Herbert, 아무개 / Ace / 2019-01-01 × 2 [sf|to-read]",
                "4 no_isbn",
            ],
            BookFiles.Books(today)
        );
        var earlier = $"""
            {Columns}
            2767052,The Hunger Games,Suzanne Collins,"Collins, Suzanne",,="0439023483",="9780439023481",0,4.3,Scholastic,Hardcover,374,,2008,,2013/05/01,,,read,,,,1,0
            """;
        Assert.Equal(
            ["2 9780439023481 The Hunger Games / Suzanne Collins / Scholastic / 2008-01-01 × 1 []"],
            BookFiles.Books(earlier, "goodreads")
        );
    }

    [Fact]
    public void Lists_of_Korean_booksellers_in_EUC_KR_with_a_mark_and_in_UTF_16()
    {
        const string Aladin = """
            알라딘 보관함 목록

            상품명,저자,출판사,출간일,ISBN13,분야,수량
            우리가 빛의 속도로 갈 수 없다면,김초엽 (지은이),허블,2019-06-24,9791190090018,국내도서>소설/시/희곡>한국소설,3권
            "1984","조지 오웰 (지은이), 정회성 (옮긴이)",민음사,20030616,978-89-374-6077-7,,
            """;
        string[] books =
        [
            "4 9791190090018 우리가 빛의 속도로 갈 수 없다면 / 김초엽 / 허블 / 2019-06-24 × 3 [국내도서|소설/시/희곡|한국소설]",
            "5 9788937460777 1984 / 조지 오웰, 정회성 (옮긴이) / 민음사 / 2003-06-16 × 1 []",
        ];
        Assert.Equal(books, BookFiles.Books(BookFiles.EucKr.GetBytes(Aladin)));
        Assert.Equal(books, BookFiles.Books(Utf8.GetBytes(Aladin)));
        Assert.Equal(books, BookFiles.Books([.. Encoding.UTF8.GetPreamble(), .. Utf8.GetBytes(Aladin)], "sheet"));

        // A letter that EUC-KR lacks and Windows' code page has.
        var yes24 =
            "도서명\t지은이\t출판사명\tISBN\t발행일자\t재고수량\n똠방각하\t최기인\t\t89-374-6077-7\t1999년 3월\t0\n";
        string[] one = ["2 8937460777 똠방각하 / 최기인 /  / 1999-03-01 × 0 []"];
        Assert.Equal(one, BookFiles.Books(CodePagesEncodingProvider.Instance.GetEncoding(949)!.GetBytes(yes24)));
        Assert.Equal(one, BookFiles.Books([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(yes24)]));
        Assert.Equal(
            one,
            BookFiles.Books([.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(yes24)])
        );
        Assert.Equal(one, BookFiles.Books(yes24.Replace('\t', ';')));
    }

    [Theory]
    [InlineData("2019-06-24", "2019-06-24")]
    [InlineData("2019.6.24.", "2019-06-24")]
    [InlineData("2019. 6. 24. (월)", "2019-06-24")]
    [InlineData("2019-06-24 00:00:00", "2019-06-24")]
    [InlineData("2019/6/24 오전 12:00", "2019-06-24")]
    [InlineData("2019년 6월 24일", "2019-06-24")]
    [InlineData("2019년 6월", "2019-06-01")]
    [InlineData("20190624", "2019-06-24")]
    [InlineData("[c2019]", "2019-01-01")]
    [InlineData("2019년", "2019-01-01")]
    [InlineData("24.06.2019", null)]
    [InlineData("06/24/2019", null)]
    [InlineData("\"June 24, 2019\"", null)]
    [InlineData("24 juin 2019", null)]
    [InlineData("2019-2020", null)]
    [InlineData("2019 (3판)", null)]
    public void A_date_of_a_table_is_all_that_stands_there_or_none(string written, string? day)
    {
        var told = Assert.Single(BookFiles.Books($"제목,저자,ISBN,출간일\n가을,김,9791190090018,{written}\n"));
        Assert.Equal(day is null ? "2 bad_date 9791190090018" : $"2 9791190090018 가을 / 김 /  / {day} × 1 []", told);
    }

    [Theory]
    [InlineData("[Collected] poems", "\uFEFF")]
    [InlineData("<가을>", "")]
    [InlineData("[1] 가을", "")]
    public void A_table_may_begin_with_a_bracket(string title, string mark)
    {
        Assert.Equal(
            [$"3 9791190090018 가을 / 김 /  /  × 1 []"],
            BookFiles.Books($"{mark}{title}\n제목,저자,ISBN\n가을,김,9791190090018\n")
        );
    }

    [Fact]
    public void A_workbook_with_numbers_for_ISBNs_and_days()
    {
        var file = BookFiles.Workbook(
            ["도서 주문서"],
            [],
            ["번호", "제목", "저자", "출판사", "ISBN", "출판일", "수량"],
            [1, "가을 & <산책>", "김하늘", "마당", 9791190090018, 43640, 2],
            [2, "끝자리", "이바다", null, "9.788937460777E12", "2003.6.16.", null],
            [null, null, null, null, null, null, null],
            [3, "틀린 번호", "이바다", null, 9788937460770, null, 1]
        );
        Assert.Equal(
            [
                "4 9791190090018 가을 & <산책> / 김하늘 / 마당 / 2019-06-24 × 2 []",
                "5 bad_isbn 9.788937460777E12",
                "7 bad_isbn 9788937460770",
            ],
            BookFiles.Books(file)
        );
        // As other programs write them: texts in their cells, in parts, and a number with an exponent.
        var other = BookFiles.Workbook(
            "<sheetData><row><c t=\"inlineStr\"><is><t>Title</t></is></c><c t=\"inlineStr\"><is><t>Author</t></is></c><c t=\"str\"><v>ISBN</v></c></row><row><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>Kim</t></is></c><c><v>9.788937460777E12</v></c></row></sheetData>",
            "<si><r><t>나누어 </t></r><r><t>쓴 글</t></r><rPh sb=\"0\" eb=\"1\"><t>ナヌオ</t></rPh></si>"
        );
        Assert.Equal(["2 9788937460777 나누어 쓴 글 / Kim /  /  × 1 []"], BookFiles.Books(other, "sheet"));
    }

    [Fact]
    public void MARC_21_as_libraries_exchange_it_and_as_XML()
    {
        var record = BookFiles.Marc(
            Utf8,
            "001 ocm123",
            "008 080801s2008    njua     b    001 0 eng  ",
            "020   $a0-13-235088-2 (pbk. : alk. paper) :$c45.99",
            "020   $z9780132350880",
            "100 1 $aMartin, Robert C.,$eauthor.",
            "245 10$aClean code :$ba handbook of agile software craftsmanship /$cRobert C. Martin ; with Ä.",
            "260   $aUpper Saddle River, NJ :$bPrentice Hall,$cc2009.",
            "650  0$aAgile software development.",
            "650  0$aComputer software$xReliability.",
            "700 1 $aFeathers, Michael C.",
            "852   $aMain$p0001",
            "852   $aMain$p0002"
        );
        string[] books =
        [
            "1 0132350882 Clean code : a handbook of agile software craftsmanship / Martin, Robert C.; Feathers, Michael C. / Prentice Hall / 2009-01-01 × 2 [Agile software development|Computer software]",
        ];
        Assert.Equal(books, BookFiles.Books(record));
        Assert.Equal(books, BookFiles.Books([.. "\r\n"u8, .. record, .. "\r\n"u8], "marc"));

        const string Xml = """
            <?xml version="1.0" encoding="UTF-8"?>
            <collection xmlns="http://www.loc.gov/MARC21/slim">
              <record>
                <leader>00000nam a2200000 a 4500</leader>
                <controlfield tag="008">190624s2019    ko            000 f kor  </controlfield>
                <datafield tag="020" ind1=" " ind2=" "><subfield code="a">9791190090018</subfield></datafield>
                <datafield tag="245" ind1="1" ind2="0"><subfield code="a">우리가 빛의 속도로 갈 수 없다면 /</subfield><subfield code="c">김초엽 지음.</subfield></datafield>
                <datafield tag="264" ind1=" " ind2="1"><subfield code="b">허블,</subfield></datafield>
                <datafield tag="264" ind1=" " ind2="3"><subfield code="b">인쇄소,</subfield></datafield>
              </record>
            </collection>
            """;
        Assert.Equal(
            ["1 9791190090018 우리가 빛의 속도로 갈 수 없다면 / 김초엽 지음 / 허블 / 2019-01-01 × 1 []"],
            BookFiles.Books(Xml)
        );
    }

    [Fact]
    public void KORMARC_in_EUC_KR_and_in_UTF_8_with_the_lengths_of_another_encoding()
    {
        string[] fields =
        [
            "001 KMO201912345",
            "008 190626s2019    ggk           000af kor  ",
            "020 1 $a9791190090001 (세트)",
            "020   $a9791190090018$g03810 :$c14000",
            "049 0 $lEM0000000001$c1$lEM0000000002$c2",
            "245 00$a우리가 빛의 속도로 갈 수 없다면 :$b김초엽 소설 /$d지은이: 김초엽",
            "260   $a화성 :$b허블,$c2019",
            "653   $a한국$a소설",
            "700 1 $a김초엽,$d1993-",
        ];
        string[] books =
        [
            "1 9791190090018 우리가 빛의 속도로 갈 수 없다면 : 김초엽 소설 / 김초엽 / 허블 / 2019-01-01 × 2 [한국|소설]",
        ];
        var korean = BookFiles.Marc(BookFiles.EucKr, fields);
        Assert.Equal(books, BookFiles.Books(korean));
        Assert.Equal(books, BookFiles.Books(korean, "kormarc"));
        Assert.Equal(books, BookFiles.Books(BookFiles.Marc(Utf8, fields)));
        // Whoever turns a file into UTF-8 without knowing what it is leaves the old lengths in it.
        Assert.Equal(books, BookFiles.Books(Encoding.Convert(BookFiles.EucKr, Utf8, korean)));
        // Without a name of its own the title page counts.
        var unnamed = BookFiles.Marc(Utf8, [.. fields[..8]]);
        Assert.Contains(" / 지은이: 김초엽 / ", Assert.Single(BookFiles.Books(unnamed)), StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_as_people_and_catalogues_write_them()
    {
        (string Written, string Told)[] dates =
        [
            ("2019-06-24", "2019-06-24"),
            ("2019.6.4.", "2019-06-04"),
            ("2019/06", "2019-06-01"),
            ("2019년 6월 24일", "2019-06-24"),
            ("20190624", "2019-06-24"),
            ("[c1998]", "1998-01-01"),
            ("2019-06-00", "2019-06-01"),
            ("2019-06-24T23:30:00+09:00", "2019-06-24"),
            ("", ""),
        ];
        foreach (var (written, told) in dates)
        {
            var book = Assert.Single(BookFiles.Books($"title,author,isbn,published\n가,나,9791190090018,{written}\n"));
            Assert.Contains($" / {told} × ", book, StringComparison.Ordinal);
        }
        foreach (var wrong in new[] { "2019-13-01", "2019-02-30", "언젠가", "12" })
        {
            Assert.Equal(
                ["2 bad_date 9791190090018"],
                BookFiles.Books($"title,author,isbn,published\n가,나,9791190090018,{wrong}\n")
            );
        }
    }
}
