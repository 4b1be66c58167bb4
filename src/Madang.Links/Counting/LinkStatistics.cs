namespace Madang.Links.Counting;

/// <summary>Sums up what the database has of a link's visits, and what this process has not written yet.</summary>
internal static class LinkStatistics
{
    internal static async Task<LinkStats> Of(
        long link,
        Buckets buckets,
        StatsStore stats,
        VisitCounter counter,
        CancellationToken stop
    )
    {
        var (read, fresh) = await counter.With(link, () => stats.Read(link, buckets, stop), stop);
        return Sum(buckets, read.Totals, read.Details, fresh);
    }

    private static LinkStats Sum(Buckets buckets, List<Line> totals, List<Line> details, IReadOnlyList<Line> unwritten)
    {
        var (from, end) = (buckets.Starts[0], buckets.End);
        var fresh = unwritten.Where(line => line.At >= from && line.At < end).ToLookup(line => line.Kind == 0);
        var people = new long[buckets.Starts.Count];
        var bots = new long[buckets.Starts.Count];
        var at = 0;
        foreach (var line in totals.Concat(fresh[true]).OrderBy(line => line.At))
        {
            while (at + 1 < buckets.Starts.Count && buckets.Starts[at + 1] <= line.At)
            {
                at++;
            }
            people[at] += line.People;
            bots[at] += line.Bots;
        }
        var all = details.Concat(fresh[false]).ToLookup(line => (Kind)line.Kind);
        return new(
            new(people.Sum(), bots.Sum()),
            [
                .. buckets.Starts.Select(
                    (start, place) => new VisitsAt(Buckets.TimeOf(start), people[place], bots[place])
                ),
            ],
            Names(all[Kind.Referrer]),
            Names(all[Kind.Browser]),
            Names(all[Kind.System]),
            Names(all[Kind.Device]),
            Names(all[Kind.Language]),
            Names(all[Kind.Country])
        );
    }

    private static List<VisitsOf> Names(IEnumerable<Line> lines) =>
        [
            .. lines
                .GroupBy(line => line.Name)
                .Select(same => new VisitsOf(same.Key, same.Sum(line => line.People), same.Sum(line => line.Bots)))
                .OrderByDescending(one => one.People + one.Bots)
                .ThenBy(one => one.Name, StringComparer.Ordinal)
                .Take(StatsStore.MostNames),
        ];
}
