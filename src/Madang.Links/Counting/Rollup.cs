using System.Runtime.InteropServices;

namespace Madang.Links.Counting;

/// <summary>What is counted apart. The numbers are kept in the database.</summary>
internal enum Kind
{
    Referrer = 1,
    Browser = 2,
    System = 3,
    Device = 4,
    Language = 5,
    Country = 6,
}

/// <summary>The lengths of time that visits are summed up by. The numbers are kept in the database.</summary>
internal enum Span
{
    Quarter = 0,
    Hour = 1,
    Day = 2,

    /// <summary>32 days.</summary>
    Block = 3,
}

/// <summary>A line of the roll-ups: how many visits a link had in a span of time, of all or of one name. In the order of the tables' keys.</summary>
internal readonly record struct Line(long Link, long Span, long At, long Kind, string Name, long People, long Bots)
    : IComparable<Line>
{
    public int CompareTo(Line other)
    {
        var order = Link.CompareTo(other.Link);
        order = order != 0 ? order : Span.CompareTo(other.Span);
        order = order != 0 ? order : At.CompareTo(other.At);
        order = order != 0 ? order : Kind.CompareTo(other.Kind);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }
}

/// <summary>People and bots that are counted together.</summary>
internal record struct Sum(long People, long Bots)
{
    internal void Add(long people, long bots) => (People, Bots) = (People + people, Bots + bots);
}

/// <summary>
/// Sums visits up before they are written: a link that many follow costs as many writes as one that few do. It keeps quarter-hours, and
/// makes the longer spans of them when it is written; all in one table, whose memory is used again.
/// </summary>
/// <param name="referrers">Which hosts are told.</param>
internal sealed class Rollup(KnownReferrers referrers)
{
    internal const long MicrosecondsOfQuarter = 15 * 60 * 1_000_000L;
    internal const int QuartersOfHour = 4;
    internal const int QuartersOfDay = 96;
    internal const int QuartersOfBlock = 32 * QuartersOfDay;

    /// <summary>Lines that there is room for between two rushes.</summary>
    private const int MostKept = 80_000;

    private readonly Dictionary<Key, Sum> sums = [];

    private readonly Dictionary<long, long> unused = [];

    /// <summary>How many lines of quarter-hours it has.</summary>
    internal int Count => sums.Count;

    internal void Add(Visit visit)
    {
        var at = visit.At / MicrosecondsOfQuarter;
        Add(visit, new(visit.Link, at, 0, ""));
        if (visit.Referrer.Length > 0 && referrers.Tells(visit.Link, at, visit.Referrer))
        {
            Add(visit, new(visit.Link, at, Kind.Referrer, visit.Referrer));
        }
        Detail(visit, at, Kind.Browser, visit.Agent.Browser);
        Detail(visit, at, Kind.System, visit.Agent.System);
        Detail(visit, at, Kind.Device, visit.Agent.Device);
        Detail(visit, at, Kind.Language, visit.Language);
        Detail(visit, at, Kind.Country, visit.Country);
        if (!visit.IsUsed)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(unused, visit.Link, out _)++;
        }
    }

    /// <summary>Begins anew, in the memory that it has; what an uncommon rush took is given back.</summary>
    internal void Clear()
    {
        sums.Clear();
        unused.Clear();
        if (sums.EnsureCapacity(0) > MostKept)
        {
            sums.TrimExcess(MostKept);
        }
    }

    /// <returns>The quarter-hours of one link: totals have no kind.</returns>
    internal IEnumerable<Line> Of(long link) => sums.Where(sum => sum.Key.Link == link).Select(LineOf);

    /// <returns>Everything as it is now, for the batches that it was made of.</returns>
    internal Sums Sums(string[] batches) =>
        new(batches, [.. unused.OrderBy(link => link.Key)], Sorted(areTotals: true), Sorted(areTotals: false));

    /// <summary>
    /// Lines of quarter-hours, and of the longer spans that they lie in; in each span in the order of the table's key. Where there are two
    /// quarter-hours of one day, the day comes twice, to be added together.
    /// </summary>
    internal static IEnumerable<Line> WithLonger(Line[] lines, params (Span Span, int Quarters)[] longer) =>
        longer.Aggregate(
            lines.AsEnumerable(),
            (all, next) =>
                all.Concat(lines.Select(line => line with { Span = (long)next.Span, At = line.At / next.Quarters }))
        );

    private Line[] Sorted(bool areTotals)
    {
        var lines = sums.Where(sum => sum.Key.Kind == 0 == areTotals).Select(LineOf).ToArray();
        Array.Sort(lines);
        return lines;
    }

    private static Line LineOf(KeyValuePair<Key, Sum> sum) =>
        new(
            sum.Key.Link,
            (long)Span.Quarter,
            sum.Key.At,
            (long)sum.Key.Kind,
            sum.Key.Name,
            sum.Value.People,
            sum.Value.Bots
        );

    /// <summary>What is not known has no line: it is the total without the others.</summary>
    private void Detail(Visit visit, long at, Kind kind, string name)
    {
        if (name.Length > 0)
        {
            Add(visit, new(visit.Link, at, kind, name));
        }
    }

    private void Add(Visit visit, Key key)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        sum.Add(visit.Agent.IsBot ? 0 : 1, visit.Agent.IsBot ? 1 : 0);
    }

    private readonly record struct Key(long Link, long At, Kind Kind, string Name);
}
