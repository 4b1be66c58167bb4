using System.Net;
using System.Net.Http.Json;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>Two servers over one database: what one blocks, both block.</summary>
public sealed class BlockingHosts(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_link_leads_to_a_blocked_host_or_below_it_in_any_process()
    {
        using var folder = new TemporaryFolder();
        string[] settings =
        [
            folder.Setting,
            .. yard.Databases,
            "--RateLimits:Enabled=false",
            "--Links:FetchTitles=false",
        ];
        await using var other = await Server.Start("http://127.0.0.1:0", null, settings, null, Stop);
        using var there = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(other.Url),
        };
        var old = (await yard.Admin.Shorten(new { url = "https://sub.마당.example/a" })).Text("slug");
        var limited = (await yard.Admin.Shorten(new { url = "https://마당.example/", max_visits = 9 })).Text("slug");
        var fine = (await yard.Admin.Shorten(new { url = "https://other-마당.example/" })).Text("slug");
        await yard.Anonymous.Follow(old).Is(HttpStatusCode.PermanentRedirect);
        await there.Follow(old).Is(HttpStatusCode.PermanentRedirect);

        await Put("마당.EXAMPLE.").Is(HttpStatusCode.NoContent);
        var listed = await (await yard.Admin.Client.GetAsync("/api/v1/links/blocked-hosts", Stop)).Json(
            HttpStatusCode.OK
        );
        var host = Assert.Single(listed.GetProperty("results").EnumerateArray());
        Assert.Equal(("xn--ok1b32k.example", "마당.example"), (host.Text("host"), host.Text("name")));

        await yard.Anonymous.Follow(old).Is(HttpStatusCode.Gone);
        await yard.Anonymous.Follow(limited).Is(HttpStatusCode.Gone);
        await yard.Anonymous.Follow(fine).Is(HttpStatusCode.PermanentRedirect);
        await Probe.Until(
            async () => (await there.Follow(old)).StatusCode == HttpStatusCode.Gone,
            TimeSpan.FromSeconds(5)
        );
        foreach (
            var url in new[]
            {
                "https://xn--ok1b32k.example/",
                "http://a.b.마당.example:8080/?q",
                "https://마당.example./",
            }
        )
        {
            await yard.Admin.Client.PostAsJsonAsync("/api/v1/links", new { url }, Stop).IsBad("url");
            await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{fine}", new { url }, Stop).IsBad("url");
            var many = await yard.Admin.Client.PostAsJsonAsync(
                "/api/v1/links/bulk",
                new { links = new[] { new { url } } },
                Stop
            );
            Assert.Equal(400, (await many.Json(HttpStatusCode.OK)).GetProperty("results")[0].Number("status"));
            Assert.Equal(["1 refused blocked"], (await yard.Admin.ImportLinks(url, "from=csv")).Lines());
        }

        await yard
            .Admin.Client.DeleteAsync("/api/v1/links/blocked-hosts/xn--ok1b32k.example", Stop)
            .Is(HttpStatusCode.NoContent);
        await yard.Anonymous.Follow(old).Is(HttpStatusCode.PermanentRedirect);
        await Probe.Until(
            async () => (await there.Follow(old)).StatusCode == HttpStatusCode.PermanentRedirect,
            TimeSpan.FromSeconds(5)
        );
        await other.App.StopAsync(Stop);
    }

    [Fact]
    public async Task Only_admins_say_what_is_blocked_and_only_hosts_are()
    {
        var member = await yard.SignUp();
        await member.Client.PutAsync("/api/v1/links/blocked-hosts/a.example", null, Stop).Is(HttpStatusCode.Forbidden);
        await member.Client.GetAsync("/admin/blocked-hosts", Stop).Is(HttpStatusCode.Forbidden);
        foreach (
            var host in new[] { "a b", "a%2Fb", "a:80", "::1%25eth0", "::1:zz", "a@b", new string('a', 300), "%20" }
        )
        {
            await Put(host).IsBad("host");
        }
        await yard
            .Admin.Client.DeleteAsync("/api/v1/links/blocked-hosts/never.example", Stop)
            .Is(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("[2001:DB8:0::A1]")]
    [InlineData("2001:db8::a1")]
    public async Task An_address_of_IPv6_is_blocked_with_brackets_and_without(string host)
    {
        await Put(Uri.EscapeDataString(host)).Is(HttpStatusCode.NoContent);
        await yard
            .Admin.Client.PostAsJsonAsync("/api/v1/links", new { url = "http://[2001:db8:0:0::a1]:8080/" }, Stop)
            .IsBad("url");
        await yard.Admin.Shorten(new { url = $"http://[2001:db8::a2]/{host.Length}" });
        await yard
            .Admin.Client.DeleteAsync("/api/v1/links/blocked-hosts/2001:db8::a1", Stop)
            .Is(HttpStatusCode.NoContent);
        await yard.Admin.Shorten(new { url = $"http://[2001:db8::a1]/{host.Length}" });
    }

    private Task<HttpResponseMessage> Put(string host) =>
        yard.Admin.Client.PutAsync($"/api/v1/links/blocked-hosts/{host}", null, Stop);
}
