namespace Madang.Links.Counting;

/// <summary>A span of time cut into hours, days, weeks (from Monday) or months of a time zone. Quarter-hours since 1970 all through.</summary>
internal sealed class Buckets
{
    internal const int Most = 20_000;

    private Buckets(List<long> starts, long end) => (Starts, End) = (starts, end);

    /// <summary>Where each begins; the first may be cut off by the beginning of the span.</summary>
    internal IReadOnlyList<long> Starts { get; }

    /// <summary>Where the last ends.</summary>
    internal long End { get; }

    /// <summary>Whether every edge is a whole hour of UTC: then the sums of hours will do.</summary>
    internal bool AreWholeHours =>
        End % Rollup.QuartersOfHour == 0 && Starts.All(start => start % Rollup.QuartersOfHour == 0);

    /// <param name="from">The beginning; the quarter-hour that it lies in counts whole.</param>
    /// <param name="to">The end; as the beginning.</param>
    /// <param name="unit"><c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c>.</param>
    /// <param name="zone">Whose days they are.</param>
    /// <returns>Null when the end is not after the beginning, or there are more than 20,000.</returns>
    internal static Buckets? Of(DateTimeOffset from, DateTimeOffset to, string unit, TimeZoneInfo zone)
    {
        var first = QuarterOf(from);
        var end = QuarterOf(to.AddTicks((Rollup.MicrosecondsOfQuarter * TimeSpan.TicksPerMicrosecond) - 1));
        if (end <= first)
        {
            return null;
        }
        var starts = new List<long> { first };
        for (var local = Floor(TimeZoneInfo.ConvertTime(TimeOf(first), zone).DateTime, unit); ; )
        {
            local = Next(local, unit);
            var start = QuarterOf(Instant(local, zone));
            if (start >= end)
            {
                return new(starts, end);
            }
            if (start > starts[^1])
            {
                starts.Add(start);
            }
            if (starts.Count > Most)
            {
                return null;
            }
        }
    }

    internal static DateTimeOffset TimeOf(long quarter) =>
        DateTimeOffset.UnixEpoch.AddTicks(quarter * Rollup.MicrosecondsOfQuarter * TimeSpan.TicksPerMicrosecond);

    private static long QuarterOf(DateTimeOffset time) =>
        (long)Math.Floor((time - DateTimeOffset.UnixEpoch).TotalMinutes / 15);

    private static DateTime Floor(DateTime local, string unit) =>
        unit switch
        {
            "hour" => local.Date.AddHours(local.Hour),
            "week" => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
            "month" => new DateTime(local.Year, local.Month, 1, 0, 0, 0, local.Kind),
            _ => local.Date,
        };

    private static DateTime Next(DateTime local, string unit) =>
        unit switch
        {
            "hour" => local.AddHours(1),
            "week" => local.AddDays(7),
            "month" => local.AddMonths(1),
            _ => local.AddDays(1),
        };

    /// <returns>When a clock on the wall shows this first: where it is put forward over it, the moment at which that is done.</returns>
    internal static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        var time = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(time))
        {
            time = time.AddMinutes(15);
        }
        return zone.IsAmbiguousTime(time)
            ? new DateTimeOffset(time, zone.GetAmbiguousTimeOffsets(time).Max())
            : new DateTimeOffset(time, zone.GetUtcOffset(time));
    }
}
