using Madang.Links.Counting;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class SummingVisitsUpOnSqlite(SqliteYard yard) : SummingVisitsUp(yard), IClassFixture<SqliteYard>;

public sealed class SummingVisitsUpOnPostgres(PostgresYard yard) : SummingVisitsUp(yard), IClassFixture<PostgresYard>
{
    [Fact]
    public async Task Who_sums_up_while_another_has_one_of_the_batches_in_hand_waits_for_him_and_leaves_the_rest()
    {
        var (slug, first, _) = await TwoVisits();
        var second = new Batch(Guid.NewGuid().ToString("N"), first.Visits);
        await Store.Write(first, null, Stop);
        await Store.Write(second, null, Stop);
        var isTaken = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var other = Yard.Database.Write(
            async sql =>
            {
                await sql.Execute(
                    "UPDATE link_batches SET summed_at = @Now WHERE name = @Name",
                    new { sql.Now, first.Name }
                );
                await SumStore.Add(sql, LinkCalls.SumsOf(first));
                isTaken.SetResult();
                await goOn.Task;
                return 0;
            },
            Stop
        );
        await isTaken.Task;
        var own = Store.Write(null, LinkCalls.SumsOf(first, second), Stop);
        await Probe.Until(async () =>
            await Yard.Database.Read(sql => sql.Single<long>("SELECT count(*) FROM pg_locks WHERE NOT granted"), Stop)
            > 0
        );
        goOn.SetResult();
        await Task.WhenAll(other, own);
        Assert.Equal((2, 0), await Yard.Admin.Total(slug));

        await Store.SumUpLeftOver(TimeSpan.Zero, Stop);
        Assert.Equal((4, 0), await Yard.Admin.Total(slug));
    }
}

