using System.Net;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

[Collection(nameof(OutsideSqliteYards))]
public sealed class ComingInThroughAProviderOnSqlite(OutsideSqliteYard yard)
    : ComingInThroughAProvider(yard, yard.Provider);

[Collection(nameof(OutsidePostgresYards))]
public sealed class ComingInThroughAProviderOnPostgres(OutsidePostgresYard yard)
    : ComingInThroughAProvider(yard, yard.Provider);

public abstract class ComingInThroughAProvider(Yard yard, TestProvider provider)
{
    private static int members;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Member NewMember => new($"naver-{Interlocked.Increment(ref members)}");

    [Fact]
    public async Task Who_comes_for_the_first_time_gets_an_account_and_later_the_same()
    {
        provider.Member = NewMember with { Email = $"{Guid.NewGuid():N}@example.com", Nickname = "하늘이" };
        var first = new Browser(yard);
        using var answer = await first.Walk();
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/", answer.Headers.GetValues("Location").Single());
        var cookie = Browser.Set(answer).Single(set => set.StartsWith("madang=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        using var me = await first.Send(HttpMethod.Get, "/api/v1/users/me");
        var user = await me.Json(HttpStatusCode.OK);
        Assert.Equal(
            ("하늘이", provider.Member.Email, "member"),
            (user.Text("username"), user.Text("email"), user.Text("role"))
        );

        var second = new Browser(yard);
        using var again = await second.Walk();
        Assert.Equal(user.Number("id"), await second.WhoAmI());

        var signIns = await yard.Database.Read(
            sql =>
                sql.Query<(string How, string Address, string Outcome)>(
                    "SELECT how, address, outcome FROM sign_ins WHERE user_id = @Id",
                    new { Id = user.Number("id") }
                ),
            Stop
        );
        Assert.Equal(2, signIns.Count);
        Assert.All(signIns, one => Assert.Equal(("naver", "127.0.0.0/24", "signed_in"), one));
    }

    [Fact]
    public async Task The_code_is_traded_as_the_provider_documents_it()
    {
        provider.Member = NewMember;
        provider.Tokens.Clear();
        var browser = new Browser(yard);
        var naver = await browser.Leave();
        Assert.DoesNotContain("code_challenge", naver.Query, StringComparison.Ordinal);
        Assert.Contains(
            $"redirect_uri={Uri.EscapeDataString($"{yard.Url}/auth/naver")}",
            naver.Query,
            StringComparison.Ordinal
        );
        using (await browser.Return(await naver.Agree())) { }
        Assert.Contains("state", provider.Tokens.Single().Keys);

        provider.Tokens.Clear();
        var other = new Browser(yard);
        var acme = await other.Leave("/login/acme");
        Assert.Contains("code_challenge_method=S256", acme.Query, StringComparison.Ordinal);
        Assert.Contains("scope=openid%20email%20profile", acme.Query, StringComparison.Ordinal);
        using var back = await other.Return(await acme.Agree());
        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        Assert.Contains("code_verifier", provider.Tokens.Single().Keys);
        Assert.DoesNotContain("state", provider.Tokens.Single().Keys);
        // The same subject of another issuer is somebody else.
        Assert.NotEqual(await browser.WhoAmI(), await other.WhoAmI());
    }

    [Fact]
    public async Task Who_shows_no_e_mail_gets_an_account_all_the_same()
    {
        provider.Member = NewMember with { Name = null };
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        using var me = await browser.Send(HttpMethod.Get, "/api/v1/users/me");
        var user = await me.Json(HttpStatusCode.OK);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, user.GetProperty("email").ValueKind);
        Assert.NotEmpty(user.Text("username"));
        foreach (var page in new[] { "/", "/settings", "/settings/connections", "/memos" })
        {
            await browser.Send(HttpMethod.Get, page).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task An_e_mail_that_nobody_made_sure_of_is_no_e_mail()
    {
        var owner = await yard.SignUp();
        provider.Member = NewMember with { Email = owner.Email };
        var browser = new Browser(yard);
        using (await browser.Walk("/login/acme")) { }
        using var me = await browser.Send(HttpMethod.Get, "/api/v1/users/me");
        var user = await me.Json(HttpStatusCode.OK);
        Assert.NotEqual(owner.Id, user.Number("id"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, user.GetProperty("email").ValueKind);
    }

    [Theory, InlineData("ko", "설정에서 연결해 주세요"), InlineData("en", "connect in the settings")]
    public async Task An_e_mail_that_has_an_account_opens_no_door_to_it(string language, string sentence)
    {
        var owner = await yard.SignUp();
        provider.Member = NewMember with { Email = owner.Email.ToUpperInvariant() };
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree();
        using var answer = await browser.Return(back, language);
        await browser.IsTurnedAway(answer, HttpStatusCode.Conflict, sentence);
    }

    [Fact]
    public async Task Many_first_returns_of_one_person_at_once_make_one_account()
    {
        provider.Member = NewMember;
        var browsers = Enumerable.Range(0, 8).Select(_ => new Browser(yard)).ToList();
        var ways = new List<string>();
        foreach (var browser in browsers)
        {
            ways.Add(await (await browser.Leave()).Agree());
        }
        var answers = await Task.WhenAll(browsers.Zip(ways, (browser, way) => browser.Return(way)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode));
        var users = await Task.WhenAll(browsers.Select(browser => browser.WhoAmI()));
        Assert.Single(users.Distinct());
    }

    [Fact]
    public async Task Who_may_not_sign_in_any_more_does_not_come_in_and_who_deleted_his_account_begins_anew()
    {
        provider.Member = NewMember;
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        var id = await browser.WhoAmI();
        // Signed in anew: another test may have put the clock forward.
        var admin = (await yard.SignIn(yard.Admin.Id, yard.Admin.Email)).Client;
        await admin.Send(HttpMethod.Patch, $"/api/v1/users/{id}", new { disabled = true }).Is(HttpStatusCode.OK);
        var again = new Browser(yard);
        using var answer = await again.Walk();
        await again.IsTurnedAway(answer, HttpStatusCode.Forbidden, "들어올 수 없어요");

        await admin.Send(HttpMethod.Patch, $"/api/v1/users/{id}", new { disabled = false }).Is(HttpStatusCode.OK);
        var last = new Browser(yard);
        using (await last.Walk()) { }
        Assert.Equal(id, await last.WhoAmI());
        await last.Send(HttpMethod.Delete, "/api/v1/users/me", null, ("Sec-Fetch-Site", "same-origin"))
            .Is(HttpStatusCode.NoContent);
        var left = await yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM identities WHERE user_id = @id", new { id }),
            Stop
        );
        Assert.Equal(0, left);
        var anew = new Browser(yard);
        using (await anew.Walk()) { }
        Assert.NotEqual(id, await anew.WhoAmI());
    }

    [Theory]
    [InlineData("?next=/memos", "/memos")]
    [InlineData("?next=//evil.example", "/")]
    [InlineData("?next=https://evil.example/", "/")]
    [InlineData("?next=/\\evil.example", "/")]
    public async Task It_leads_on_within_this_site_alone(string query, string location)
    {
        provider.Member = NewMember;
        using var answer = await new Browser(yard).Walk($"/login/naver{query}");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(location, answer.Headers.GetValues("Location").Single());
    }

    [Fact]
    public async Task What_is_not_configured_is_not_there()
    {
        using var problem = await yard.Anonymous.Send(HttpMethod.Get, "/login/kakao");
        Assert.Contains(
            "no such way",
            (await problem.Problem(HttpStatusCode.NotFound)).Text("detail"),
            StringComparison.Ordinal
        );
        var browser = new Browser(yard);
        using var page = await browser.Return("/login/kakao");
        await browser.IsTurnedAway(page, HttpStatusCode.NotFound, "그 로그인 방법이 없어요");
        await browser.Send(HttpMethod.Get, "/auth/kakao?code=1&state=2").Is(HttpStatusCode.NotFound);
        var signIn = await yard.Anonymous.GetStringAsync("/sign-in", Stop);
        Assert.Contains("/login/naver", signIn, StringComparison.Ordinal);
        Assert.DoesNotContain("/login/kakao", signIn, StringComparison.Ordinal);
    }
}
