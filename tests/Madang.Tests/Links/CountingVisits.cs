using System.Net;
using Madang.Links.Counting;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class CountingVisitsOnSqlite(SqliteYard yard) : CountingVisits(yard), IClassFixture<SqliteYard>;

public sealed class CountingVisitsOnPostgres(PostgresYard yard) : CountingVisits(yard), IClassFixture<PostgresYard>;

public abstract class CountingVisits(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Visits_are_told_at_once_people_and_bots_apart_and_again_when_they_are_written()
    {
        var slug = await yard.Admin.Slug();
        (string, string) korean = ("Accept-Language", "ko-KR,ko;q=0.9");
        (string, string) from = ("Referer", "https://www.Example.org:8443/path?q=1");
        await yard.Anonymous.Follow(slug, ("User-Agent", LinkCalls.Chrome), korean, from);
        await yard.Anonymous.Follow(slug, ("User-Agent", LinkCalls.Chrome), korean);
        await yard.Anonymous.Follow(slug, ("User-Agent", "Googlebot/2.1 (+http://www.google.com/bot.html)"));

        var fresh = await yard.Admin.Stats(slug);
        await yard.Get<VisitCounter>().Write(Stop);
        var written = await yard.Admin.Stats(slug);

        Assert.Equal(fresh.ToString(), written.ToString());
        Assert.Equal("""{"people":2,"bots":1}""", fresh.GetProperty("total").ToString());
        Assert.Equal("""[{"name":"example.org","people":1,"bots":0}]""", fresh.GetProperty("referrers").ToString());
        Assert.Equal("""[{"name":"Chrome","people":2,"bots":0}]""", fresh.GetProperty("browsers").ToString());
        Assert.Equal("""[{"name":"Windows","people":2,"bots":0}]""", fresh.GetProperty("systems").ToString());
        Assert.Equal("""[{"name":"desktop","people":2,"bots":0}]""", fresh.GetProperty("devices").ToString());
        Assert.Equal("""[{"name":"ko","people":2,"bots":0}]""", fresh.GetProperty("languages").ToString());
        Assert.Equal("[]", fresh.GetProperty("countries").ToString());
        var networks = await yard.Database.Read(
            sql =>
                sql.Query<string>(
                    """
                    SELECT DISTINCT network FROM link_visits
                    WHERE link_id = (SELECT id FROM links WHERE slug = @slug)
                    """,
                    new { slug }
                ),
            Stop
        );
        Assert.Equal(["127.0.0.0/24"], networks);
    }

    [Fact]
    public async Task Every_one_of_many_visits_at_once_is_counted_while_they_are_written()
    {
        var slugs = new[] { await yard.Admin.Slug(), await yard.Admin.Slug(), await yard.Admin.Slug() };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var writer = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await yard.Get<VisitCounter>().Write(Stop);
                }
            },
            Stop
        );
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(async client =>
                {
                    var count = 0;
                    for (var number = 0; number < 60; number++)
                    {
                        var answer = await yard.Anonymous.Follow(slugs[(client + number) % slugs.Length]);
                        count += answer.StatusCode == HttpStatusCode.PermanentRedirect ? 1 : 0;
                        if (number % 20 == 0)
                        {
                            await yard.Admin.Total(slugs[0]);
                        }
                    }
                    return count;
                })
        );
        await stop.CancelAsync();
        await writer;
        await yard.Get<VisitCounter>().Write(Stop);

        long told = 0;
        foreach (var slug in slugs)
        {
            var (people, bots) = await yard.Admin.Total(slug);
            told += people + bots;
        }
        Assert.Equal(960, answers.Sum());
        Assert.Equal(960, told);
    }

    [Fact]
    public async Task Days_are_those_of_the_zone_that_is_asked_for_and_every_zone_adds_up()
    {
        var slug = await yard.Admin.Slug();
        var link = await yard.LinkId(slug);
        var agent = new Agent(false, "Firefox", "Linux", "desktop");
        // A visit every 35 minutes over 40 days, across the night in which New York puts its clocks forward.
        var start = new DateTimeOffset(2026, 2, 20, 0, 5, 0, TimeSpan.Zero);
        await yard.Database.Write(
            sql => sql.Execute("UPDATE links SET created_at = @start WHERE id = @link", new { start, link }),
            Stop
        );
        var times = Enumerable.Range(0, 40 * 24 * 60 / 35).Select(number => start.AddMinutes(35 * number)).ToList();
        await yard.Get<VisitStore>()
            .WriteWithSums([.. times.Select(time => new Visit(link, At(time), false, agent, "", "ko", "", 0, true))]);
        foreach (var zone in new[] { "UTC", "Asia/Seoul", "Asia/Kolkata", "America/New_York", "Asia/Kathmandu" })
        {
            var place = TimeZoneInfo.FindSystemTimeZoneById(zone);
            foreach (var bucket in new[] { "hour", "day", "week", "month" })
            {
                var stats = await yard.Admin.Stats(
                    slug,
                    $"?from=2026-02-20T00:00:00Z&to=2026-04-02T00:00:00Z&bucket={bucket}&tz={zone}"
                );
                var told = stats
                    .GetProperty("series")
                    .EnumerateArray()
                    .Where(one => one.Number("people") > 0)
                    .Select(one => (one.GetProperty("at").GetDateTimeOffset(), one.Number("people")))
                    .ToList();
                var expected = times
                    .GroupBy(time => Floor(TimeZoneInfo.ConvertTime(time, place), bucket))
                    .Select(same => same.LongCount())
                    .ToList();
                Assert.Equal(times.Count, stats.GetProperty("total").Number("people"));
                Assert.Equal(times.Count, stats.GetProperty("languages")[0].Number("people"));
                Assert.Equal(expected, told.ConvertAll(one => one.Item2));
            }
        }
        var part = await yard.Admin.Stats(slug, "?from=2026-02-21T10:00:00Z&to=2026-03-01T05:30:00Z");
        var within = times.Count(time =>
            time >= new DateTimeOffset(2026, 2, 21, 10, 0, 0, TimeSpan.Zero)
            && time < new DateTimeOffset(2026, 3, 1, 5, 30, 0, TimeSpan.Zero)
        );
        Assert.Equal(within, part.GetProperty("total").Number("people"));
        Assert.Equal(within, part.GetProperty("browsers")[0].Number("people"));
    }

    [Theory]
    [InlineData("?bucket=year", "bucket")]
    [InlineData("?tz=Mars/Olympus", "tz")]
    [InlineData("?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    [InlineData("?from=1980-02-01T00:00:00Z&to=2026-01-01T00:00:00Z&bucket=hour", "to")]
    [InlineData("?from=1971-02-01T00:00:00Z&to=2026-01-01T00:00:00Z&bucket=month", "to")]
    public async Task What_cannot_be_summed_up_is_refused(string query, string field)
    {
        var slug = await yard.Admin.Slug();
        await yard.Admin.Client.GetAsync($"/api/v1/links/{slug}/stats{query}", Stop).IsBad(field);
    }

    private static long At(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    /// <summary>Hours of the day that clocks show twice are told apart by their distance from UTC.</summary>
    private static (DateTime, TimeSpan) Floor(DateTimeOffset time, string bucket) =>
        bucket switch
        {
            "hour" => (time.Date.AddHours(time.Hour), time.Offset),
            "day" => (time.Date, default),
            "week" => (time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7)), default),
            _ => (new DateTime(time.Year, time.Month, 1), default),
        };
}
