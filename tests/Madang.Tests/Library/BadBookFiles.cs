using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Moving;
using Madang.Library.Moving;

namespace Madang.Tests.Library;

/// <summary>Files that break off, lie or are none: each is told as such, and nothing else ever comes of it.</summary>
public sealed class BadBookFiles
{
    private static readonly byte[] Csv = Encoding.UTF8.GetBytes(
        "isbn,title,author,publisher,published_at,stock,tags,created_at\r\n9791190090018,\"가을, 산책\",김하늘,,2024-10-01,3,소설|여행,\r\n"
    );

    private static readonly byte[] Sheet = BookFiles.Workbook(
        ["제목", "저자", "ISBN"],
        ["가을 산책", "김하늘", 9791190090018],
        ["겨울 산책", "이바다", "9788937460777"]
    );

    private static readonly byte[] Marc =
    [
        .. BookFiles.Marc(Encoding.UTF8, "020   $a9791190090018", "100 1 $a김하늘", "245 10$a가을 산책"),
        .. BookFiles.Marc(BookFiles.EucKr, "020   $a9788937460777", "100 1 $a이바다", "245 10$a겨울 산책"),
    ];

    private static readonly byte[] Json = Encoding.UTF8.GetBytes(
        """{"books":[{"isbn":"9791190090018","title":"가을","author":"김하늘","stock":2,"tags":["소설"]}]}"""
    );

    [Fact]
    public void Each_line_tells_what_is_wrong_with_it_and_where_it_stands()
    {
        var tags = string.Join('|', Enumerable.Range(0, 51));
        var file = $"""
            isbn,title,author,publisher,published_at,stock,tags
            9791190090018,제목,지은이,,,,
            979-11-90090-01-9,제목,지은이,,,,
            ,제목,지은이,,,,
            9791190090018,,지은이,,,,
            9791190090018,제목," ",,,,
            9791190090018,{new string('가', 501)},지은이,,,,
            9791190090018,제목,지은이,{new string('나', 301)},,,
            9791190090018,제목,지은이,,언젠가,,
            9791190090018,제목,지은이,,,-1,
            9791190090018,제목,지은이,,,1000001,
            9791190090018,제목,지은이,,,,{tags}
            9791190090018,제목,지은이,,,,{new string('다', 101)}
            9791190090018,제{"\0"}목,지은이,,,,
            """.ReplaceLineEndings("\n");
        // A zero byte in the first kilobyte is no text at all: here it comes later.
        Assert.Equal(
            [
                "2 9791190090018 제목 / 지은이 /  /  × 1 []",
                "3 bad_isbn 979-11-90090-01-9",
                "4 no_isbn",
                "5 no_title 9791190090018",
                "6 no_author 9791190090018",
                "7 too_long 9791190090018",
                "8 too_long 9791190090018",
                "9 bad_date 9791190090018",
                "10 bad_stock 9791190090018",
                "11 bad_stock 9791190090018",
                "12 bad_tag 9791190090018",
                "13 bad_tag 9791190090018",
                "14 not_text 9791190090018",
            ],
            BookFiles.Books(file)
        );
    }

    [Fact]
    public void A_line_with_bytes_that_are_no_letters_is_refused_alone()
    {
        byte[] file =
        [
            .. "title,author,isbn\n가을,김하늘,9791190090018\n"u8,
            0xFF,
            0xC0,
            .. ",이바다,9788937460777\n"u8,
        ];
        Assert.Equal(["2 9791190090018 가을 / 김하늘 /  /  × 1 []", "3 not_text 9788937460777"], BookFiles.Books(file));
        byte[] marc =
        [
            .. BookFiles.Marc(Encoding.Latin1, "020   $a9791190090018", "245 10$aÉté"),
            .. BookFiles.Marc(Encoding.UTF8, "020   $a9788937460777", "245 10$a겨울"),
            .. "rubbish"u8,
            0x1D,
            .. Marc,
        ];
        Assert.Equal(
            [
                "1 unknown_encoding",
                "2 no_author 9788937460777",
                "3 broken_record",
                "4 9791190090018 가을 산책 / 김하늘 /  /  × 1 []",
                "5 9788937460777 겨울 산책 / 이바다 /  /  × 1 []",
            ],
            BookFiles.Books(marc)
        );
    }

