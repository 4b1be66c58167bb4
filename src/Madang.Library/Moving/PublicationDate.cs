using System.Globalization;
using System.Text.RegularExpressions;

namespace Madang.Library.Moving;

/// <summary>
/// When a book was published, as catalogues and people write it: <c>2019-06-24</c>, <c>2019.6.24.</c>, <c>2019년 6월</c>, <c>20190624</c>,
/// <c>[c2019]</c>; a year or month alone is its first day. Spreadsheets number their days.
/// </summary>
internal static partial class PublicationDate
{
    private const int FirstSerial = 10_000;
    private const int LastSerial = 110_000;

    /// <param name="text">What is written.</param>
    /// <param name="firstDay">From when a number counts days; null where a number is none.</param>
    /// <returns>The date, or null; and whether something stands there that is none.</returns>
    internal static (DateTimeOffset? Date, bool IsBad) Read(string? text, DateTime? firstDay = null)
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
        if (!found.Success)
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

    /// <summary>As the database keeps it: UTC, whole microseconds.</summary>
    private static DateTimeOffset Utc(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    [GeneratedRegex(
        @"(?<![0-9])(?<year>[1-9][0-9]{3})(?:(?<month>[01][0-9])(?<day>[0-3][0-9])(?![0-9])|(?![0-9])(?:\s*[-./년]\s*(?<month>[0-9]{1,2})(?![0-9])(?:\s*[-./월]\s*(?<day>[0-9]{1,2})(?![0-9]))?)?)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Written();
}
