using System.Net;
using System.Net.Http.Json;
using Madang.Host;
using Madang.Links.Counting;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>Two servers over one database, as behind a load balancer.</summary>
public sealed class LinksOfSeveralProcesses(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_change_is_followed_by_the_others_soon_and_visits_are_taken_once_by_all()
    {
        using var folder = new TemporaryFolder();
        await using var other = await Start(folder);
        using var there = Visitor(other);
        var slug = await yard.Admin.Slug();
        await there.Follow(slug).Is(HttpStatusCode.PermanentRedirect);

        await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", new { url = "https://b.example/" }, Stop);
        await Probe.Until(
            async () => (await there.Follow(slug)).Headers.Location?.ToString() == "https://b.example/",
            Soon
        );
        await yard.Admin.Client.DeleteAsync($"/api/v1/links/{slug}", Stop);
        await Probe.Until(async () => (await there.Follow(slug)).StatusCode == HttpStatusCode.NotFound, Soon);

        var limited = await yard.Admin.Slug(maxVisits: 3);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(number => (number % 2 == 0 ? there : yard.Anonymous).Follow(limited))
        );
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.PermanentRedirect));
        Assert.Equal(21, answers.Count(answer => answer.StatusCode == HttpStatusCode.Gone));

        // Both write the same lines of the roll-ups at the same time.
        var shared = await yard.Admin.Slug();
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(number => (number % 2 == 0 ? there : yard.Anonymous).Follow(shared))
        );
        await other.App.StopAsync(Stop);
        var (people, bots) = await yard.Admin.Total(shared);
        Assert.Equal(200, people + bots);
    }

    [Fact]
    public async Task What_closes_a_link_and_opens_it_again_holds_at_once_where_it_was_said_and_soon_elsewhere()
    {
        using var folder = new TemporaryFolder();
        await using var other = await Start(folder);
        using var there = Visitor(other);
        var now = yard.Clock.GetUtcNow();
        (object Closes, HttpStatusCode Closed, object Opens)[] changes =
        [
            (new { expires_at = now.AddSeconds(-1) }, HttpStatusCode.Gone, new { expires_at = (string?)null }),
            (new { expires_at = now.AddSeconds(-1) }, HttpStatusCode.Gone, new { expires_at = now.AddDays(1) }),
            (new { starts_at = now.AddDays(1) }, HttpStatusCode.Gone, new { starts_at = now.AddSeconds(-1) }),
            (new { archived = true }, HttpStatusCode.Gone, new { archived_at = (string?)null }),
            (new { password = "열려라 참깨" }, HttpStatusCode.Unauthorized, new { password = (string?)null }),
            // It was visited once already.
            (new { max_visits = 1 }, HttpStatusCode.Gone, new { max_visits = (long?)null }),
        ];
        var slugs = new List<string>();
        foreach (var _ in changes)
        {
            slugs.Add(await yard.Admin.Slug());
            await yard.Anonymous.Follow(slugs[^1]).Is(HttpStatusCode.PermanentRedirect);
            await there.Follow(slugs[^1]).Is(HttpStatusCode.PermanentRedirect);
        }
        await yard.Get<VisitCounter>().Write(Stop);
        foreach (var (slug, change) in slugs.Zip(changes))
        {
            await Change(slug, change.Closes);
            await yard.Anonymous.Follow(slug).Is(change.Closed);
        }
        foreach (var (slug, change) in slugs.Zip(changes))
        {
            await Probe.Until(async () => (await there.Follow(slug)).StatusCode == change.Closed, Soon);
        }
        foreach (var (slug, change) in slugs.Zip(changes))
        {
            await Change(slug, change.Opens);
            await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        }
        foreach (var slug in slugs)
        {
            await Probe.Until(
                async () => (await there.Follow(slug)).StatusCode == HttpStatusCode.PermanentRedirect,
                Soon
            );
        }
        await other.App.StopAsync(Stop);
    }

    [Fact]
    public async Task A_limit_that_is_lowered_or_raised_holds_at_once_for_all()
    {
        using var folder = new TemporaryFolder();
        await using var other = await Start(folder);
        using var there = Visitor(other);
        var slug = await yard.Admin.Slug(maxVisits: 5);
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await there.Follow(slug).Is(HttpStatusCode.PermanentRedirect);

        await Change(slug, new { max_visits = 2 });
        await there.Follow(slug).Is(HttpStatusCode.Gone);
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.Gone);
        await Change(slug, new { max_visits = 3 });
        await there.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await there.Follow(slug).Is(HttpStatusCode.Gone);
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.Gone);
        await other.App.StopAsync(Stop);
    }

    [Fact]
    public async Task When_its_time_has_come_a_link_is_closed_in_all_at_once_without_anybody_saying_so()
    {
        using var folder = new TemporaryFolder();
        await using var other = await Start(folder);
        using var there = Visitor(other);
        var ends = (
            await yard.Admin.Shorten(
                new { url = "https://example.com/ends", expires_at = yard.Clock.GetUtcNow().AddMinutes(1) }
            )
        ).Text("slug");
        await yard.Anonymous.Follow(ends).Is(HttpStatusCode.PermanentRedirect);
        await there.Follow(ends).Is(HttpStatusCode.PermanentRedirect);
        // They have one clock.
        yard.Clock.Advance(TimeSpan.FromMinutes(1));
        await yard.Anonymous.Follow(ends).Is(HttpStatusCode.Gone);
        await there.Follow(ends).Is(HttpStatusCode.Gone);
        await other.App.StopAsync(Stop);
    }

    [Fact]
    public async Task A_change_whose_commit_took_long_is_not_missed()
    {
        using var folder = new TemporaryFolder();
        await using var other = await Start(folder);
        using var there = Visitor(other);
        var slug = await yard.Admin.Slug();
        await there.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        // Its note bears the time at which the write began: others were read since.
        await yard.Database.Write(
            async sql =>
            {
                await sql.Execute("UPDATE links SET url = 'https://late.example/' WHERE slug = @slug", new { slug });
                return await sql.Execute(
                    "INSERT INTO link_changes (slug, at) VALUES (@slug, clock_timestamp() - @Seconds * interval '1 second')",
                    new { slug, Seconds = yard.Database.TimeLimit.TotalSeconds }
                );
            },
            Stop
        );
        await Probe.Until(
            async () => (await there.Follow(slug)).Headers.Location?.ToString() == "https://late.example/",
            Soon
        );
        await other.App.StopAsync(Stop);
    }

    private async Task Change(string slug, object change) =>
        await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", change, Stop).Is(HttpStatusCode.OK);

    private Task<Server> Start(TemporaryFolder folder) =>
        Server.Start(
            "http://127.0.0.1:0",
            null,
            [folder.Setting, .. yard.Databases, "--RateLimits:Enabled=false", "--Links:FetchTitles=false"],
            yard.Clock,
            Stop
        );

    private static HttpClient Visitor(Server server) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Url) };
}