    [Fact]
    public void A_file_that_is_none_says_why()
    {
        Assert.Equal("nothing", BookFiles.Problem([]));
        Assert.Equal("nothing", BookFiles.Problem("title,author,isbn\n"u8.ToArray()));
        Assert.Equal("nothing", BookFiles.Problem("{\"books\":[]}"u8.ToArray()));
        Assert.Equal("nothing", BookFiles.Problem("<collection/>"u8.ToArray()));
        Assert.Equal("other_columns", BookFiles.Problem("one,two\n1,2\n"u8.ToArray()));
        Assert.Equal("other_columns", BookFiles.Problem(Csv, "goodreads"));
        Assert.Equal("other_columns", BookFiles.Problem("제목,저자,ISBN\n가,나,1\n"u8.ToArray(), "madang"));
        Assert.Equal("wrong_encoding", BookFiles.Problem([1, 0, 2, 0, 3]));
        Assert.Equal("wrong_encoding", BookFiles.Problem(Encoding.Unicode.GetBytes("title,author,isbn")));
        Assert.Equal("other_kind", BookFiles.Problem(Csv, "marc"));
        Assert.Equal("other_kind", BookFiles.Problem(Json, "sheet"));
        Assert.Equal("other_kind", BookFiles.Problem(Sheet, "kormarc"));
        Assert.Equal("other_kind", BookFiles.Problem(Marc, "sheet"));
        Assert.Equal("broken_xlsx", BookFiles.Problem([.. "PK\x03\x04"u8, .. new byte[100]]));
        Assert.Equal("broken_xml", BookFiles.Problem("<collection><record></collection>"u8.ToArray()));
        var many = new StringBuilder("title,author,isbn\n").Insert(18, "가,나,1\n", BookFile.MostBooks + 1);
        Assert.Equal("too_many", BookFiles.Problem(Encoding.UTF8.GetBytes(many.ToString())));
    }

    [Fact]
    public void A_file_that_breaks_off_is_refused_as_a_whole()
    {
        foreach (var file in new[] { Sheet, Marc, Json })
        {
            for (var length = 1; length < file.Length; length++)
            {
                try
                {
                    // What ends just between two records is a whole file.
                    Assert.Single(BookFiles.Books(file[..length]));
                    Assert.Equal(Marc, file);
                    Assert.InRange(file[length - 1], 0x1D, 0x1D);
                }
                catch (BrokenImportException)
                {
                    // As it should be.
                }
            }
        }
        // A table can't say that it goes on, but a row that has begun.
        foreach (var length in Enumerable.Range(Csv.Length - 60, 55))
        {
            Assert.Equal("broken_csv", BookFiles.Problem(Csv[..length]));
        }
        Assert.Equal(
            "broken_csv",
            BookFiles.Problem(
                "Book Id,Title,Author,ISBN13,My Review,Exclusive Shelf\n1,A,B,=\"9791190090018\",\"cut\n off,read\n"u8.ToArray()
            )
        );
        // Many programs leave the last line end out: what was cut within the last field can't be known.
        Assert.Single(BookFiles.Books("title,author,isbn\n가을,김하늘,9791190090018"));
        Assert.Equal(["2 bad_isbn 979119009001"], BookFiles.Books("title,author,isbn\n가을,김하늘,979119009001"));
    }

    [Fact]
    public void Small_files_that_say_they_are_huge_are_left_in_time()
    {
        var blank = new string(' ', 1024 * 1024);
        var heavy = string.Concat(Enumerable.Repeat(blank, 65));
        Assert.Equal("too_large", BookFiles.Problem(BookFiles.Workbook("<sheetData/>", heavy)));
        const string Entities = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;\">]>";
        Assert.Equal(
            "broken_xlsx",
            BookFiles.Problem(BookFiles.Workbook("<sheetData/>", "<si><t>&c;</t></si>", Entities))
        );
        Assert.Equal(
            "broken_xml",
            BookFiles.Problem(
                Encoding.UTF8.GetBytes(
                    "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><collection><record>&x;</record></collection>"
                )
            )
        );
        // The last column of a sheet takes no sixteen thousand fields a row.
        Assert.Equal(
            "other_columns",
            BookFiles.Problem(BookFiles.Workbook("<sheetData><row><c r=\"XFD1\"><v>1</v></c></row></sheetData>", ""))
        );
        Assert.Equal(
            "broken_csv",
            BookFiles.Problem([
                .. "title,author,isbn\n\""u8,
                .. Encoding.UTF8.GetBytes(blank),
                .. Encoding.UTF8.GetBytes(blank),
            ])
        );
    }

    [Fact]
    public void Whatever_becomes_of_its_bytes_a_file_is_read_or_told_to_be_broken()
    {
        byte[][] files = [Csv, Sheet, Marc, Json];
        var changed =
            from file in Gen.Elements(files)
            from places in Gen.Choose(0, file.Length - 1).ListOf(4)
            from bytes in Gen.Choose(0, 255).ListOf(4)
            from length in Gen.Choose(1, file.Length)
            select Changed(file, [.. places], [.. bytes], length);
        Prop.ForAll(
                Arb.From(changed),
                file =>
                {
                    try
                    {
                        foreach (
                            var item in new BookFile(
                                new MemoryStream(file),
                                null,
                                TestContext.Current.CancellationToken
                            ).Read()
                        )
                        {
                            Assert.True(item.Book is not null ^ item.Fault is not null);
                        }
                    }
                    catch (BrokenImportException)
                    {
                        // Told.
                    }
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static byte[] Changed(byte[] file, int[] places, int[] bytes, int length)
    {
        byte[] changed = [.. file];
        foreach (var (place, value) in places.Zip(bytes))
        {
            changed[place] = (byte)value;
        }
        return length % 3 == 0 ? changed[..length] : changed;
    }
}