/// <summary>Each batch of visits is summed up once, by whoever wrote it or by another, whatever is tried twice.</summary>
public abstract class SummingVisitsUp(Yard yard)
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected Yard Yard => yard;

    private protected VisitStore Store => yard.Get<VisitStore>();

    [Fact]
    public async Task A_batch_that_is_written_twice_counts_once()
    {
        var (slug, batch, sums) = await TwoVisits();
        await Store.Write(batch, sums, Stop);
        await Store.Write(batch, sums, Stop);

        Assert.Equal((2, 0), await yard.Admin.Total(slug));
        Assert.Equal(2, await Written(batch));
    }

    [Fact]
    public async Task A_batch_that_was_written_and_not_summed_up_is_summed_up_by_another_and_not_again_by_its_own()
    {
        var (slug, batch, sums) = await TwoVisits(isUsed: true);
        await Store.Write(batch, null, Stop);
        Assert.Equal((0, 0), await yard.Admin.Total(slug));

        await Store.SumUpLeftOver(TimeSpan.Zero, Stop);
        var told = await yard.Admin.Stats(slug);
        await Store.SumUpLeftOver(TimeSpan.Zero, Stop);
        await Store.Write(null, sums, Stop);

        Assert.Equal("""{"people":2,"bots":0}""", told.GetProperty("total").ToString());
        Assert.Equal("""[{"name":"Firefox","people":2,"bots":0}]""", told.GetProperty("browsers").ToString());
        Assert.Equal("""[{"name":"a.example","people":2,"bots":0}]""", told.GetProperty("referrers").ToString());
        Assert.Equal(told.ToString(), (await yard.Admin.Stats(slug)).ToString());
        // The visits were taken off the link's limit when they came, and are not once more.
        Assert.Equal(0, await Uses(slug));
    }

    [Fact]
    public async Task Of_batches_that_another_has_summed_up_in_part_the_rest_is_left_to_him()
    {
        var (slug, first, _) = await TwoVisits();
        await Store.Write(first, null, Stop);
        await Store.SumUpLeftOver(TimeSpan.Zero, Stop);
        var second = new Batch(Guid.NewGuid().ToString("N"), first.Visits);
        await Store.Write(second, LinkCalls.SumsOf(first, second), Stop);
        Assert.Equal((2, 0), await yard.Admin.Total(slug));

        await Store.SumUpLeftOver(TimeSpan.Zero, Stop);
        Assert.Equal((4, 0), await yard.Admin.Total(slug));
        Assert.Equal(4, await Uses(slug));
    }

    [Fact]
    public async Task Each_visit_is_kept_as_it_came_whatever_the_one_before_was()
    {
        var link = await yard.LinkId(await yard.Admin.Slug());
        var (one, other) = (new Agent(false, "Firefox", "Linux", "desktop"), new Agent(true, "", "", ""));
        List<Visit> visits =
        [
            new(link, 1_000, false, one, "a.example", "ko", "KR", 0xC0A8_0100_0000_0000, true),
            new(link, 2_000, true, one, "", "ko", "", 0xC0A8_0100_0000_0000, true),
            new(link, 3_000, false, other, "단풍.example", "en", "US", 0xC0A8_0100_0000_0000, false),
            new(link, 4_000, false, other, "단풍.example", "en", "US", 0xC0A8_0200_0000_0000, false),
        ];
        await Store.WriteWithSums(visits);

        var kept = await yard.Database.Read(
            sql =>
                sql.Rows(
                    """
                    SELECT at, CASE WHEN is_used THEN 1 ELSE 0 END, CASE WHEN is_bot THEN 1 ELSE 0 END,
                        referrer || '|' || browser || '|' || system || '|' || device || '|' || language || '|' || country || '|' || network
                    FROM link_visits WHERE link_id = @link ORDER BY id
                    """,
                    new { link },
                    row => $"{row.Time(0):yyyy-MM-ddTHH:mm:ss.ffffff} {row.Number(1)} {row.Number(2)} {row.Text(3)}"
                ),
            Stop
        );
        Assert.Equal(
            [
                "1970-01-01T00:00:00.001000 0 0 a.example|Firefox|Linux|desktop|ko|KR|192.168.1.0/24",
                "1970-01-01T00:00:00.002000 1 0 |Firefox|Linux|desktop|ko||192.168.1.0/24",
                "1970-01-01T00:00:00.003000 0 1 단풍.example||||en|US|c0a8:100::/48",
                "1970-01-01T00:00:00.004000 0 1 단풍.example||||en|US|c0a8:200::/48",
            ],
            kept
        );
    }

    [Fact]
    public async Task Of_more_referrers_than_people_can_come_from_at_once_a_hundred_are_told_and_all_visits_counted()
    {
        var slug = await yard.Admin.Slug();
        var link = await yard.LinkId(slug);
        var at = (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;
        var agent = new Agent(false, "", "", "");
        var visits = Enumerable
            .Range(0, 300)
            .Select(number => new Visit(link, at, false, agent, $"{number % 150}.example", "", "", 0, true));
        await Store.WriteWithSums([.. visits]);

        var told = await yard.Admin.Stats(slug);
        Assert.Equal(300, told.GetProperty("total").Number("people"));
        var referrers = told.GetProperty("referrers").EnumerateArray().ToList();
        Assert.Equal(100, referrers.Count);
        Assert.All(referrers, one => Assert.Equal(2, one.Number("people")));
        // So many names are told of any link: what is kept of them is bounded too.
        var kept = await yard.Database.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM link_details WHERE link_id = @link AND span = 0 AND kind = 1",
                    new { link }
                ),
            Stop
        );
        Assert.Equal(100, kept);
    }

    [Fact]
    public void Of_a_link_a_hundred_referrers_are_told_a_day_however_often_sums_are_written()
    {
        var known = new KnownReferrers();
        const long day = 20_000 * Rollup.QuartersOfDay;
        var told = Enumerable.Range(0, 400).Count(number => known.Tells(1, day + (number / 10), $"{number}.example"));
        Assert.Equal(KnownReferrers.MostOfDay, told);
        Assert.True(known.Tells(1, day + 50, "99.example"));
        Assert.False(known.Tells(1, day + 50, "100.example"));
        Assert.True(known.Tells(2, day + 50, "100.example"));
        // A visit of yesterday that comes late begins no new day.
        Assert.False(known.Tells(1, day - 1, "101.example"));
        Assert.True(known.Tells(1, day + Rollup.QuartersOfDay, "100.example"));
    }

    [Fact]
    public async Task Long_and_short_spans_add_up_to_the_same()
    {
        var slug = await yard.Admin.Slug();
        var link = await yard.LinkId(slug);
        var times = Enumerable.Range(0, 500).Select(number => (1_700_000_000L + (number * 17_777)) * 1_000_000);
        var agents = new[] { new Agent(false, "Firefox", "Linux", "desktop"), new Agent(true, "", "", "") };
        var visits = times.Select(
            (at, place) => new Visit(link, at, false, agents[place % 2], "a.example", "", "KR", 0, true)
        );
        await Store.WriteWithSums([.. visits]);

        var totals = await Sums(
            "SELECT span, CAST(sum(people) AS bigint) AS people, CAST(sum(bots) AS bigint) AS bots FROM link_totals WHERE link_id = @link GROUP BY span ORDER BY span",
            link
        );
        var details = await Sums(
            "SELECT span, CAST(sum(people) AS bigint) AS people, CAST(sum(bots) AS bigint) AS bots FROM link_details WHERE link_id = @link AND kind = 6 GROUP BY span ORDER BY span",
            link
        );
        Assert.Equal([(0, 250, 250), (1, 250, 250)], totals);
        Assert.Equal([(0, 250, 250), (2, 250, 250), (3, 250, 250)], details);
    }

    private protected async Task<(string Slug, Batch Batch, Sums Sums)> TwoVisits(bool isUsed = false)
    {
        var slug = await yard.Admin.Slug();
        var at = (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;
        var agent = new Agent(false, "Firefox", "", "");
        var visit = new Visit(await yard.LinkId(slug), at, isUsed, agent, "a.example", "", "", 0, true);
        var batch = new Batch(Guid.NewGuid().ToString("N"), [visit, visit]);
        return (slug, batch, LinkCalls.SumsOf(batch));
    }

    private Task<long> Written(Batch batch) =>
        yard.Database.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM link_visits JOIN link_batches ON number = batch WHERE name = @Name",
                    batch
                ),
            Stop
        );

    private Task<long> Uses(string slug) =>
        yard.Database.Read(sql => sql.Single<long>("SELECT visits FROM links WHERE slug = @slug", new { slug }), Stop);

    private async Task<List<(long, long, long)>> Sums(string text, long link) =>
        await yard.Database.Read(
            sql => sql.Rows(text, new { link }, row => (row.Number(0), row.Number(1), row.Number(2))),
            Stop
        );
}
