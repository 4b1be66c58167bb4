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

/// <summary>A line of the roll-ups: how many visits a link had in a span of time, of all or of one name.</summary>
internal sealed record Line(long Link, long Span, long At, long Kind, string Name)
{
    public long People { get; set; }
    public long Bots { get; set; }
}

/// <summary>
/// Sums visits up before they are written: a link that many follow costs as many writes as one that few do. It keeps quarter-hours, and
/// makes the longer spans of them when it is written.
/// </summary>
internal sealed class Rollup
{
    internal const long MicrosecondsOfQuarter = 15 * 60 * 1_000_000L;
    internal const int QuartersOfHour = 4;
    internal const int QuartersOfDay = 96;
    internal const int QuartersOfBlock = 32 * QuartersOfDay;

    private readonly Dictionary<long, OfLink> links = [];

    /// <summary>How many lines of quarter-hours it has.</summary>
    internal int Count { get; private set; }

    internal void Add(Visit visit)
    {
        ref var link = ref CollectionsMarshal.GetValueRefOrAddDefault(links, visit.Link, out _);
        Count += (link ??= new()).Add(visit);
    }

    /// <returns>The quarter-hours of one link: totals have no kind.</returns>
    internal List<Line> Of(long link) => links.TryGetValue(link, out var its) ? its.Quarters : [];

    /// <summary>Of each link the visits that its own row doesn't count yet, by its id.</summary>
    internal KeyValuePair<long, long>[] Unused() =>
        [
            .. links
                .Where(link => link.Value.Unused > 0)
                .Select(link => KeyValuePair.Create(link.Key, link.Value.Unused))
                .OrderBy(link => link.Key),
        ];

    /// <summary>All lines of totals, in the order of the table's key.</summary>
    internal Line[] Totals() =>
        [
            .. InOrder(totals => totals.Kind == 0, Span.Quarter, 1),
            .. InOrder(totals => totals.Kind == 0, Span.Hour, QuartersOfHour),
        ];

    /// <summary>All lines of details, in the order of the table's key within each span.</summary>
    internal Line[] Details() =>
        [
            .. InOrder(details => details.Kind != 0, Span.Quarter, 1),
            .. InOrder(details => details.Kind != 0, Span.Day, QuartersOfDay),
            .. InOrder(details => details.Kind != 0, Span.Block, QuartersOfBlock),
        ];

    private IEnumerable<Line> InOrder(Func<Line, bool> which, Span span, int quarters) =>
        links.OrderBy(link => link.Key).SelectMany(link => Longer(link.Value.Quarters.Where(which), span, quarters));

    private static IEnumerable<Line> Longer(IEnumerable<Line> lines, Span span, int quarters)
    {
        var sums = new Dictionary<(long, long, string), Line>();
        foreach (var line in lines)
        {
            var key = (line.At / quarters, line.Kind, line.Name);
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
            sum ??= line with { Span = (long)span, At = line.At / quarters, People = 0, Bots = 0 };
            sum.People += line.People;
            sum.Bots += line.Bots;
        }
        return sums
            .Values.OrderBy(line => line.At)
            .ThenBy(line => line.Kind)
            .ThenBy(line => line.Name, StringComparer.Ordinal);
    }

    private sealed class OfLink
    {
        private readonly Dictionary<(long At, Kind Kind, string Name), Line> lines = [];

        internal List<Line> Quarters { get; } = [];

        internal long Unused { get; private set; }

        /// <returns>How many lines came to it.</returns>
        internal int Add(Visit visit)
        {
            var before = Quarters.Count;
            Unused += visit.IsUsed ? 0 : 1;
            Count(visit, 0, "");
            Detail(visit, Kind.Referrer, visit.Referrer);
            Detail(visit, Kind.Browser, visit.Agent.Browser);
            Detail(visit, Kind.System, visit.Agent.System);
            Detail(visit, Kind.Device, visit.Agent.Device);
            Detail(visit, Kind.Language, visit.Language);
            Detail(visit, Kind.Country, visit.Country);
            return Quarters.Count - before;
        }

        /// <summary>What is not known has no line: it is the total without the others.</summary>
        private void Detail(Visit visit, Kind kind, string name)
        {
            if (name.Length > 0)
            {
                Count(visit, kind, name);
            }
        }

        private void Count(Visit visit, Kind kind, string name)
        {
            var at = visit.At / MicrosecondsOfQuarter;
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, (at, kind, name), out _);
            if (line is null)
            {
                line = new(visit.Link, (long)Span.Quarter, at, (long)kind, name);
                Quarters.Add(line);
            }
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
}
