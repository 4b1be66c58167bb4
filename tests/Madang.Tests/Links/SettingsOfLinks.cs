using System.Net;
using Madang.Links.Counting;
using Madang.Links.Leaving;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Links;

public sealed class SettingsOfLinksOnSqlite() : SettingsOfLinks(NewYards.OnSqlite);

public sealed class SettingsOfLinksOnPostgres(PostgresServer postgres) : SettingsOfLinks(NewYards.OnPostgres(postgres));

/// <summary>What an operator may set otherwise than it usually is.</summary>
public abstract class SettingsOfLinks(NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_without_an_account_countries_of_proxies_and_the_days_that_visits_are_kept()
    {
        await using var yard = await yards.Start(
            "--Links:AllowAnonymous=true",
            "--Links:CountryHeader=CF-IPCountry",
            "--Links:KeepVisitsDays=10"
        );
        var me = await yard.SignUp();
        await VisitsAreKeptForSoManyDays(yard, me);
        await AnybodyShortensThirtyAddressesAMinute(yard, me);
        await CountriesAreBelievedOfProxiesAlone(yard, me);
    }

    private static async Task AnybodyShortensThirtyAddressesAMinute(Yard yard, Person me)
    {
        var url = $"https://example.com/{Guid.NewGuid():N}";
        var made = await (await Post(yard, url, "192.0.2.5")).Json(HttpStatusCode.Created);
        var again = await (await Post(yard, url, "192.0.2.5")).Json(HttpStatusCode.OK);
        Assert.Equal(made.Text("short_slug"), again.Text("short_slug"));
        var link = await (await me.Client.GetAsync($"/api/v1/links/{made.Text("short_slug")}", Stop)).Json(
            HttpStatusCode.OK
        );
        Assert.Equal("team", link.Text("visibility"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, link.GetProperty("owner_id").ValueKind);

        for (var number = 2; number < 30; number++)
        {
            await Post(yard, $"{url}/{number}", "192.0.2.5").Is(HttpStatusCode.Created);
        }
        await Post(yard, $"{url}/30", "192.0.2.5").Is(HttpStatusCode.TooManyRequests);
        await Post(yard, $"{url}/30", "198.51.100.7").Is(HttpStatusCode.Created);
    }

    private static async Task CountriesAreBelievedOfProxiesAlone(Yard yard, Person me)
    {
        var slug = await me.Slug();
        var chrome = ("User-Agent", LinkCalls.Chrome);
        await yard.Anonymous.Follow(slug, chrome, ("CF-IPCountry", "KR")).Is(HttpStatusCode.PermanentRedirect);
        // From here on this machine is a stranger as any other.
        var known = yard.Get<IOptions<ForwardedHeadersOptions>>().Value;
        known.KnownProxies.Clear();
        known.KnownIPNetworks.Clear();
        await yard.Anonymous.Follow(slug, chrome, ("CF-IPCountry", "JP")).Is(HttpStatusCode.PermanentRedirect);

        var stats = await me.Stats(slug);
        Assert.Equal("""{"people":2,"bots":0}""", stats.GetProperty("total").ToString());
        Assert.Equal("""[{"name":"KR","people":1,"bots":0}]""", stats.GetProperty("countries").ToString());
    }

    private static async Task VisitsAreKeptForSoManyDays(Yard yard, Person me)
    {
        var slug = await me.Slug();
        var link = await yard.LinkId(slug);
        var agent = new Agent(false, "Firefox", "Linux", "desktop");
        var now = yard.Clock.GetUtcNow();
        var days = new[] { 30, 11, 9, 1 };
        var visits = days.Select(day => new Visit(link, At(now.AddDays(-day)), false, agent, "", "ko", "", 0, true));
        await yard.Get<VisitStore>().WriteWithSums([.. visits]);

        await yard.Get<LinkHousework>().Tidy(Stop);

        var kept = await yard.Database.Read(
            sql =>
                sql.Query<DateTimeOffset>("SELECT at FROM link_visits WHERE link_id = @link ORDER BY at", new { link }),
            Stop
        );
        Assert.Equal([9, 1], kept.Select(at => (int)Math.Round((now - at).TotalDays)));
        var from = Uri.EscapeDataString(now.AddDays(-40).ToString("O"));
        var stats = await me.Stats(slug, $"?from={from}&bucket=day");
        Assert.Equal(4, stats.GetProperty("total").Number("people"));
    }

    private static long At(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    private static Task<HttpResponseMessage> Post(Yard yard, string url, string from) =>
        yard.Anonymous.Send(HttpMethod.Post, "/", new { url }, ("X-Forwarded-For", from));
}
