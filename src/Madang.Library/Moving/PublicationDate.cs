using System.Globalization;
using System.Text.RegularExpressions;

namespace Madang.Library.Moving;

/// <summary>
/// When a book was published, as catalogues and people write it: <c>2019-06-24</c>, <c>2019.6.24.</c>, <c>2019년 6월</c>, <c>20190624</c>,
/// <c>[c2019]</c>; a year or month alone is its first day. Spreadsheets number their days. In a table nothing else may stand beside it but
/// the day of the week and the time: <c>24.06.2019</c> is no year. A cataloguer may write what he likes.
/// </summary>
internal static partial class PublicationDate
{
    private const int FirstSerial = 10_000;
    private const int LastSerial = 110_000;

    /// <summary>Letters; no date has as many.</summary>
    private const int Longest = 100;

    /// <param name="text">What is written.</param>
    /// <param name="firstDay">From when a number counts days; null where a number is none.</param>
    /// <param name="isCatalogued">Whether other words and numbers may stand beside it.</param>
    /// <returns>The date, or null; and whether something stands there that is none.</returns>
    internal static (DateTimeOffset? Date, bool IsBad) Read(
        string? text,
        DateTime? firstDay = null,
        bool isCatalogued = false
    )
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, false);
        }
        var trimmed = text.Trim();
        if (
            firstDay is { } first
            && double.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var days)
            && days is >= FirstSerial and <= LastSerial
        )
        {
            return (new(first.AddDays(Math.Floor(days)), TimeSpan.Zero), false);
        }
        if (
            trimmed is [_, _, _, _, '-', _, _, '-', _, _, 'T', ..]
            && DateTimeOffset.TryParse(
                trimmed,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time
            )
        )
        {
            return (Utc(time), false);
        }
        var found = Written().Match(trimmed);
        if (!found.Success || !(isCatalogued || IsAll(trimmed, found)))
        {
            return (null, true);
        }
        int Part(string name, int otherwise) =>
            found.Groups[name] is { Success: true } group
                ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
                : otherwise;
        var (year, month, day) = (Part("year", 1), Part("month", 1), Part("day", 1));
        // 0 and 00 stand for what nobody knows.
        (month, day) = (Math.Max(month, 1), Math.Max(day, 1));
        return month <= 12 && day <= DateTime.DaysInMonth(year, month)
            ? (new(year, month, day, 0, 0, 0, TimeSpan.Zero), false)
            : (null, true);
    }

    /// <returns>Whether what was found is all that the text says.</returns>
    private static bool IsAll(string text, Match found) =>
        text.Length <= Longest
        && Before().IsMatch(text.AsSpan(0, found.Index))
        && After().IsMatch(text.AsSpan(found.Index + found.Length));

    /// <summary>As the database keeps it: UTC, whole microseconds.</summary>
    private static DateTimeOffset Utc(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    [GeneratedRegex(
        @"(?<![0-9])(?<year>[1-9][0-9]{3})(?:(?<month>[01][0-9])(?<day>[0-3][0-9])(?![0-9])|(?![0-9])(?:\s*[-./년]\s*(?<month>[0-9]{1,2})(?![0-9])(?:\s*[-./월]\s*(?<day>[0-9]{1,2})(?![0-9]))?)?)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Written();

    [GeneratedRegex(@"^[^\p{L}\p{N}]*[cCpP]?[^\p{L}\p{N}]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    [GeneratedRegex(
        @"^\s*[년월일]?[^\p{L}\p{N}]*([월화수목금토일][^\p{L}\p{N}]*)?((오전|오후|[AP]M)?\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*([AP]M)?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex After();
}
