using System.Globalization;
using Madang.Foundation.Samples;

namespace Madang.Library.Samples;

/// <summary>A real book, of the lists beside this file.</summary>
/// <param name="Isbn">Its own, ISBN-13.</param>
/// <param name="Title">Its title.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Publisher">Who published it, or null.</param>
/// <param name="PublishedAt">The day, or the first of the year, or null.</param>
/// <param name="Tags">Names of tags.</param>
/// <param name="Stock">Copies.</param>
/// <param name="AddedAt">When the library is said to have got it.</param>
internal sealed record SampleBook(
    string Isbn,
    string Title,
    string Author,
    string? Publisher,
    DateTimeOffset? PublishedAt,
    IReadOnlyList<string> Tags,
    int Stock,
    DateTimeOffset AddedAt
);

/// <summary>
/// Real books in Korean and English: what everybody may know of them. A line each of
/// <c>isbn | title | author | publisher | published | tags</c>, so mixed that the first ones show what a library may have.
/// </summary>
internal static class SampleBooks
{
    private const int DaysOfYear = 364;
    private const int DaysOfFew = 42;

    /// <summary>Of a few, so many in the reader's own language, and half as many in the other.</summary>
    private const int Own = 16;

    private static readonly Lazy<string[][]> Korean = new(() => Lines("books.ko.txt"));
    private static readonly Lazy<string[][]> English = new(() => Lines("books.en.txt"));

    /// <returns>The books, those that came first first: the same each time on the same day.</returns>
    internal static IReadOnlyList<SampleBook> Of(
        IReadOnlyList<SamplePerson> people,
        SampleSize size,
        DateTimeOffset now
    )
    {
        var isKorean = people.Count == 0 || people[0].Language == "ko";
        var (own, other) = isKorean ? (Korean.Value, English.Value) : (English.Value, Korean.Value);
        var lines = size == SampleSize.Few ? Mixed(own[..Own], other[..(Own / 2)]) : Mixed(own, other);
        var days = size == SampleSize.Few ? DaysOfFew : DaysOfYear;
        return
        [
            .. lines.Select(
                (line, place) => Make(line, place, now.AddDays(-days * (1 - ((double)place / lines.Count))))
            ),
        ];
    }

    /// <returns>All of both, spread evenly.</returns>
    private static List<string[]> Mixed(string[][] some, string[][] others) =>
        [
            .. some.Select((line, at) => (At: (at + 0.5) / some.Length, Line: line))
                .Concat(others.Select((line, at) => (At: (at + 0.6) / others.Length, Line: line)))
                .OrderBy(one => one.At)
                .Select(one => one.Line),
        ];

    private static SampleBook Make(string[] line, int place, DateTimeOffset at) =>
        new(
            line[0],
            line[1],
            line[2],
            line[3].Length > 0 ? line[3] : null,
            Day(line[4]),
            line[5].Split(','),
            place % 7 == 3 ? 3
                : place % 3 == 1 ? 2
                : 1,
            // Books come in the morning (in Seoul).
            new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero).AddMinutes(30 + (place % 150))
        );

    private static DateTimeOffset? Day(string text) =>
        text.Length == 0
            ? null
            : DateTimeOffset.ParseExact(
                text.Length == 4 ? $"{text}-01-01" : text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            );

    private static string[][] Lines(string file)
    {
        using var stream = typeof(SampleBooks).Assembly.GetManifestResourceStream($"Samples/{file}")!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader
                .ReadToEnd()
                .ReplaceLineEndings("\n")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries)),
        ];
    }
}
