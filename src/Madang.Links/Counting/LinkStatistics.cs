using Madang.Links.Shortening;

namespace Madang.Links.Counting;

/// <summary>Sums up what the database has of a link's visits, and what this process has not written yet.</summary>
internal static class LinkStatistics
{
    internal static async Task<LinkStats> Of(
        LinkRow link,
        Buckets buckets,
        DateTimeOffset now,
        StatsStore stats,
        VisitCounter counter,
        CancellationToken stop
    )
    {
        var isAll = (Buckets.TimeOf(buckets.Starts[0]) <= link.CreatedAt, Buckets.TimeOf(buckets.End) >= now);
        var (read, fresh) = await counter.With(
            link.Id,
            pending => stats.Read(link.Id, buckets, isAll, pending, stop),
            stop
        );
        return Sum(buckets, read.Totals, read.Details, fresh);
    }

    private static LinkStats Sum(Buckets buckets, Sum[] totals, List<Line> details, IReadOnlyList<Line> unwritten)
    {
        var fresh = unwritten
            .Where(line => line.At >= buckets.Starts[0] && line.At < buckets.End)
            .ToLookup(line => line.Kind == 0);
        foreach (var line in fresh[true])
        {
            totals[buckets.PlaceOf(line.At, 0)].Add(line.People, line.Bots);
        }
        var all = details.Concat(fresh[false]).ToLookup(line => (Kind)line.Kind);
        return new(
            new(totals.Sum(one => one.People), totals.Sum(one => one.Bots)),
            [
                .. buckets.Starts.Select(
                    (start, place) => new VisitsAt(Buckets.TimeOf(start), totals[place].People, totals[place].Bots)
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
