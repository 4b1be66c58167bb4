using System.Net;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class WebSessionsOnSqlite(SqliteYard yard) : WebSessions(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class WebSessionsOnPostgres(PostgresYard yard) : WebSessions(yard);

public abstract class WebSessions(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_cookie_is_the_server_s_alone_and_on_https_goes_over_nothing_else(bool isHttps)
    {
        var me = await yard.SignUp();
        var browser = new Browser(yard);
        var token = await browser.Token("/sign-in");
        using var answer = await browser.Submit(
            "/sign-in",
            [("form_token", token), ("email", me.Email), ("password", Yard.Password)],
            ("X-Forwarded-Proto", isHttps ? "https" : "http")
        );
        var cookie = Browser.Set(answer).Single(set => set.StartsWith("madang=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(isHttps, cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(isHttps, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task The_cookie_tells_nobody_who_is_signed_in()
    {
        var me = await yard.SignUp();
        var first = (await new Browser(yard).SignIn(me)).Cookies["madang"];
        var second = (await new Browser(yard).SignIn(me)).Cookies["madang"];
        Assert.NotEqual(first, second);
        foreach (var part in first.Split('.', '-', '_'))
        {
            Assert.NotEqual(me.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), part);
        }
        var changed = new Browser(yard) { Cookies = { ["madang"] = first[..^2] + "AA" } };
        Assert.False(await changed.IsSignedIn());
    }

    [Fact]
    public async Task Signing_out_ends_the_session_for_a_stolen_cookie_too()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        var thief = new Browser(yard) { Cookies = { ["madang"] = browser.Cookies["madang"] } };
        Assert.True(await thief.IsSignedIn());
        using var out_ = await browser.Post("/settings", "/sign-out");
        Assert.Equal(HttpStatusCode.SeeOther, out_.StatusCode);
        Assert.DoesNotContain("madang", browser.Cookies.Keys);
        Assert.False(await thief.IsSignedIn());
    }

    [Fact]
    public async Task A_new_password_ends_every_other_browser_and_every_refresh_token()
    {
        var me = await yard.SignUp();
        var here = await new Browser(yard).SignIn(me);
        var there = await new Browser(yard).SignIn(me);
        using var changed = await here.Send(
            HttpMethod.Put,
            "/api/v1/users/me/password",
            new { current_password = Yard.Password, new_password = "새 비밀번호 하나" },
            ("Sec-Fetch-Site", "same-origin")
        );
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.True(await here.IsSignedIn());
        Assert.False(await there.IsSignedIn());
        await yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = me.RefreshToken })
            .Is(HttpStatusCode.Unauthorized);
        await new Browser(yard).SignIn(me, "새 비밀번호 하나");
    }

    [Fact]
    public async Task A_form_without_its_token_or_with_another_s_is_refused()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        (string, string) same = ("Sec-Fetch-Site", "same-origin");
        var other = await (await new Browser(yard).SignIn(await yard.SignUp())).Token("/memos");
        await browser.Submit("/memos", [("text", "x")], same).Is(HttpStatusCode.Forbidden);
        await browser.Submit("/memos", [("text", "x"), ("form_token", "made up")], same).Is(HttpStatusCode.Forbidden);
        await browser.Submit("/memos", [("text", "x"), ("form_token", other)], same).Is(HttpStatusCode.Forbidden);
        await new Browser(yard)
            .Submit("/sign-in", [("email", me.Email), ("password", Yard.Password)])
            .Is(HttpStatusCode.Forbidden);
        using var written = await browser.Post("/memos", "/memos", ("text", "x"));
        Assert.Equal(HttpStatusCode.SeeOther, written.StatusCode);
    }

    [Fact]
    public async Task A_call_with_the_cookie_must_come_from_our_own_pages()
    {
        var browser = await new Browser(yard).SignIn(await yard.SignUp());
        foreach (var site in new[] { "cross-site", "same-site", "none" })
        {
            await Write(("Sec-Fetch-Site", site)).Is(HttpStatusCode.Forbidden);
        }
        await Write(("Origin", "https://evil.example")).Is(HttpStatusCode.Forbidden);
        await Write(("Origin", "null")).Is(HttpStatusCode.Forbidden);
        await Write().Is(HttpStatusCode.Forbidden);
        await Write(("Sec-Fetch-Site", "cross-site"), ("Origin", yard.Url)).Is(HttpStatusCode.Forbidden);
        await Write(("Sec-Fetch-Site", "same-origin")).Is(HttpStatusCode.Created);
        await Write(("Origin", yard.Url)).Is(HttpStatusCode.Created);
        await browser
            .Send(HttpMethod.Get, "/api/v1/memos", null, ("Sec-Fetch-Site", "cross-site"))
            .Is(HttpStatusCode.OK);
        await browser
            .Send(HttpMethod.Post, "/memo", new { text = "x" }, ("Sec-Fetch-Site", "cross-site"))
            .Is(HttpStatusCode.Forbidden);

        Task<HttpResponseMessage> Write(params (string, string)[] headers) =>
            browser.Send(HttpMethod.Post, "/api/v1/memos", new { text = "x" }, headers);
    }

    [Fact]
    public async Task A_bearer_header_wins_over_a_cookie_even_a_bad_one()
    {
        var browser = await new Browser(yard).SignIn(await yard.SignUp());
        (string, string) admin = ("Authorization", $"Bearer {yard.Admin.AccessToken}");
        using var answer = await browser.Send(HttpMethod.Get, "/api/v1/users/me", null, admin);
        Assert.Equal(yard.Admin.Id, (await answer.Json(HttpStatusCode.OK)).Number("id"));
        foreach (var bad in new[] { "Bearer nothing", "Basic YTpi", "Bearer" })
        {
            await browser
                .Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", bad))
                .Is(HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("/memos?tag=회의", "/memos?tag=%ED%9A%8C%EC%9D%98")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("", "/")]
    public async Task After_signing_in_one_goes_on_within_this_site_alone(string next, string location)
    {
        using var answer = await new Browser(yard).Post(
            "/sign-in",
            "/sign-in",
            ("email", yard.Admin.Email),
            ("password", Yard.Password),
            ("next", next)
        );
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(location, answer.Headers.GetValues("Location").Single());
    }

    [Fact]
    public async Task A_page_that_needs_a_sign_in_leads_there_and_back()
    {
        using var sent = await yard.Anonymous.Send(HttpMethod.Get, "/memos?tag=%ED%9A%8C%EC%9D%98");
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal(
            "/sign-in?next=%2Fmemos%3Ftag%3D%25ED%259A%258C%25EC%259D%2598",
            sent.Headers.Location!.OriginalString
        );
        var page = await yard.Anonymous.GetStringAsync(sent.Headers.Location, Stop);
        Assert.Contains("name=\"next\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_over_the_same_database_reads_the_first_one_s_cookie()
    {
        var browser = await new Browser(yard).SignIn(yard.Admin);
        string[] settings = [$"--Data:Directory={yard.Folder}", .. yard.Databases];
        await using var second = await Server.Start("http://127.0.0.1:0", null, settings, yard.Clock, Stop);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        await client
            .Send(
                HttpMethod.Get,
                $"{second.Url}/api/v1/users/me",
                null,
                ("Cookie", $"madang={browser.Cookies["madang"]}")
            )
            .Is(HttpStatusCode.OK);
        await second.App.StopAsync(Stop);
    }
}
