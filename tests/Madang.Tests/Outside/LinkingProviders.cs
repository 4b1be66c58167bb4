using System.Net;
using Madang.Foundation.Accounts;
using Madang.Foundation.Accounts.Outside;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

[Collection(nameof(OutsideSqliteYards))]
public sealed class LinkingProvidersOnSqlite(OutsideSqliteYard yard) : LinkingProviders(yard, yard.Provider);

[Collection(nameof(OutsidePostgresYards))]
public sealed class LinkingProvidersOnPostgres(OutsidePostgresYard yard) : LinkingProviders(yard, yard.Provider);

/// <summary>One more way into an account: begun by its owner, told to him, and nobody else's.</summary>
public abstract class LinkingProviders(Yard yard, TestProvider provider)
{
    private const string Page = ConnectionLinks.Path;

    private static int members;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Member NewMember => new($"linked-{Interlocked.Increment(ref members)}");

    [Fact]
    public async Task Who_links_a_provider_comes_in_through_it_and_the_export_tells_of_it()
    {
        var me = await yard.SignUp();
        provider.Member = NewMember with { Email = me.Email };
        var browser = await new Browser(yard).SignIn(me);
        using (var back = await browser.Walk(await browser.LinkOf()))
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
        var link = await browser.LinkOf();

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
        Assert.Equal(0, await yard.Identities(me.Id) + await yard.Identities(other.Id));
    }

    [Fact]
    public async Task Who_signed_in_long_ago_gives_his_password_before_he_connects_one_more()
    {
        var me = await yard.SignUp();
        provider.Member = NewMember;
        var browser = await new Browser(yard).SignIn(me);
        var early = await browser.LinkOf();
        yard.Clock.Advance(TimeSpan.FromMinutes(16));
        await IsRefused(browser, early);
        Assert.Empty(ConnectionLinks.In(await browser.Page(Page)));
        using (var wrong = await browser.Post(Page, $"{Page}/confirm", ("password", "이건 아니에요")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
            Assert.Empty(ConnectionLinks.In(await wrong.Content.ReadAsStringAsync(Stop)));
        }
        using (var right = await browser.Post(Page, $"{Page}/confirm", ("password", Yard.Password)))
        {
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
            using var back = await browser.Walk(
                ConnectionLinks.To("naver", await right.Content.ReadAsStringAsync(Stop))
            );
            Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        }
        Assert.Equal(1, await yard.Identities(me.Id));
        Assert.Equal(
            [("naver", "linked"), ("connection_check", "signed_in"), ("connection_check", "failed")],
            (await Record(me.Id)).Take(3)
        );

        // Who has no password comes in once more.
        provider.Member = NewMember;
        var other = new Browser(yard);
        using (await other.Walk()) { }
        yard.Clock.Advance(TimeSpan.FromMinutes(16));
        var page = await other.Page(Page);
        Assert.Empty(ConnectionLinks.In(page));
        Assert.Contains("다시 들어와서 연결", page, StringComparison.Ordinal);
        await other.Post(Page, $"{Page}/confirm", ("password", Yard.Password)).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Connecting_and_disconnecting_stand_in_the_record_and_disconnecting_ends_other_sessions()
    {
        var me = await yard.SignUp();
        provider.Member = NewMember;
        var (here, there) = (await new Browser(yard).SignIn(me), await new Browser(yard).SignIn(me));
        using (await here.Walk(await here.LinkOf())) { }
        Assert.True(await there.IsSignedIn());
        await here.Post(Page, $"{Page}/{await yard.Identity(me.Id)}/unlink").Is(HttpStatusCode.SeeOther);
        Assert.Equal((true, false), (await here.IsSignedIn(), await there.IsSignedIn()));
        Assert.Equal(
            [("naver", "unlinked"), ("sessions_ended", "signed_out"), ("naver", "linked")],
            (await Record(me.Id)).Take(3)
        );
        foreach (
            var (language, sentences) in new (string, string[])[]
            {
                ("ko", ["naver 연결함", "naver 연결 끊음"]),
                ("en", ["Connected naver", "Disconnected naver"]),
            }
        )
        {
            var page = await here.Page("/settings/sessions", language);
            Assert.All(sentences, sentence => Assert.Contains(sentence, page, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Who_connects_and_disconnects_without_end_is_mailed_five_times_within_an_hour()
    {
        var me = await yard.SignUp();
        for (var time = 0; time < 7; time++)
        {
            await Tell();
        }
        Assert.Equal((7, 5), ((await Record(me.Id)).Count(one => one.How == "naver"), await Events()));
        yard.Clock.Advance(TimeSpan.FromMinutes(61));
        await Tell();
        Assert.Equal(6, await Events());

        Task<int> Tell() =>
            yard.Database.Write(
                async sql =>
                {
                    await ConnectionNews.Tell(sql, me.Id, "naver", isLinked: true, Client.Machine, "ko");
                    return 0;
                },
                Stop
            );

        Task<int> Events() =>
            yard.Database.Read(
                sql =>
                    sql.Single<int>(
                        "SELECT count(*) FROM events WHERE type = 'connection_changed' AND actor_id = @Id",
                        new { me.Id }
                    ),
                Stop
            );
    }

    [Fact]
    public async Task An_identity_belongs_to_one_account()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        provider.Member = NewMember;
        var mine = await new Browser(yard).SignIn(me);
        using (await mine.Walk(await mine.LinkOf())) { }
        var theirs = await new Browser(yard).SignIn(other);
        using var answer = await theirs.Walk(await theirs.LinkOf());
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("다른 계정에 연결", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal((1, 0), (await yard.Identities(me.Id), await yard.Identities(other.Id)));
    }

    private static async Task IsRefused(Browser browser, string link)
    {
        using var answer = await browser.Return(link);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("다시 연결해 주세요", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    /// <returns>What stands in the record of a user, newest first.</returns>
    private Task<List<(string How, string Outcome)>> Record(long user) =>
        yard.Database.Read(
            sql =>
                sql.Query<(string, string)>(
                    "SELECT how, outcome FROM sign_ins WHERE user_id = @user ORDER BY id DESC",
                    new { user }
                ),
            Stop
        );
}
