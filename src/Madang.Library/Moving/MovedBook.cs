using System.Globalization;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>A book as an export has it. Copies that are out are no part of its stock.</summary>
/// <param name="Isbn">Without hyphens.</param>
/// <param name="Title">Its title.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Publisher">Who published it, or null.</param>
/// <param name="PublishedAt">When it was published, or null.</param>
/// <param name="Stock">Copies that can be borrowed now.</param>
/// <param name="Tags">The names of its tags, in their order.</param>
/// <param name="CreatedAt">When it was added here.</param>
internal sealed record MovedBook(
    string Isbn,
    string Title,
    string Author,
    string? Publisher,
    DateTimeOffset? PublishedAt,
    long Stock,
    IReadOnlyList<string> Tags,
    DateTimeOffset CreatedAt
)
{
    /// <summary>The columns of the CSV, by which an import knows it; a field that books get later comes last.</summary>
    internal static readonly string[] Columns =
    [
        "isbn",
        "title",
        "author",
        "publisher",
        "published_at",
        "stock",
        "tags",
        "created_at",
    ];

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    internal string[] Fields =>
        [
            Isbn,
            Formulas.Guarded(Title),
            Formulas.Guarded(Author),
            Formulas.Guarded(Publisher ?? ""),
            Date(PublishedAt),
            string.Create(CultureInfo.InvariantCulture, $"{Stock}"),
            Formulas.Guarded(TagList.Write(Tags)),
            Time(CreatedAt),
        ];

    /// <summary>Books are published on a day; only who said an hour gets it back.</summary>
    internal static string Date(DateTimeOffset? time) =>
        time is not { } at ? ""
        : at.UtcDateTime.TimeOfDay == TimeSpan.Zero
            ? at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Time(at);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);
}
