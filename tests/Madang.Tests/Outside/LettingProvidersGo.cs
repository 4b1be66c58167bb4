using System.Net;
using Madang.Foundation.Data;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

[Collection(nameof(OutsideSqliteYards))]
public sealed class LettingProvidersGoOnSqlite(OutsideSqliteYard yard) : LettingProvidersGo(yard, yard.Provider);

[Collection(nameof(OutsidePostgresYards))]
public sealed class LettingProvidersGoOnPostgres(OutsidePostgresYard yard) : LettingProvidersGo(yard, yard.Provider)
{
    /// <summary>Somebody holds the connections until both who let go have come as far as they can without them.</summary>
    protected override async Task<HttpResponseMessage[]> AtOnce(long user, Func<Task<HttpResponseMessage[]>> both)
    {
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var other = Database.OpenPostgres(
            Yard.Databases[0]["--Data:Postgres=".Length..],
            Yard.Clock,
            TimeSpan.FromMinutes(1)
        );
        var holding = other.Write(
            async sql =>
            {
                await sql.Query<long>("SELECT id FROM identities WHERE user_id = @user FOR UPDATE", new { user });
                held.SetResult();
                await release.Task;
                return 0;
            },
            Stop
        );
        await held.Task;
        var letting = both();
        await Probe.Until(async () => await Waiting() == 2);
        release.SetResult();
        await holding;
        return await letting;
    }

    private Task<long> Waiting() =>
        Yard.Database.Read(
            sql =>
                sql.Single<long>(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                ),
            Stop
        );
}

/// <summary>One way in stays, whatever is let go, and a first password opens another.</summary>
public abstract class LettingProvidersGo(Yard yard, TestProvider provider)
{
    private const string Page = ConnectionLinks.Path;

    private static int members;

    protected Yard Yard => yard;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Member NewMember => new($"let-go-{Interlocked.Increment(ref members)}");

    [Fact]
    public async Task The_last_way_in_stays_until_there_is_a_password()
    {
        provider.Member = NewMember;
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        var id = await yard.Identity(await browser.WhoAmI());
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
        Assert.Equal(0, await yard.Identities(await browser.WhoAmI()));
    }

    [Fact]
    public async Task Of_two_ways_let_go_at_once_one_stays()
    {
        provider.Member = NewMember;
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        using (await browser.Walk(await browser.LinkOf("acme"))) { }
        var id = await browser.WhoAmI();
        Assert.Equal(2, await yard.Identities(id));
        var token = await browser.Token(Page);
        var ids = await yard.Database.Read(
            sql => sql.Query<long>("SELECT id FROM identities WHERE user_id = @id", new { id }),
            Stop
        );
        var answers = await AtOnce(
            id,
            () =>
                Task.WhenAll(
                    ids.Select(one =>
                        browser.Submit(
                            $"{Page}/{one}/unlink",
                            [("form_token", token)],
                            ("Sec-Fetch-Site", "same-origin")
                        )
                    )
                )
        );
        Assert.Equal(
            [HttpStatusCode.SeeOther, HttpStatusCode.Conflict],
            answers.Select(answer => answer.StatusCode).Order()
        );
        Assert.Equal(1, await yard.Identities(id));
    }

    /// <summary>Lets both go at once. On SQLite writes go one by one, whatever anybody does.</summary>
    protected virtual Task<HttpResponseMessage[]> AtOnce(long user, Func<Task<HttpResponseMessage[]>> both) => both();

    [Fact]
    public async Task Nobody_lets_go_what_is_another_s()
    {
        var me = await yard.SignUp();
        provider.Member = NewMember;
        var other = new Browser(yard);
        using (await other.Walk()) { }
        var theirs = await other.WhoAmI();
        var browser = await new Browser(yard).SignIn(me);
        using var answer = await browser.Post("/settings", $"{Page}/{await yard.Identity(theirs)}/unlink");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(1, await yard.Identities(theirs));
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
}
