using System.Net;
using System.Net.Http.Json;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>Two servers over one database, as behind a load balancer.</summary>
public sealed class LinksOfSeveralProcesses(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_followed_by_the_others_soon_and_visits_are_taken_once_by_all()
    {
        using var folder = new TemporaryFolder();
        string[] settings = [folder.Setting, .. yard.Databases, "--RateLimits:Enabled=false"];
        await using var other = await Server.Start("http://127.0.0.1:0", null, settings, null, Stop);
        using var there = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(other.Url),
        };
        var slug = await yard.Admin.Slug();
        await there.Follow(slug).Is(HttpStatusCode.PermanentRedirect);

        await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", new { url = "https://b.example/" }, Stop);
        await Probe.Until(
            async () => (await there.Follow(slug)).Headers.Location?.ToString() == "https://b.example/",
            TimeSpan.FromSeconds(5)
        );
        await yard.Admin.Client.DeleteAsync($"/api/v1/links/{slug}", Stop);
        await Probe.Until(
            async () => (await there.Follow(slug)).StatusCode == HttpStatusCode.NotFound,
            TimeSpan.FromSeconds(5)
        );

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
}
