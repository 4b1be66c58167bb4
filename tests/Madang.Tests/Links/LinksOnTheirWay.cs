using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Madang.Foundation.Samples;
using Madang.Links.Counting;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class LinksOnTheirWayOnSqlite(SqliteYard yard) : LinksOnTheirWay(yard), IClassFixture<SqliteYard>;

public sealed class LinksOnTheirWayOnPostgres(PostgresYard yard) : LinksOnTheirWay(yard), IClassFixture<PostgresYard>;

/// <summary>What the house asks of every room: sample data, search, and a user's own data as a file.</summary>
public abstract class LinksOnTheirWay(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ISampleSource Samples =>
        yard.Server.App.Services.GetServices<ISampleSource>().Single(source => source.GetType().Name == "LinkSamples");

    [Fact]
    public async Task Samples_come_once_with_visits_and_go_but_for_what_was_changed()
    {
        var me = await yard.SignUp();
        await yard.SignUp();
        SamplePerson[] people = [new(me.Id, "ko")];
        Assert.Equal(SampleState.Empty, await Samples.State(me.Id, Stop));
        Assert.Equal(5, await Samples.Add(people, SampleSize.Few, (_, _) => { }, Stop));
        Assert.Equal(0, await Samples.Add(people, SampleSize.Few, (_, _) => { }, Stop));
        Assert.Equal(SampleState.HasSamples, await Samples.State(me.Id, Stop));

        var slugs = await me.Slugs("scope=mine");
        Assert.Equal(5, slugs.Count);
        foreach (var slug in slugs)
        {
            var (seen, bots) = await me.Total(slug);
            Assert.InRange(seen + bots, 20, 90);
            Assert.True(seen > bots);
            await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        }
        await me
            .Client.Send(HttpMethod.Patch, $"/api/v1/links/{slugs[0]}", new { title = "내 것" })
            .Is(HttpStatusCode.OK);

        Assert.Equal(4, await Samples.Remove(me.Id, Stop));
        Assert.Equal([slugs[0]], await me.Slugs("scope=mine"));
        Assert.Equal(SampleState.OwnOnly, await Samples.State(me.Id, Stop));
    }

    [Fact]
    public async Task A_users_own_links_are_in_the_export_of_his_data()
    {
        var me = await yard.SignUp();
        var slug = await me.Slug();
        var archived = await me.Slug();
        await me
            .Client.Send(HttpMethod.Patch, $"/api/v1/links/{archived}", new { archived = true })
            .Is(HttpStatusCode.OK);
        await yard.Admin.Slug(visibility: "team");
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await yard.Get<VisitCounter>().Write(Stop);

        await using var zip = new ZipArchive(
            await me.Client.GetStreamAsync("/api/v1/users/me/export", Stop),
            ZipArchiveMode.Read
        );
        await using var file = await zip.GetEntry("links.json")!.OpenAsync(Stop);
        var links = (await JsonDocument.ParseAsync(file, default, Stop)).RootElement.EnumerateArray().ToList();

        Assert.Equal([slug, archived], links.Select(one => one.GetProperty("link").Text("slug")));
        Assert.Equal([1, 0], links.Select(one => one.Number("visits")));
    }

    [Fact]
    public async Task The_search_over_all_rooms_finds_links()
    {
        var me = await yard.SignUp();
        var word = $"말{Guid.NewGuid():N}";
        var slug = (await me.Shorten(new { url = "https://example.com/", title = word })).Text("slug");
        var found = await (await me.Client.GetAsync($"/api/v1/go?q={word}", Stop)).Json(HttpStatusCode.OK);
        var one = found.GetProperty("found").EnumerateArray().Single();
        Assert.Equal($"/links/{slug}", one.Text("path"));
        Assert.StartsWith(word, one.Text("title"), StringComparison.Ordinal);
        var other = await (await yard.Admin.Client.GetAsync($"/api/v1/go?q={word}", Stop)).Json(HttpStatusCode.OK);
        Assert.Empty(other.GetProperty("found").EnumerateArray());
    }
}

public sealed class DrawingCharts
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 13, 20, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Seoul = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");

    [Theory]
    [InlineData("day", null, "hour", 24)]
    [InlineData("week", null, "day", 7)]
    [InlineData("week", "hour", "hour", 168)]
    [InlineData("month", null, "day", 30)]
    [InlineData("month", "hour", "day", 30)]
    [InlineData("quarter", "month", "month", 4)]
    [InlineData("year", null, "week", 53)]
    [InlineData("year", "month", "month", 13)]
    [InlineData("all", null, "day", 21)]
    public void Ranges_end_now_in_whole_bars_of_the_readers_days(string range, string? bucket, string unit, int bars)
    {
        var made = Now.AddDays(-20.5);
        var asked = new StatsRange { Range = range, Bucket = bucket };
        Assert.Equal(unit, asked.Unit(made, Now));
        var buckets = asked.Buckets(made, Now, Seoul);
        Assert.Equal(bars, buckets.Starts.Count);
        Assert.InRange(Buckets.TimeOf(buckets.End), Now, Now.AddMinutes(15));
    }

    [Fact]
    public void Bots_stand_on_people_and_the_smallest_bar_is_seen()
    {
        VisitsAt[] series = [new(Now, 150, 50), new(Now, 0, 0), new(Now, 0, 1)];
        var shape = new ChartShape(series);
        Assert.Equal(200, shape.Top);
        Assert.Equal("M1 100h8v-75h-8z", shape.People);
        Assert.Equal("M1 25h8v-25h-8zM21 100h8v-1.5h-8z", shape.Bots);
        Assert.Equal([1, 5, 10, 500_000], new long[] { 0, 3, 6, 200_001 }.Select(ChartShape.RoundUp));
    }
}
