using System.Net;
using Madang.Host;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

[Collection(nameof(OutsideSqliteYards))]
public sealed class StatesOfTheWayOnSqlite(OutsideSqliteYard yard) : StatesOfTheWay(yard, yard.Provider);

[Collection(nameof(OutsidePostgresYards))]
public sealed class StatesOfTheWayOnPostgres(OutsidePostgresYard yard) : StatesOfTheWay(yard, yard.Provider);

/// <summary>A way back is good once, in the browser in which it began, for the provider to which it led, for a quarter of an hour.</summary>
public abstract class StatesOfTheWay(Yard yard, TestProvider provider)
{
    private const string Sentence = "처음부터 다시 해 주세요";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("?code=1")]
    [InlineData("?code=1&state=")]
    [InlineData("?code=1&state=made-up")]
    [InlineData("?error=access_denied&state=made-up")]
    [InlineData("")]
    public async Task A_missing_or_made_up_state_leads_nowhere(string query)
    {
        var browser = new Browser(yard);
        using var answer = await browser.Return($"/auth/naver{query}");
        await browser.IsTurnedAway(answer, HttpStatusCode.BadRequest, Sentence);
    }

    [Fact]
    public async Task A_changed_state_leads_nowhere()
    {
        provider.Member = new("changed");
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree();
        var at = back.IndexOf("state=", StringComparison.Ordinal) + 40;
        using var answer = await browser.Return(back[..at] + (back[at] == 'A' ? 'B' : 'A') + back[(at + 1)..]);
        await browser.IsTurnedAway(answer, HttpStatusCode.BadRequest, Sentence);
    }

    [Fact]
    public async Task The_state_of_another_browser_leads_nowhere()
    {
        provider.Member = new("attacker");
        var attacker = new Browser(yard);
        var back = await (await attacker.Leave()).Agree();
        var victim = new Browser(yard);
        await victim.Leave();
        using var answer = await victim.Return(back);
        await victim.IsTurnedAway(answer, HttpStatusCode.BadRequest, Sentence);
    }

    [Fact]
    public async Task A_state_is_good_once_even_with_its_cookie_and_in_another_spelling_and_for_another_process()
    {
        provider.Member = new("replayed");
        var browser = new Browser(yard);
        var authorization = await browser.Leave();
        var cookies = browser.Cookies.ToDictionary();
        var back = await authorization.Agree();
        using (var first = await browser.Return(back))
        {
            Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        }
        // The provider gives a second code for the same state.
        var second = await authorization.Agree();
        var thief = new Browser(yard) { Cookies = new(cookies) };
        using (var again = await thief.Return(second))
        {
            await thief.IsTurnedAway(again, HttpStatusCode.BadRequest, Sentence);
        }
        var spelled = new Browser(yard) { Cookies = new(cookies) };
        using (var other = await spelled.Return(second.Replace("&code", "%20&code", StringComparison.Ordinal)))
        {
            await spelled.IsTurnedAway(other, HttpStatusCode.BadRequest, Sentence);
        }

        string[] settings = [$"--Data:Directory={yard.Folder}", .. yard.Databases, .. OutsideSettings.Of(provider)];
        await using var server = await Server.Start("http://127.0.0.1:0", null, settings, yard.Clock, Stop);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        await client
            .Send(
                HttpMethod.Get,
                server.Url + await authorization.Agree(),
                null,
                ("Cookie", string.Join("; ", cookies.Select(one => $"{one.Key}={one.Value}")))
            )
            .Is(HttpStatusCode.BadRequest);
        await server.App.StopAsync(Stop);
    }

    [Fact]
    public async Task Of_many_returns_with_one_state_at_once_one_comes_in()
    {
        provider.Member = new("at-once");
        var browser = new Browser(yard);
        var authorization = await browser.Leave();
        var cookies = browser.Cookies.ToDictionary();
        var ways = new List<string>();
        for (var number = 0; number < 6; number++)
        {
            ways.Add(await authorization.Agree());
        }
        var answers = await Task.WhenAll(ways.Select(way => new Browser(yard) { Cookies = new(cookies) }.Return(way)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.SeeOther);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task The_state_of_one_provider_is_none_of_another_s()
    {
        provider.Member = new("mixed-up");
        var browser = new Browser(yard);
        var back = await (await browser.Leave("/login/acme")).Agree();
        using var answer = await browser.Return(back.Replace("/auth/acme", "/auth/naver", StringComparison.Ordinal));
        await browser.IsTurnedAway(answer, HttpStatusCode.BadRequest, Sentence);
    }

    [Fact]
    public async Task Who_agrees_too_late_begins_again()
    {
        provider.Member = new("late");
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree();
        yard.Clock.Advance(TimeSpan.FromMinutes(16));
        using var answer = await browser.Return(back);
        await browser.IsTurnedAway(answer, HttpStatusCode.BadRequest, Sentence);
    }

    [Fact]
    public async Task The_cookie_of_the_way_is_the_server_s_alone_and_goes_to_the_way_back_alone()
    {
        using var answer = await new Browser(yard).Send(HttpMethod.Get, "/login/naver");
        var cookie = Assert.Single(Browser.Set(answer));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/auth/naver", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, InlineData("ko", "동의하지 않아서"), InlineData("en", "You did not agree")]
    public async Task Who_does_not_agree_is_told_that_nothing_was_done(string language, string sentence)
    {
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree("no");
        using var answer = await browser.Return(back, language);
        await browser.IsTurnedAway(answer, HttpStatusCode.Forbidden, sentence);
    }
}
