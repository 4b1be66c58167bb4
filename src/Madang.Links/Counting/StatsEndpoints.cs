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
    /// <summary>From when on; when left out, from when the link was made, or as many buckets ago as there may be.</summary>
    [Description(
        "From when on; when left out, from when the link was made, or as many buckets ago as there may be. The quarter-hour that it lies in counts whole."
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
        var now = clock.GetUtcNow();
        var (unit, to) = (query.Bucket ?? "day", query.To ?? now);
        if (
            !IsInReach(to)
            || (query.From ?? Since(link, to, unit)) is var from && !IsInReach(from)
            || Buckets.Of(from, to, unit, zone) is not { } buckets
        )
        {
            return new Refused(StatusCodes.Status400BadRequest)
            {
                Errors = new Dictionary<string, string[]> { ["to"] = [LinksWords.Say["links.bad_range"]] },
            };
        }
        return TypedResults.Ok(await LinkStatistics.Of(link, buckets, now, stats, counter, stop));
    }

    /// <summary>Where nobody says since when: since there was anything that can be told.</summary>
    private static DateTimeOffset Since(LinkRow link, DateTimeOffset to, string unit) =>
        new[] { link.CreatedAt, Buckets.Earliest(to, unit), DateTimeOffset.UnixEpoch.AddYears(1) }.Max();

    private static bool IsInReach(DateTimeOffset time) => time.UtcDateTime.Year is > 1970 and < 9000;
}
