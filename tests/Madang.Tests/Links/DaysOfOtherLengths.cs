using System.Globalization;
using Madang.Links.Counting;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class DaysOfOtherLengthsOnSqlite(SqliteYard yard) : DaysOfOtherLengths(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class DaysOfOtherLengthsOnPostgres(PostgresYard yard) : DaysOfOtherLengths(yard);

/// <summary>Statistics over the days on which clocks are put forward and back.</summary>
public abstract class DaysOfOtherLengths(Yard yard)
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T23:00Z", 25)]
    [InlineData("Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T22:00Z", 23)]
    [InlineData("America/New_York", "2026-11-01T04:00Z", "2026-11-02T05:00Z", 25)]
    [InlineData("America/New_York", "2026-03-08T05:00Z", "2026-03-09T04:00Z", 23)]
    public async Task The_day_on_which_clocks_are_put_back_has_twenty_five_hours_and_that_of_spring_twenty_three(
        string zone,
        string midnight,
        string next,
        int hours
    )
    {
        var (day, end) = (Time(midnight), Time(next));
        var slug = await VisitedEveryTwentyMinutes(day.AddDays(-1), end.AddDays(1));

        var byHour = await Series(slug, day, end, "hour", zone);
        Assert.Equal(Enumerable.Range(0, hours).Select(hour => (day.AddHours(hour), 3L)), byHour);
        var byDay = await Series(slug, day.AddDays(-1), end.AddDays(1), "day", zone);
        Assert.Equal([(day.AddDays(-1), 72), (day, 3 * hours), (end, 72)], byDay);
        // It begins within the hour that comes before, or is shown twice.
        var cut = day.AddHours(2.5);
        var rest = await Series(slug, cut, end, "hour", zone);
        Assert.Equal(
            [cut, .. Enumerable.Range(3, hours - 3).Select(hour => day.AddHours(hour))],
            rest.Select(one => one.At)
        );
        Assert.Equal((3 * hours) - 8, rest.Sum(one => one.People));
    }

    [Fact]
    public async Task Where_clocks_are_put_back_by_half_an_hour_the_hour_that_is_begun_again_is_one_more_that_is_shorter()
    {
        // At two on Lord Howe Island it is half past one again.
        var (day, end) = (Time("2026-04-04T13:00Z"), Time("2026-04-05T13:30Z"));
        var slug = await VisitedEveryTwentyMinutes(day, end);

        var byHour = await Series(slug, day, end, "hour", "Australia/Lord_Howe");
        Assert.Equal(
            [(day, 3), (day.AddHours(1), 3), (day.AddHours(2), 2), (day.AddHours(2.5), 3), (day.AddHours(3.5), 3)],
            byHour.Take(5)
        );
        Assert.Equal((25, 74), (byHour.Count, byHour.Sum(one => one.People)));
        Assert.Equal([(day, 74)], await Series(slug, day, end, "day", "Australia/Lord_Howe"));
    }

    private async Task<string> VisitedEveryTwentyMinutes(DateTimeOffset from, DateTimeOffset to)
    {
        var slug = await yard.Admin.Slug();
        var link = await yard.LinkId(slug);
        var agent = new Agent(false, "Firefox", "Linux", "desktop");
        var times = Enumerable
            .Range(0, (int)((to - from) / TimeSpan.FromMinutes(20)) + 1)
            .Select(number => from.AddMinutes(20 * number));
        await yard.Get<VisitStore>()
            .WriteWithSums([
                .. times
                    .Where(time => time < to)
                    .Select(time => new Visit(link, At(time), false, agent, "", "ko", "", 0, true)),
            ]);
        return slug;
    }

    /// <returns>What each bucket begins with and has; together they have as many as the whole.</returns>
    private async Task<List<(DateTimeOffset At, long People)>> Series(
        string slug,
        DateTimeOffset from,
        DateTimeOffset to,
        string bucket,
        string zone
    )
    {
        var stats = await yard.Admin.Stats(
            slug,
            $"?from={from:yyyy-MM-ddTHH:mm}Z&to={to:yyyy-MM-ddTHH:mm}Z&bucket={bucket}&tz={zone}"
        );
        var series = stats
            .GetProperty("series")
            .EnumerateArray()
            .Select(one => (one.GetProperty("at").GetDateTimeOffset(), one.Number("people")))
            .ToList();
        Assert.Equal(stats.GetProperty("total").Number("people"), series.Sum(one => one.Item2));
        return series;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static long At(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;
}
