using System.ComponentModel;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Links.Counting;

/// <summary>Which visits a link's page shows.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record StatsRange
{
    /// <summary>More would be thinner than a pixel on a phone.</summary>
    private const int MostBars = 170;

    private static readonly (string Name, int Days)[] Spans =
    [
        ("day", 1),
        ("week", 7),
        ("month", 30),
        ("quarter", 90),
        ("year", 365),
    ];

    private static readonly (string Name, double Days)[] Units =
    [
        ("hour", 1 / 24.0),
        ("day", 1),
        ("week", 7),
        ("month", 30.4),
    ];

    /// <summary><c>day</c>, <c>week</c>, <c>month</c> (when left out), <c>quarter</c>, <c>year</c> or <c>all</c>.</summary>
    [Description("How far back.")]
    [FromQuery(Name = "range"), OneOf("day", "week", "month", "quarter", "year", "all")]
    public string? Range { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c>; what suits the range, when left out.</summary>
    [Description("What each bar stands for.")]
    [FromQuery(Name = "bucket"), OneOf("hour", "day", "week", "month")]
    public string? Bucket { get; init; }

    internal string Chosen => Range ?? "month";

    /// <returns>What each bar may stand for, the finest first.</returns>
    internal IEnumerable<string> Choices(DateTimeOffset made, DateTimeOffset now)
    {
        var days = Days(made, now);
        return Units
            .Where(unit => unit.Days <= days && (days / unit.Days <= MostBars || unit.Name == "month"))
            .Select(unit => unit.Name)
            .DefaultIfEmpty("hour");
    }

    /// <returns>What each bar stands for: what was chosen, where the range has room for it.</returns>
    internal string Unit(DateTimeOffset made, DateTimeOffset now)
    {
        var choices = Choices(made, now).ToList();
        return Bucket is { } bucket && choices.Contains(bucket) ? bucket
            : Chosen == "week" ? "day"
            : choices[0];
    }

    /// <returns>The bars, the current one the last. Whole ones all, but for the first of a week or month.</returns>
    internal Buckets Buckets(DateTimeOffset made, DateTimeOffset now, TimeZoneInfo zone)
    {
        var unit = Unit(made, now);
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var from =
            Chosen == "all" ? made
            : unit == "hour" ? Moments.At(local.Date.AddHours(local.Hour + 1).AddDays(-Days(made, now)), zone)
            : Moments.At(local.Date.AddDays(1 - Days(made, now)), zone);
        var to = now.AddSeconds(1);
        var earliest = Counting.Buckets.Earliest(to, unit);
        from = from < earliest ? earliest : from;
        // An imported link may be from a clock that is ahead.
        return Counting.Buckets.Of(from < now ? from : now.AddHours(-1), to, unit, zone)!;
    }

    private int Days(DateTimeOffset made, DateTimeOffset now)
    {
        var span = Array.Find(Spans, one => one.Name == Chosen);
        return span.Name is null ? Math.Max(1, (int)Math.Ceiling((now - made).TotalDays)) : span.Days;
    }
}
