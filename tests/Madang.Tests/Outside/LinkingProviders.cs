using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

[Collection(nameof(OutsideSqliteYards))]
public sealed class LinkingProvidersOnSqlite(OutsideSqliteYard yard) : LinkingProviders(yard, yard.Provider);

[Collection(nameof(OutsidePostgresYards))]
public sealed class LinkingProvidersOnPostgres(OutsidePostgresYard yard) : LinkingProviders(yard, yard.Provider);

public abstract partial class LinkingProviders(Yard yard, TestProvider provider)
{
    private const string Page = "/settings/connections";

    private static int members;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Member NewMember => new($"linked-{Interlocked.Increment(ref members)}");

    [Fact]
    public async Task Who_links_a_provider_comes_in_through_it_and_the_export_tells_of_it()
    {
        var me = await yard.SignUp();
        provider.Member = NewMember with { Email = me.Email };
        var browser = await new Browser(yard).SignIn(me);
        using (var back = await browser.Walk(await LinkOf(browser)))
        {
            Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
            Assert.Equal($"{Page}?saved=linked", back.Headers.GetValues("Location").Single());
        }
        var other = new Browser(yard);
        using (await other.Walk()) { }
        Assert.Equal(me.Id, await other.WhoAmI());

        using var export = await browser.Send(HttpMethod.Get, "/api/v1/users/me/export");
        await using var zip = new System.IO.Compression.ZipArchive(await export.Content.ReadAsStreamAsync(Stop));
        using var reader = new StreamReader(await zip.GetEntry("identities.json")!.OpenAsync(Stop));
        var identity = Assert.Single(
            System.Text.Json.JsonElement.Parse(await reader.ReadToEndAsync(Stop)).EnumerateArray()
        );
        Assert.Equal((provider.Member.Id, "naver"), (identity.Text("subject"), identity.Text("provider")));
    }

    [Fact]
    public async Task Linking_begins_on_ones_own_page_and_ends_with_who_began_it()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        provider.Member = NewMember;
        var browser = await new Browser(yard).SignIn(me);
        var link = await LinkOf(browser);

        // A stranger's page can make no link, and mine is of no use to others, signed out, or for another provider.
        await IsRefused(browser, "/login/naver?link=made-up");
        await IsRefused(await new Browser(yard).SignIn(other), link);
        await IsRefused(await new Browser(yard).SignIn(me), link);
        await IsRefused(browser, link.Replace("/login/naver", "/login/acme", StringComparison.Ordinal));
        using (var signedOut = await new Browser(yard).Return(link))
        {
            Assert.Equal(HttpStatusCode.Forbidden, signedOut.StatusCode);
        }

