using System.Globalization;

namespace Madang.Library.Shelving;

/// <summary>How books look on pages.</summary>
internal static class BookLook
{
    private const int Longest = 80;

    /// <returns>A title or an author, cut where it is long.</returns>
    internal static string Cut(string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }
        var end = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return text[..end] + "…";
    }

    /// <returns>How many copies can be borrowed now, as a sentence says it.</returns>
    internal static string Copies(long stock) =>
        stock == 0
            ? LibraryWords.Say["library.shelf.none_in"]
            : Counted("library.shelf.one_in", "library.shelf.copies_in", stock);

    /// <returns>How many books there are, as a sentence says it.</returns>
    internal static string Books(long count) => Counted("library.shelf.one_book", "library.shelf.books", count);

    /// <returns>The day of a book's publication: a date that is given without a time is one of the server's time zone.</returns>
    internal static DateTime Day(DateTimeOffset published) =>
        TimeZoneInfo.ConvertTime(published, TimeZoneInfo.Local).Date;

    private static string Counted(string one, string many, long count) =>
        LibraryWords.Say.Format(count == 1 ? one : many, count.ToString("N0", CultureInfo.CurrentCulture));
}
