using System.Globalization;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;

namespace Madang.Library.Shelving;

/// <summary>A book as the pages' form has it: the date is a day, tags stand behind one another by name, the stock is a text.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record BookFormInput
{
    /// <summary>The title.</summary>
    [Needed, Longest(BookInput.LongestTitle)]
    public string? Title { get; init; }

    /// <summary>Who wrote it.</summary>
    [Needed, Longest(BookInput.LongestTitle)]
    public string? Author { get; init; }

    /// <summary>Who published it.</summary>
    [Longest(BookInput.LongestPublisher)]
    public string? Publisher { get; init; }

    /// <summary>ISBN-10 or ISBN-13.</summary>
    [Needed, Longest(Library.Isbn.Longest)]
    public string? Isbn { get; init; }

    /// <summary>Copies that can be borrowed now.</summary>
    [Needed]
    public string? Stock { get; init; }

    /// <summary>The day of its publication, <c>2026-11-21</c>; empty when nobody knows.</summary>
    public string? PublishedAt { get; init; }

    /// <summary>Names of tags with commas between them, as <see cref="TypedTags"/> reads them.</summary>
    [Longest(TagId.Most * 2 * (Tag.LongestName + 2))]
    public string? Tags { get; init; }

    /// <summary>The ETag of the book as it stood when the form was shown.</summary>
    public string? Etag { get; init; }

    /// <summary>The stock that the form showed.</summary>
    public string? StockShown { get; init; }

    internal string[] TagNames => TypedTags.Read(Tags);

    /// <summary>The stock that the form showed, when its reader left it so.</summary>
    internal long? StockKept => Stock == StockShown && Number(StockShown) is { } shown ? shown : null;

    /// <returns>The book to be added, its tags left out.</returns>
    internal (BookInput? Input, Refused? Refused) ToBook() =>
        Fault is { } refused
            ? (null, refused)
            : (
                new BookInput
                {
                    Title = Title,
                    Author = Author,
                    Publisher = Publisher,
                    Isbn = Isbn,
                    Stock = Number(Stock),
                    PublishedAt = PublishedAt is null ? null : Day(PublishedAt),
                },
                null
            );

    /// <param name="before">The book so far: a day that is shown as it was stays to the microsecond.</param>
    internal (BookChangeInput? Input, Refused? Refused) ToChange(Book before) =>
        Fault is { } refused
            ? (null, refused)
            : (
                new BookChangeInput
                {
                    Title = new(Title),
                    Author = new(Author),
                    Publisher = new(Publisher),
                    Isbn = new(Isbn),
                    Stock = StockKept is null ? new(Number(Stock)) : default,
                    PublishedAt =
                        PublishedAt == Shown(before.PublishedAt) ? default
                        : PublishedAt is null ? new(null)
                        : new(Day(PublishedAt)),
                },
                null
            );

    /// <returns>A day as fields of dates have it, or null.</returns>
    internal static string? Shown(DateTimeOffset? published) =>
        published is { } at ? BookLook.Day(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private Refused? Fault
    {
        get
        {
            var faults = new Dictionary<string, string[]>();
            Check("isbn", Library.Isbn.Plain(Isbn) is not null, "library.bad_isbn");
            Check("stock", Number(Stock) is not null, "library.book.bad_stock");
            Check("published_at", PublishedAt is null || Day(PublishedAt) is not null, "library.book.bad_date");
            Check("tags", TagNames.Length <= TagId.Most, "library.too_many_tags");
            Check(
                "tags",
                TagNames.All(name => name.EnumerateRunes().Count() <= Tag.LongestName),
                "library.book.long_tag"
            );
            return faults.Count == 0 ? null : new(StatusCodes.Status400BadRequest) { Errors = faults };

            void Check(string name, bool isWell, string word)
            {
                if (!isWell)
                {
                    faults[name] = [LibraryWords.Say[word]];
                }
            }
        }
    }

    private static long? Number(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= BookInput.MostStock
            ? number
            : null;

    /// <returns>The day's beginning at the server, as the JSON calls take a date without a time.</returns>
    private static DateTimeOffset? Day(string text) =>
        DateTime.TryParseExact(
            text,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeLocal,
            out var day
        ) && day.Year is > 1 and < 9000
            ? new DateTimeOffset(day).ToUniversalTime()
            : null;
}