        // Begun by me, brought back while somebody else is signed in there: nobody's.
        var back = await (await browser.Leave(link)).Agree();
        var way = browser.Cookies.Where(cookie => cookie.Key != "madang").ToDictionary();
        var swapped = await new Browser(yard).SignIn(other);
        foreach (var (name, value) in way)
        {
            swapped.Cookies[name] = value;
        }
        using (var answer = await swapped.Return(back))
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        Assert.Equal(0, await Identities(me.Id) + await Identities(other.Id));
    }

    [Fact]
    public async Task An_identity_belongs_to_one_account()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        provider.Member = NewMember;
        var mine = await new Browser(yard).SignIn(me);
        using (await mine.Walk(await LinkOf(mine))) { }
        var theirs = await new Browser(yard).SignIn(other);
        using var answer = await theirs.Walk(await LinkOf(theirs));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("다른 계정에 연결", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal((1, 0), (await Identities(me.Id), await Identities(other.Id)));
    }

    [Fact]
    public async Task The_last_way_in_stays_until_there_is_a_password()
    {
        provider.Member = NewMember;
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        var id = await Identity(await browser.WhoAmI());
        using (var refused = await browser.Post(Page, $"{Page}/{id}/unlink"))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("마지막 길", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
        using (
            var weak = await browser.Post(
                Page,
                $"{Page}/password",
                ("email", "a@example.com"),
                ("new_password", "12345678")
            )
        )
        {
            Assert.Equal(HttpStatusCode.BadRequest, weak.StatusCode);
        }
        using (var nobody = await browser.Post(Page, $"{Page}/password", ("new_password", Yard.Password)))
        {
            Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        }
        using (
            var taken = await browser.Post(
                Page,
                $"{Page}/password",
                ("email", yard.Admin.Email),
                ("new_password", Yard.Password)
            )
        )
        {
            Assert.Equal(HttpStatusCode.BadRequest, taken.StatusCode);
            Assert.Contains("이미 계정이 있는", await taken.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
        var email = $"{Guid.NewGuid():N}@example.com";
        using (
            var set = await browser.Post(Page, $"{Page}/password", ("email", email), ("new_password", Yard.Password))
        )
        {
            Assert.Equal(HttpStatusCode.SeeOther, set.StatusCode);
        }
        using (var gone = await browser.Post("/settings", $"{Page}/{id}/unlink"))
        {
            Assert.Equal(HttpStatusCode.SeeOther, gone.StatusCode);
        }
        Assert.Equal(await browser.WhoAmI(), (await yard.SignIn(await browser.WhoAmI(), email)).Id);
        Assert.Equal(0, await Identities(await browser.WhoAmI()));
    }

    [Fact]
    public async Task Of_two_ways_let_go_at_once_one_stays()
    {
        provider.Member = NewMember;
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        using (await browser.Walk(await LinkOf(browser, "acme"))) { }
        var id = await browser.WhoAmI();
        Assert.Equal(2, await Identities(id));
        var token = await browser.Token(Page);
        var ids = await yard.Database.Read(
            sql => sql.Query<long>("SELECT id FROM identities WHERE user_id = @id", new { id }),
            Stop
        );
        await Task.WhenAll(
            ids.Select(one =>
                browser.Submit($"{Page}/{one}/unlink", [("form_token", token)], ("Sec-Fetch-Site", "same-origin"))
            )
        );
        Assert.Equal(1, await Identities(id));
    }

    [Fact]
    public async Task Nobody_lets_go_what_is_another_s()
    {
        var me = await yard.SignUp();
        provider.Member = NewMember;
        var other = new Browser(yard);
        using (await other.Walk()) { }
        var theirs = await other.WhoAmI();
        var browser = await new Browser(yard).SignIn(me);
        using var answer = await browser.Post("/settings", $"{Page}/{await Identity(theirs)}/unlink");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(1, await Identities(theirs));
    }

    [Fact]
    public async Task A_first_password_is_set_by_who_has_just_come_in_and_never_twice()
    {
        provider.Member = NewMember with { Email = $"{Guid.NewGuid():N}@example.com" };
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        yard.Clock.Advance(TimeSpan.FromMinutes(16));
        using (var late = await browser.Post(Page, $"{Page}/password", ("new_password", Yard.Password)))
        {
            Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        }
        var again = new Browser(yard);
        using (await again.Walk()) { }
        var token = await again.Token(Page);
        (string, string)[] fields = [("form_token", token), ("new_password", Yard.Password)];
        (string, string) same = ("Sec-Fetch-Site", "same-origin");
        await again.Submit($"{Page}/password", fields, same).Is(HttpStatusCode.SeeOther);
        Assert.False(await browser.IsSignedIn());
        await again.Submit($"{Page}/password", fields, same).Is(HttpStatusCode.Conflict);
    }

    private static async Task IsRefused(Browser browser, string link)
    {
        using var answer = await browser.Return(link);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("다시 연결해 주세요", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static async Task<string> LinkOf(Browser browser, string name = "naver")
    {
        using var answer = await browser.Send(HttpMethod.Get, Page);
        var page = await answer.Content.ReadAsStringAsync(Stop);
        return WebUtility.HtmlDecode(
            Link()
                .Matches(page)
                .Single(match => match.Value.Contains($"/login/{name}?", StringComparison.Ordinal))
                .Groups[1]
                .Value
        );
    }

    private Task<long> Identities(long user) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM identities WHERE user_id = @user", new { user }),
            Stop
        );

    private Task<long> Identity(long user) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT max(id) FROM identities WHERE user_id = @user", new { user }),
            Stop
        );

    [GeneratedRegex("href=\"(/login/[^\"]+)\"")]
    private static partial Regex Link();
}
