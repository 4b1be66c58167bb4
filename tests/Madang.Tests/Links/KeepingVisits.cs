using System.Diagnostics.Metrics;
using Madang.Links.Counting;
using Madang.Links.Shortening;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class KeepingVisitsOnSqlite(SqliteYard yard) : KeepingVisits(yard);

/// <summary>Visits on their way from memory into the database: each is told once, wherever it is, and none is lost.</summary>
public abstract class KeepingVisits(Yard yard)
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected Yard Yard => yard;

    [Fact]
    public async Task A_visit_is_told_once_before_it_is_written_before_it_is_summed_up_and_after_another_has_done_that()
    {
        var (slug, link) = await NewLink();
        using var counter = NewCounter(yard.Get<VisitStore>());
        Visit(counter, link, 2);
        Assert.Equal(2, await Told(slug, counter));

        // So many links are not summed up each second.
        for (var other = 1; other <= 1_100; other++)
        {
            Visit(counter, -other, 1);
        }
        await counter.Write(Stop);
        Assert.Equal((0, 0), await yard.Admin.Total(slug));
        Assert.Equal(2, await Told(slug, counter));
        Visit(counter, link, 3);
        Assert.Equal(5, await Told(slug, counter));

        // Another process takes this one for dead, and is wrong.
        await yard.Get<VisitStore>().SumUpLeftOver(TimeSpan.Zero, Stop);
        Assert.Equal((2, 0), await yard.Admin.Total(slug));
        Assert.Equal(5, await Told(slug, counter));
        await counter.Write(Stop, isLast: true);
        await yard.Get<VisitStore>().SumUpLeftOver(TimeSpan.Zero, Stop);
        Assert.Equal((5, 0), await yard.Admin.Total(slug));
        Assert.Equal(5, await Told(slug, counter));
    }

    [Fact]
    public async Task What_has_gathered_for_long_is_written_in_several_commits_and_what_is_too_much_is_not_kept()
    {
        var (slug, link) = await NewLink();
        using var counter = NewCounter(yard.Get<VisitStore>(), most: 20_500);
        Visit(counter, link, 20_501);
        Assert.Equal(20_500, counter.Left);
        await counter.Write(Stop, isLast: true);

        var sizes = await yard.Database.Read(
            sql =>
                sql.Query<long>(
                    "SELECT count(*) FROM link_visits WHERE link_id = @link GROUP BY batch ORDER BY batch",
                    new { link }
                ),
            Stop
        );
        Assert.Equal([10_000, 10_000, 500], sizes);
        Assert.Equal((20_500, 0), await yard.Admin.Total(slug));
    }

    [Fact]
    public async Task Of_a_day_a_hundred_referrers_are_told_however_often_sums_are_written()
    {
        var (slug, link) = await NewLink();
        using var counter = NewCounter(yard.Get<VisitStore>());
        foreach (var hosts in new[] { Enumerable.Range(1, 120), [200, 200] })
        {
            foreach (var host in hosts)
            {
                Visit(counter, link, 1, $"https://host{host}.example/");
            }
            await counter.Write(Stop, isLast: true);
        }
        var stats = await yard.Admin.Stats(slug);
        Assert.Equal(122, stats.GetProperty("total").Number("people"));
        Assert.Equal(
            Enumerable.Range(1, 100).Select(host => $"host{host}.example").Order(StringComparer.Ordinal),
            stats.GetProperty("referrers").EnumerateArray().Select(one => one.Text("name"))
        );
    }

    [Fact]
    public async Task A_stop_that_has_waited_too_long_for_others_still_writes_the_last_visits()
    {
        var (slug, link) = await NewLink();
        using var counter = NewCounter(yard.Get<VisitStore>());
        using var worker = new CountingWorker(
            counter,
            yard.Get<VisitStore>(),
            TimeProvider.System,
            NullLogger<CountingWorker>.Instance
        );
        await worker.StartAsync(Stop);
        Visit(counter, link, 5);
        await worker.StoppedAsync(new CancellationToken(canceled: true));
        Assert.Equal((5, 0), await yard.Admin.Total(slug));
    }

    private protected async Task<(string Slug, long Link)> NewLink()
    {
        var slug = await yard.Admin.Slug();
        return (slug, await yard.LinkId(slug));
    }

    /// <returns>One that works beside the server's own, when the test says so.</returns>
    private protected VisitCounter NewCounter(VisitStore store, int most = 500_000) =>
        new(
            store,
            new Unhurried(),
            yard.Get<IConfiguration>(),
            yard.Get<IMeterFactory>(),
            NullLogger<VisitCounter>.Instance
        )
        {
            Most = most,
        };

    private protected static void Visit(VisitCounter counter, long link, int times, string? from = null)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Referer = from;
        http.Request.Headers.UserAgent = LinkCalls.Chrome;
        for (var time = 0; time < times; time++)
        {
            counter.Add(link, http, isUsed: false);
        }
    }

    private protected static Batch NewBatch(long link, int size) =>
        new(Guid.NewGuid().ToString("N"), [.. Enumerable.Repeat(Sample(link), size)]);

    /// <returns>How many visits the statistics tell in the process of this counter.</returns>
    private protected async Task<long> Told(string slug, VisitCounter counter)
    {
        var now = yard.Clock.GetUtcNow();
        var link = (await yard.Get<LinkLists>().Find(slug, yard.Admin.Id, Stop))!;
        var buckets = Buckets.Of(now.AddDays(-1), now.AddHours(1), "hour", TimeZoneInfo.Utc)!;
        var stats = await LinkStatistics.Of(link, buckets, now, yard.Get<StatsStore>(), counter, Stop);
        Assert.Equal(stats.Total.People, stats.Series.Sum(one => one.People));
        Assert.Equal(stats.Total.People, stats.Browsers.Sum(one => one.People));
        return stats.Total.People;
    }

    private static Visit Sample(long link) =>
        new(
            link,
            (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10,
            false,
            new(false, "Chrome", "", ""),
            "",
            "",
            "",
            0,
            true
        );

    /// <summary>However slow the machine is, no ten seconds pass.</summary>
    private sealed class Unhurried : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
