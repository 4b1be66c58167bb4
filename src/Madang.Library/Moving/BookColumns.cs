namespace Madang.Library.Moving;

/// <summary>
/// Where each field stands in the tables of one source: headings without case, spaces and signs, in the order in which they count.
/// </summary>
/// <param name="Name">As people name it.</param>
internal sealed record BookColumns(string Name)
{
    internal const string Own = "madang";
    internal const string Goodreads = "goodreads";
    internal const string Sheet = "sheet";

    internal required string[] Title { get; init; }
    internal required string[] Author { get; init; }

    /// <summary>Those who stand beside the author.</summary>
    internal string[] OtherAuthors { get; init; } = [];
    internal required string[] Publisher { get; init; }
    internal required string[] Isbn { get; init; }
    internal required string[] Published { get; init; }
    internal required string[] Copies { get; init; }
    internal required string[] Tags { get; init; }

    /// <summary>What stands between tags.</summary>
    internal char[] TagSigns { get; init; } = [',', ';', '|', '>'];

    /// <summary>Whether it is our own export, whose tags and formulas are written so that they can be read exactly.</summary>
    internal bool IsOwn => Name == Own;

    private static readonly BookColumns OfYards = new(Own)
    {
        Title = ["title"],
        Author = ["author"],
        Publisher = ["publisher"],
        Isbn = ["isbn"],
        Published = ["publishedat"],
        Copies = ["stock"],
        Tags = ["tags"],
    };

    /// <summary>The library export of Goodreads: My Books, Import and export.</summary>
    private static readonly BookColumns OfGoodreads = new(Goodreads)
    {
        Title = ["title"],
        Author = ["author"],
        OtherAuthors = ["additionalauthors"],
        Publisher = ["publisher"],
        Isbn = ["isbn13", "isbn"],
        Published = ["yearpublished", "originalpublicationyear"],
        Copies = ["ownedcopies"],
        Tags = ["bookshelves"],
        TagSigns = [','],
    };

    /// <summary>Order lists and catalogues of Korean booksellers, and any other table that names its columns.</summary>
    private static readonly BookColumns OfSheets = new(Sheet)
    {
        Title =
        [
            "상품명",
            "도서명",
            "제목",
            "서명",
            "책제목",
            "책이름",
            "책명",
            "자료명",
            "표제",
            "본표제",
            "title",
            "booktitle",
        ],
        Author = ["저자", "지은이", "저자명", "저작자", "작가", "글쓴이", "저자역자", "author", "authors", "writer"],
        Publisher = ["출판사", "출판사명", "발행처", "발행자", "publisher"],
        Isbn = ["isbn13", "isbn", "isbn10", "국제표준도서번호", "ean", "ean13"],
        Published =
        [
            "출간일",
            "출간일자",
            "발행일",
            "발행일자",
            "출판일",
            "출판일자",
            "발행년도",
            "발행연도",
            "출판년도",
            "출판연도",
            "출간년도",
            "출간연도",
            "발행년",
            "출판년",
            "publishedat",
            "publicationdate",
            "pubdate",
            "published",
            "publicationyear",
            "year",
        ],
        Copies =
        [
            "재고수량",
            "재고",
            "수량",
            "주문수량",
            "권수",
            "부수",
            "소장수",
            "copies",
            "quantity",
            "stock",
            "qty",
        ],
        Tags =
        [
            "태그",
            "분류",
            "카테고리",
            "주제",
            "분야",
            "키워드",
            "tags",
            "category",
            "categories",
            "subject",
            "subjects",
            "genre",
        ],
    };

    /// <returns>A heading without case, spaces and signs: <c>ISBN-13</c>, <c>Isbn 13</c> and <c>ISBN(13)</c> are one.</returns>
    internal static string KeyOf(string heading) =>
        string.Concat(heading.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <param name="headings">By <see cref="KeyOf"/>.</param>
    /// <param name="source">Whose it is said to be; null when the headings are to tell.</param>
    /// <returns>Null when these are no headings of that source.</returns>
    internal static BookColumns? Of(string[] headings, string? source)
    {
        var found =
            headings is ["isbn", "title", "author", "publisher", "publishedat", "stock", "tags", ..] ? OfYards
            : headings.Contains("bookid") && headings.Contains("isbn13") && headings.Contains("exclusiveshelf")
                ? OfGoodreads
            : headings.Intersect(OfSheets.Title).Any() && headings.Intersect(OfSheets.Isbn).Any() ? OfSheets
            : null;
        // Any of them is a table that names its columns.
        return source is null || source == found?.Name ? found
            : source == Sheet && found is not null ? OfSheets
            : null;
    }
}
