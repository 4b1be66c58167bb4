using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class EndingSessionsOnSqlite(SqliteYard yard) : EndingSessions(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class EndingSessionsOnPostgres(PostgresYard yard) : EndingSessions(yard);

/// <summary>Where one is signed in, and going out from afar.</summary>
public abstract class EndingSessions(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Browsers_and_programs_are_listed_and_which_of_them_this_is()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        var answer = await browser.Send(HttpMethod.Get, "/api/v1/users/me/sessions");
        var sessions = (await answer.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["web", "program"], sessions.Select(one => one.Text("kind")));
        Assert.Equal([true, false], sessions.Select(one => one.GetProperty("current").GetBoolean()));
        Assert.All(sessions, one => Assert.NotEqual(JsonValueKind.Null, one.GetProperty("last_used_at").ValueKind));
    }

    [Fact]
    public async Task One_that_is_ended_is_out_at_once_and_gone_from_the_list()
    {
        var me = await yard.SignUp();
        var (here, there) = (await new Browser(yard).SignIn(me), await new Browser(yard).SignIn(me));
        var program = (await Sessions(me)).Single(one => one.Text("kind") == "program").Number("id");
        var browsers = (await Sessions(me))
            .Where(one => one.Text("kind") == "web")
            .Select(one => one.Number("id"))
            .ToList();
        await End(me, browsers[0]).Is(HttpStatusCode.NoContent);
        Assert.Equal((true, false), (await here.IsSignedIn(), await there.IsSignedIn()));
        await End(me, browsers[0]).Is(HttpStatusCode.NotFound);

        await End(me, program).Is(HttpStatusCode.NoContent);
        await yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = me.RefreshToken })
            .Is(HttpStatusCode.Unauthorized);
        Assert.Equal(browsers[1..], (await Sessions(me)).Select(one => one.Number("id")));
    }

    [Fact]
    public async Task Another_s_session_is_not_to_be_found()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var browser = await new Browser(yard).SignIn(other);
        foreach (var session in await Sessions(other))
        {
            await End(me, session.Number("id")).Is(HttpStatusCode.NotFound);
        }
        var mine = await new Browser(yard).SignIn(me);
        var id = (await Sessions(other))[0].Number("id");
        await mine.Post("/settings/sessions", $"/settings/sessions/{id}/end").Is(HttpStatusCode.NotFound);
        Assert.True(await browser.IsSignedIn());
    }

    [Fact]
    public async Task All_others_are_ended_from_the_page_and_this_one_stays()
    {
        var me = await yard.SignUp();
        var (here, there) = (await new Browser(yard).SignIn(me), await new Browser(yard).SignIn(me));
        using var answer = await here.Post("/settings/sessions", "/settings/sessions/end-others");
        Assert.Equal("/settings/sessions?saved=others#page", answer.Headers.Location?.OriginalString);
        Assert.Equal((true, false), (await here.IsSignedIn(), await there.IsSignedIn()));
        Assert.Single(await Sessions(me));
        await here.Post("/settings/sessions", "/settings/sessions/end-others");
        var record = await (await me.Client.GetAsync("/api/v1/users/me/sign-ins", Stop)).Json(HttpStatusCode.OK);
        Assert.Single(record.GetProperty("results").EnumerateArray(), one => one.Text("how") == "sessions_ended");
    }

    [Fact]
    public async Task Ending_the_session_of_this_browser_signs_it_out()
    {
        var me = await yard.SignUp();
        var here = await new Browser(yard).SignIn(me);
        var id = (await Sessions(me)).First(one => one.Text("kind") == "web").Number("id");
        await here.Post("/settings/sessions", $"/settings/sessions/{id}/end").Is(HttpStatusCode.SeeOther);
        Assert.False(await here.IsSignedIn());
        Assert.False(here.Cookies.ContainsKey("madang"));
    }

    private static Task<HttpResponseMessage> End(Person person, long id) =>
        person.Client.Send(HttpMethod.Delete, $"/api/v1/users/me/sessions/{id}");

    private static async Task<List<JsonElement>> Sessions(Person person)
    {
        var answer = await person.Client.GetAsync("/api/v1/users/me/sessions", Stop);
        return [.. (await answer.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray()];
    }
}
