using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Foundation.Data;
using Madang.Library.Shelving;

namespace Madang.Library.Moving;

/// <summary>A book that is brought in.</summary>
/// <param name="Line">Where it stands in its file.</param>
/// <param name="Isbn">Without hyphens, with a right check digit.</param>
/// <param name="Title">Its title.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Publisher">Who published it, or null.</param>
/// <param name="PublishedAt">When it was published, or null.</param>
/// <param name="Stock">How many copies there are.</param>
/// <param name="Tags">The names of its tags, each once whatever its case.</param>
internal sealed record IncomingBook(
    int Line,
    string Isbn,
    string Title,
    string Author,
    string? Publisher,
    DateTimeOffset? PublishedAt,
    long Stock,
    IReadOnlyList<string> Tags
)
{
    /// <summary>By this it is known whether it is here.</summary>
    internal string Key { get; } = Library.Isbn.Key(Isbn);
}

/// <summary>A line of a file, or a record of it, or why it is none that could become a book.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Title">Its title, as far as that is known.</param>
/// <param name="Isbn">What stands where its ISBN should, or null.</param>
/// <param name="Book">The book, or null.</param>
/// <param name="Fault">Why there is none, as the API names it.</param>
internal sealed record IncomingItem(int Line, string Title, string? Isbn, IncomingBook? Book, string? Fault);

/// <summary>What a source says of a book, text by text.</summary>
/// <param name="Line">Where it says so.</param>
internal sealed partial record RawBook(int Line)
{
    private const int LongestTag = 100;
    private const int MostTold = 200;

    internal string? Title { get; init; }
    internal string? Author { get; init; }
    internal string? Publisher { get; init; }

    /// <summary>Its numbers, those that are to count most first.</summary>
    internal IReadOnlyList<string> Isbns { get; init; } = [];
    internal string? Published { get; init; }
    internal string? Copies { get; init; }
    internal IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether a cataloguer wrote its date, and put whatever he knows beside the year.</summary>
    internal bool IsCatalogued { get; init; }

    /// <summary>From when its spreadsheet counts days; null elsewhere.</summary>
    internal DateTime? FirstDay { get; init; }

    /// <summary>What is wrong with it before anything is looked at.</summary>
    internal string? Fault { get; init; }

    internal IncomingItem Check()
    {
        var isbn = Isbns.Select(Library.Isbn.Plain).FirstOrDefault(plain => plain is not null);
        var (title, author, publisher) = (Tidy(Title), Tidy(Author), Tidy(Publisher));
        var tags = TidyTags();
        var (published, hasBadDate) = PublicationDate.Read(Published, FirstDay, IsCatalogued);
        var fault =
            Fault
            ?? (
                !AreTexts() ? "not_text"
                : title.Length == 0 ? "no_title"
                : author.Length == 0 ? "no_author"
                : Isbns.All(string.IsNullOrWhiteSpace) ? "no_isbn"
                : isbn is null ? "bad_isbn"
                : IsLonger(title, BookInput.LongestTitle) ? "too_long"
                : IsLonger(author, BookInput.LongestTitle) ? "too_long"
                : IsLonger(publisher, BookInput.LongestPublisher) ? "too_long"
                : hasBadDate ? "bad_date"
                : Stock() is null ? "bad_stock"
                : tags.Count > TagId.Most || tags.Any(tag => IsLonger(tag, LongestTag)) ? "bad_tag"
                : null
            );
        var told = Told(isbn ?? Isbns.FirstOrDefault(one => !string.IsNullOrWhiteSpace(one)) ?? "");
        return fault is null
            ? new(
                Line,
                Told(title),
                told,
                new(
                    Line,
                    isbn!,
                    title,
                    author,
                    publisher.Length == 0 ? null : publisher,
                    published,
                    Stock()!.Value,
                    tags
                ),
                null
            )
            : new(Line, Told(title), told.Length == 0 ? null : told, null, fault);
    }

    private IEnumerable<string> All => [Title ?? "", Author ?? "", Publisher ?? "", .. Isbns, Copies ?? "", .. Tags];

    /// <summary>A replacement character stands for what could not be read.</summary>
    private bool AreTexts() => All.All(text => !text.AsSpan().ContainsAny('\0', '\uFFFE', '\uFFFD'));

    /// <returns>In NFC, each stretch of white space one space; as it is where it holds what NFC knows nothing of.</returns>
    private static string Tidy(string? text) =>
        string.IsNullOrWhiteSpace(text) ? ""
        : text.Contains('\uFFFE', StringComparison.Ordinal) ? text
        : Fold.Clean(Spaces().Replace(text, " ")).Trim();

    private List<string> TidyTags() =>
        Tags.Any(tag => tag.Contains('\uFFFE', StringComparison.Ordinal))
            ? []
            : [.. Tags.Select(Tidy).Where(tag => tag.Length > 0).DistinctBy(Fold.Key)];

    /// <returns>One copy where nothing is said; null when it is no number of copies.</returns>
    private long? Stock()
    {
        if (string.IsNullOrWhiteSpace(Copies))
        {
            return 1;
        }
        var number = Copies.Trim().TrimEnd('권', '부', ' ').Replace(",", "", StringComparison.Ordinal);
        return
            long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var stock)
            && stock <= BookInput.MostStock
            ? stock
            : null;
    }

    private static bool IsLonger(string text, int most) => text.Length > most && text.EnumerateRunes().Count() > most;

    /// <summary>Enough to know it by; what is refused may be anything.</summary>
    internal static string Told(string text)
    {
        var (told, count, half) = (new StringBuilder(), 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is 0 or 0xFFFE)
            {
                continue;
            }
            told.Append(rune.ToString());
            half = ++count == MostTold / 2 ? told.Length : half;
            if (told.Length > MostTold)
            {
                return $"{told.ToString(0, half)}…";
            }
        }
        return told.ToString();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
