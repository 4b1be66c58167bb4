using System.ComponentModel;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Links.Shortening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Counting;

/// <summary>Which visits to sum up, and how.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record StatsQuery
{
    /// <summary>From when on; when left out, from when the link was made.</summary>
    [Description(
        "From when on; when left out, from when the link was made. The quarter-hour that it lies in counts whole."
    )]
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when; now, when left out.</summary>
    [Description("Until when; now, when left out. The quarter-hour that it lies in counts whole.")]
    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }

    /// <summary><c>hour</c>, <c>day</c> (when left out), <c>week</c> from Monday, or <c>month</c>.</summary>
    [Description("hour, day (when left out), week from Monday, or month.")]
    [FromQuery(Name = "bucket"), OneOf("hour", "day", "week", "month")]
    public string? Bucket { get; init; }

    /// <summary>Whose days they are, such as <c>Asia/Seoul</c>; UTC when left out.</summary>
    [Description("Whose days they are, such as Asia/Seoul; UTC when left out.")]
    [FromQuery(Name = "tz"), TimeZone]
    public string? Tz { get; init; }
}

/// <summary>Visits, people and bots apart.</summary>
public sealed record Visits(long People, long Bots);

/// <summary>The visits of one span of the series.</summary>
public sealed record VisitsAt(DateTimeOffset At, long People, long Bots);

/// <summary>The visits of one name: a referrer's host, a browser.</summary>
public sealed record VisitsOf(string Name, long People, long Bots);

/// <summary>How often a link was followed, by whom and when. Of each kind of names the hundred with the most visits.</summary>
/// <param name="Total">All visits of the span.</param>
/// <param name="Series">Hours, days, weeks or months without a gap, those without a visit too.</param>
/// <param name="Referrers">Hosts that led here.</param>
/// <param name="Browsers">Browsers.</param>
/// <param name="Systems">Operating systems.</param>
/// <param name="Devices"><c>desktop</c>, <c>mobile</c>, <c>tablet</c>.</param>
/// <param name="Languages">First languages that were asked for.</param>
/// <param name="Countries">Countries, where a trusted proxy tells them.</param>
public sealed record LinkStats(
    Visits Total,
    IReadOnlyList<VisitsAt> Series,
    IReadOnlyList<VisitsOf> Referrers,
    IReadOnlyList<VisitsOf> Browsers,
    IReadOnlyList<VisitsOf> Systems,
    IReadOnlyList<VisitsOf> Devices,
    IReadOnlyList<VisitsOf> Languages,
    IReadOnlyList<VisitsOf> Countries
);

/// <summary>The statistics of a link.</summary>
public static class StatsEndpoints
{
    internal static void MapCounting(this RouteGroupBuilder api) =>
        api.MapGet("/links/{slug}/stats", Read).Refuses(404);

    /// <summary>Tells how often a link was followed, by whom and when, what was not written yet included.</summary>
    public static async Task<Results<Ok<LinkStats>, Refused>> Read(
        string slug,
        [AsParameters] StatsQuery query,
        LinkLists links,
        StatsStore stats,
        VisitCounter counter,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!Slug.IsWellFormed(slug) || await links.Find(slug, me.Id, stop) is not { } link)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        var zone = query.Tz is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(query.Tz);
        var (from, to) = (query.From ?? link.CreatedAt, query.To ?? clock.GetUtcNow());
        if (!IsInReach(from) || !IsInReach(to) || Buckets.Of(from, to, query.Bucket ?? "day", zone) is not { } buckets)
        {
            return new Refused(StatusCodes.Status400BadRequest)
            {
                Errors = new Dictionary<string, string[]> { ["to"] = [LinksWords.Say["links.bad_range"]] },
            };
        }
        var (read, fresh) = await counter.With(link.Id, () => stats.Read(link.Id, buckets, stop), stop);
        return TypedResults.Ok(Sum(buckets, read.Totals, read.Details, fresh));
    }

    private static bool IsInReach(DateTimeOffset time) => time.UtcDateTime.Year is > 1970 and < 9000;

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
