using System.Globalization;
using System.Net;
using Madang.Foundation.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

public sealed class GuessingPasswordsOnSqlite(SqliteYard yard) : GuessingPasswords(yard), IClassFixture<SqliteYard>;

public sealed class GuessingPasswordsOnPostgres(PostgresYard yard)
    : GuessingPasswords(yard),
        IClassFixture<PostgresYard>;

public abstract class GuessingPasswords(Yard yard)
{
    private const string Home = "198.51.100.4";
    private const string Elsewhere = "203.0.113.7";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_failures_from_one_network_make_it_wait_and_no_other()
    {
        var me = await yard.SignUp();
        await Fail(me.Email, Elsewhere, 5);
        using var refused = await LogIn(me.Email, Yard.Password, "203.0.113.200");
        await refused.Problem(HttpStatusCode.TooManyRequests);
        Assert.InRange(
            int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture),
            1,
            900
        );
        await LogIn(me.Email, Yard.Password, Home).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Unknown_addresses_wait_alike()
    {
        await Fail("unknown@example.com", Elsewhere, 5);
        await LogIn("unknown@example.com", "x", Elsewhere).Is(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Right_passwords_count_as_no_failure()
    {
        var me = await yard.SignUp();
        for (var i = 0; i < 7; i++)
        {
            await LogIn(me.Email, Yard.Password, Elsewhere).Is(HttpStatusCode.OK);
        }
        await Fail(me.Email, Elsewhere, 4);
        await LogIn(me.Email, Yard.Password, Elsewhere).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Many_networks_together_lock_strangers_out_but_never_the_owner()
    {
        var me = await yard.SignUp();
        await LogIn(me.Email, Yard.Password, Home).Is(HttpStatusCode.OK);
        var attempts = yard.Get<SignInAttempts>();
        for (var network = 0; network < 50; network++)
        {
            var attempt = await attempts.Begin(me.Email, "password", new Client($"10.0.{network}.0/24", ""), Stop);
            await attempts.Fail(attempt!.Value);
        }
        await LogIn(me.Email, Yard.Password, Elsewhere).Is(HttpStatusCode.TooManyRequests);
        await LogIn(me.Email, Yard.Password, Home).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_quarter_of_an_hour_slides()
    {
        var me = await yard.SignUp();
        await Fail(me.Email, Elsewhere, 3);
        yard.Clock.Advance(TimeSpan.FromMinutes(8));
        await Fail(me.Email, Elsewhere, 2);
        await LogIn(me.Email, Yard.Password, Elsewhere).Is(HttpStatusCode.TooManyRequests);
        yard.Clock.Advance(TimeSpan.FromMinutes(8));
        await LogIn(me.Email, Yard.Password, Elsewhere).Is(HttpStatusCode.OK);
        await Fail(me.Email, Elsewhere, 3);
        await LogIn(me.Email, Yard.Password, Elsewhere).Is(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Of_twenty_wrong_tries_at_once_at_most_five_are_looked_at()
    {
        var me = await yard.SignUp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LogIn(me.Email, "wrong one", Elsewhere)));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Twelve_right_tries_at_once_all_get_in()
    {
        var me = await yard.SignUp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => LogIn(me.Email, Yard.Password, Home)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Nobody_in_the_owners_own_network_locks_him_out_of_his_browser()
    {
        var me = await yard.SignUp();
        var browser = new Browser(yard);
        await SignIn(browser, me.Email, Yard.Password, HttpStatusCode.SeeOther);
        var own = browser.Cookies[KnownDevices.CookieName];
        browser.Cookies.Remove(WebSession.CookieName);
        var neighbour = new Browser(yard);
        for (var i = 0; i < 5; i++)
        {
            await SignIn(neighbour, me.Email, "wrong one", HttpStatusCode.BadRequest);
        }
        await SignIn(neighbour, me.Email, Yard.Password, HttpStatusCode.TooManyRequests);

        await SignIn(browser, me.Email, Yard.Password, HttpStatusCode.SeeOther);
        browser.Cookies.Remove(WebSession.CookieName);
        for (var i = 0; i < 5; i++)
        {
            await SignIn(browser, me.Email, "wrong one", HttpStatusCode.BadRequest);
        }
        await SignIn(browser, me.Email, Yard.Password, HttpStatusCode.TooManyRequests);
        Assert.DoesNotContain(me.Email, own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_known_for_one_account_is_a_stranger_to_another()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var browser = new Browser(yard);
        await SignIn(browser, me.Email, Yard.Password, HttpStatusCode.SeeOther);
        browser.Cookies.Remove(WebSession.CookieName);
        await Fail(other.Email, "127.0.0.1", 5);
        await SignIn(browser, other.Email, Yard.Password, HttpStatusCode.TooManyRequests);
    }

    private static async Task SignIn(Browser browser, string email, string password, HttpStatusCode status)
    {
        using var answer = await browser.Post("/sign-in", "/sign-in", ("email", email), ("password", password));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.TooManyRequests, answer.Headers.RetryAfter is not null);
    }

    private async Task Fail(string email, string address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await LogIn(email, "wrong one", address).Is(HttpStatusCode.BadRequest);
        }
    }

    private Task<HttpResponseMessage> LogIn(string email, string password, string address) =>
        yard.Anonymous.Send(
            HttpMethod.Post,
            "/api/v1/auth/login",
            new { email, password },
            ("X-Forwarded-For", address)
        );
}
