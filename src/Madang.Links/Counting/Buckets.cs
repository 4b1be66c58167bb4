using Madang.Foundation.Web;

namespace Madang.Links.Counting;

/// <summary>A span of time cut into hours, days, weeks (from Monday) or months of a time zone. Quarter-hours since 1970 all through.</summary>
internal sealed class Buckets
{
    internal const int Most = 20_000;

    private readonly int step;

    private Buckets(List<long> starts, long end, int step) => (Starts, End, this.step) = (starts, end, step);

    /// <summary>Where each begins; the first may be cut off by the beginning of the span.</summary>
    internal IReadOnlyList<long> Starts { get; }

    /// <summary>Where the last ends.</summary>
    internal long End { get; }

    /// <summary>
    /// The span cut where a clock is put forward or back, and where whole hours of UTC begin and end: within a run every bucket begins so many
    /// steps (hours or days) after another, and the database can sum up the steps. The first and last of a run may be short.
    /// </summary>
    internal IEnumerable<Run> Runs()
    {
        var first = Starts[0];
        for (var place = 1; place < Starts.Count; place++)
        {
            // The first bucket may be cut off: it ends where the second begins.
            if (place > 1 && Starts[place] % step != Starts[place - 1] % step)
            {
                foreach (var run in InHours(first, Starts[place], Starts[place - 1] % step))
                {
                    yield return run;
                }
                first = Starts[place];
            }
        }
        foreach (var run in InHours(first, End, Starts[^1] % step))
        {
            yield return run;
        }
    }

    private IEnumerable<Run> InHours(long from, long to, long remainder)
    {
        const int Hour = Rollup.QuartersOfHour;
        var (firstHour, lastHour) = ((from + Hour - 1) / Hour * Hour, to / Hour * Hour);
        if (remainder % Hour != 0 || firstHour >= lastHour)
        {
            yield return new(from, to, step, remainder, 1);
            yield break;
        }
        if (from < firstHour)
        {
            yield return new(from, firstHour, step, remainder, 1);
        }
        yield return new(firstHour, lastHour, step, remainder, Hour);
        if (lastHour < to)
        {
            yield return new(lastHour, to, step, remainder, 1);
        }
    }

    /// <param name="quarter">A quarter-hour within the span.</param>
    /// <param name="place">Where to begin to look: the place of an earlier one.</param>
    /// <returns>The place of the bucket that it lies in.</returns>
    internal int PlaceOf(long quarter, int place)
    {
        while (place + 1 < Starts.Count && Starts[place + 1] <= quarter)
        {
            place++;
        }
        return place;
    }

    /// <param name="from">The beginning; the quarter-hour that it lies in counts whole.</param>
    /// <param name="to">The end; as the beginning.</param>
    /// <param name="unit"><c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c>.</param>
    /// <param name="zone">Whose days they are.</param>
    /// <returns>Null when the end is not after the beginning, or it has more than 20,000 hours or, for longer buckets, days.</returns>
    internal static Buckets? Of(DateTimeOffset from, DateTimeOffset to, string unit, TimeZoneInfo zone)
    {
        var first = QuarterOf(from);
        var end = QuarterOf(to.AddTicks((Rollup.MicrosecondsOfQuarter * TimeSpan.TicksPerMicrosecond) - 1));
        if (end <= first)
        {
            return null;
        }
        var starts = new List<long> { first };
        var step = unit == "hour" ? Rollup.QuartersOfHour : Rollup.QuartersOfDay;
        // A month is summed up by days, so they are what is bounded.
        if ((end - first) / step > Most)
        {
            return null;
        }
        foreach (var start in unit == "hour" ? Hours(first, zone) : Days(first, unit, zone))
        {
            if (start >= end)
            {
                return new(starts, end, step);
            }
            if (start > starts[^1])
            {
                starts.Add(start);
            }
            if (starts.Count > Most)
            {
                break;
            }
        }
        return null;
    }

    /// <returns>Since when, at the earliest, a span may be told.</returns>
    internal static DateTimeOffset Earliest(DateTimeOffset to, string unit) =>
        to - (unit == "hour" ? TimeSpan.FromHours(Most - 1) : TimeSpan.FromDays(Most - 1));

    /// <summary>
    /// Hours of a clock on the wall; where it is put back, the hour that it shows twice is two, and the half that it shows twice on Lord Howe
    /// Island one more.
    /// </summary>
    private static IEnumerable<long> Hours(long first, TimeZoneInfo zone)
    {
        for (var quarter = first; ; )
        {
            // Before there were zones, some were so many minutes off that no quarter-hour of ours begins with an hour of theirs.
            quarter += Rollup.QuartersOfHour - (TimeZoneInfo.ConvertTime(TimeOf(quarter), zone).Minute / 15);
            yield return quarter;
        }
    }

    private static IEnumerable<long> Days(long first, string unit, TimeZoneInfo zone)
    {
        for (var local = Floor(TimeZoneInfo.ConvertTime(TimeOf(first), zone).DateTime, unit); ; )
        {
            local = Next(local, unit);
            yield return QuarterOf(Moments.At(local, zone));
        }
    }

    internal static DateTimeOffset TimeOf(long quarter) =>
        DateTimeOffset.UnixEpoch.AddTicks(quarter * Rollup.MicrosecondsOfQuarter * TimeSpan.TicksPerMicrosecond);

    /// <summary>In whole numbers: a fraction of so many minutes would lose the last tick before a quarter-hour.</summary>
    private static long QuarterOf(DateTimeOffset time)
    {
        const long Ticks = Rollup.MicrosecondsOfQuarter * TimeSpan.TicksPerMicrosecond;
        var (quarter, rest) = Math.DivRem((time - DateTimeOffset.UnixEpoch).Ticks, Ticks);
        return rest < 0 ? quarter - 1 : quarter;
    }

    private static DateTime Floor(DateTime local, string unit) =>
        unit switch
        {
            "week" => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
            "month" => new DateTime(local.Year, local.Month, 1, 0, 0, 0, local.Kind),
            _ => local.Date,
        };

    private static DateTime Next(DateTime local, string unit) =>
        unit switch
        {
            "week" => local.AddDays(7),
            "month" => local.AddMonths(1),
            _ => local.AddDays(1),
        };
}

/// <summary>A part of a span in which steps of the same length begin at the same remainder. Quarter-hours since 1970.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Step">The length of a step.</param>
/// <param name="Remainder">Where steps begin: what is left of that divided by their length.</param>
/// <param name="Unit">Of how many quarter-hours the lines are that will do: one, or four.</param>
internal readonly record struct Run(long From, long To, int Step, long Remainder, int Unit)
{
    /// <summary>Where the first step ends, which may be cut off at its beginning.</summary>
    internal long FirstEnd => Math.Min(To, From + Step - ((From - Remainder + Step) % Step));
}
