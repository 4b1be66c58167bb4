using System.Diagnostics.Metrics;
using System.Net;
using Madang.Links.Counting;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Madang.Tests.Links;

public sealed class ReadingStatisticsOnSqlite(SqliteYard yard) : ReadingStatistics(yard), IClassFixture<SqliteYard>;

public sealed class ReadingStatisticsOnPostgres(PostgresYard yard)
    : ReadingStatistics(yard),
        IClassFixture<PostgresYard>;

/// <summary>Statistics that are read while visits are written and summed up, by a counter of the test's own.</summary>
public abstract class ReadingStatistics(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private StatsStore Statistics => yard.Get<StatsStore>();

    [Fact]
    public async Task Visits_are_written_while_somebody_reads_and_their_sums_once_he_is_through()
    {
        using var counter = Counter();
        var link = await yard.LinkId(await yard.Admin.Slug());
        Visit(counter, link, 3);
        var isReading = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var reading = counter.With(
            link,
            async _ =>
            {
                isReading.SetResult();
                await goOn.Task;
                return (0, false);
            },
            Stop
        );
        await isReading.Task;
        await counter.WriteVisits(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
        var sums = counter.SumUp(Stop);
        Assert.Equal((3, 0), (await Written(link), counter.Left));
        Assert.False(sums.IsCompleted);
        Assert.Equal(0, await Summed(link));

        // What comes while sums wait waits for the next ones.
        Visit(counter, link, 2);
        await counter.WriteVisits(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
        goOn.SetResult();
        var (_, fresh) = await reading;
        Assert.Equal(3, fresh.Single(line => line.Kind == 0).People);
        await sums;
        Assert.Equal((5, 3), (await Written(link), await Summed(link)));
        await counter.Write(Stop, isLast: true);
        Assert.Equal(5, await Summed(link));
    }

    [Fact]
    public async Task What_another_process_sums_up_while_somebody_reads_is_not_told_twice()
    {
        using var counter = Counter();
        var slug = await yard.Admin.Slug();
        var link = await yard.LinkId(slug);
        Visit(counter, link, 2);
        await counter.WriteVisits(Stop);
        var hours = Buckets.Of(DateTimeOffset.UtcNow.AddHours(-3), DateTimeOffset.UtcNow, "hour", TimeZoneInfo.Utc)!;
        var isFirst = true;
        yard.Database.Watcher = (text, _) =>
        {
            if (isFirst && text.Contains("FROM link_totals", StringComparison.Ordinal))
            {
                isFirst = false;
                Task.Run(() => yard.Get<VisitStore>().SumUpLeftOver(TimeSpan.Zero, Stop), Stop).Wait(Stop);
            }
        };
        var (read, fresh) = await counter.With(
            link,
            batches => Statistics.Read(link, hours, (false, false), batches, Stop),
            Stop
        );
        yard.Database.Watcher = null;
        Assert.False(isFirst);
        Assert.Equal(
            2,
            read.Totals.Sum(one => one.People) + fresh.Where(line => line.Kind == 0).Sum(line => line.People)
        );

        // It finds them done, and does them no second time.
        await counter.SumUp(Stop, isLast: true);
        Assert.Equal(2, await Summed(link));
    }

    [Fact]
    public async Task Visits_without_room_are_dropped_and_those_that_had_some_are_counted()
    {
        using var counter = Counter(most: 2);
        var link = await yard.LinkId(await yard.Admin.Slug());
        Visit(counter, link, 3);
        Assert.Equal(2, counter.Left);
        await counter.Write(Stop);
        Assert.Equal(0, counter.Left);
        Visit(counter, link, 1);
        await counter.Write(Stop);
        Assert.Equal(3, await Summed(link));
    }

    [Fact]
    public async Task A_link_from_long_ago_has_a_page_and_statistics_as_far_back_as_can_be_told()
    {
        var file = "url,slug,created_at\nhttps://example.com/,long-ago,1971-06-01T00:00:00Z\n";
        await yard.Admin.ImportLinks(file, "from=csv");
        var browser = await new Browser(yard).SignIn(yard.Admin);
        foreach (var range in new[] { "all", "year" })
        {
            using var page = await browser.Send(HttpMethod.Get, $"/links/long-ago?range={range}");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }
        foreach (var (bucket, hours) in new[] { ("hour", 1), ("day", 24), ("week", 168) })
        {
            var series = (await yard.Admin.Stats("long-ago", $"?bucket={bucket}")).GetProperty("series");
            Assert.InRange(series.GetArrayLength(), (20_000 * (bucket == "hour" ? 1 : 24) / hours) - 2, 20_000);
        }
    }

    private VisitCounter Counter(int most = 1_000)
    {
        var services = yard.Server.App.Services;
        return new VisitCounter(
            yard.Get<VisitStore>(),
            TimeProvider.System,
            services.GetRequiredService<IConfiguration>(),
            services.GetRequiredService<IMeterFactory>(),
            NullLogger<VisitCounter>.Instance
        )
        {
            Most = most,
        };
    }

    private static void Visit(VisitCounter counter, long link, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var http = new DefaultHttpContext();
            http.Request.Headers.UserAgent = LinkCalls.Chrome;
            counter.Add(link, http, isUsed: false);
        }
    }

    private Task<long> Written(long link) => Count("SELECT count(*) FROM link_visits WHERE link_id = @link", link);

    private Task<long> Summed(long link) =>
        Count(
            "SELECT CAST(coalesce(sum(people), 0) AS bigint) FROM link_totals WHERE link_id = @link AND span = 0",
            link
        );

    private Task<long> Count(string text, long link) =>
        yard.Database.Read(sql => sql.Single<long>(text, new { link }), Stop);
}
