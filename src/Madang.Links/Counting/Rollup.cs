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
}

/// <summary>A line of the roll-ups: how many visits a link had in a span of time, of all or of one name.</summary>
internal sealed record Line(long Link, long Span, long At, long Kind, string Name)
{
    public long People { get; set; }
    public long Bots { get; set; }
}

/// <summary>Sums visits up before they are written: a link that many follow costs as many writes as one that few do.</summary>
internal sealed class Rollup
{
    internal const long MicrosecondsOfQuarter = 15 * 60 * 1_000_000L;
    internal const int QuartersOfHour = 4;
    internal const int QuartersOfDay = 96;

    private readonly Dictionary<(long Link, Span Span, long At), Line> totals = [];
    private readonly Dictionary<(long Link, Span Span, long At, Kind Kind, string Name), Line> details = [];
    private readonly Dictionary<long, long> unused = [];

    internal Rollup(IEnumerable<Visit> visits)
    {
        foreach (var visit in visits)
        {
            Add(visit);
        }
    }

    internal IReadOnlyCollection<Line> Totals => totals.Values;

    internal IReadOnlyCollection<Line> Details => details.Values;

    /// <summary>Of each link the visits that its own row doesn't count yet.</summary>
    internal IReadOnlyDictionary<long, long> Unused => unused;

    private void Add(Visit visit)
    {
        var quarter = visit.At / MicrosecondsOfQuarter;
        var day = quarter / QuartersOfDay;
        AddTotal(visit, Span.Quarter, quarter);
        AddTotal(visit, Span.Hour, quarter / QuartersOfHour);
        AddDetails(visit, Span.Quarter, quarter);
        AddDetails(visit, Span.Day, day);
        if (!visit.IsUsed)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(unused, visit.Link, out _)++;
        }
    }

    private void AddTotal(Visit visit, Span span, long at)
    {
        ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(totals, (visit.Link, span, at), out _);
        Count(line ??= new(visit.Link, (long)span, at, 0, ""), visit);
    }

    private void AddDetails(Visit visit, Span span, long at)
    {
        AddDetail(visit, span, at, Kind.Referrer, visit.Referrer);
        AddDetail(visit, span, at, Kind.Browser, visit.Agent.Browser);
        AddDetail(visit, span, at, Kind.System, visit.Agent.System);
        AddDetail(visit, span, at, Kind.Device, visit.Agent.Device);
        AddDetail(visit, span, at, Kind.Language, visit.Language);
        AddDetail(visit, span, at, Kind.Country, visit.Country);
    }

    /// <summary>What is not known has no line: it is the total without the others.</summary>
    private void AddDetail(Visit visit, Span span, long at, Kind kind, string name)
    {
        if (name.Length == 0)
        {
            return;
        }
        ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(
            details,
            (visit.Link, span, at, kind, name),
            out _
        );
        Count(line ??= new(visit.Link, (long)span, at, (long)kind, name), visit);
    }

    private static void Count(Line line, Visit visit)
    {
        if (visit.Agent.IsBot)
        {
            line.Bots++;
        }
        else
        {
            line.People++;
        }
    }
}
