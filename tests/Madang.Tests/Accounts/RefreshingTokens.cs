using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class RefreshingTokensOnSqlite(SqliteYard yard) : RefreshingTokens(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class RefreshingTokensOnPostgres(PostgresYard yard) : RefreshingTokens(yard);

public abstract class RefreshingTokens(Yard yard)
{
    [Fact]
    public async Task A_refresh_token_gives_the_next_pair_once()
    {
        var me = await yard.SignUp();
        using var answer = await Refresh(me.RefreshToken);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var next = await answer.Json(HttpStatusCode.OK);

        Assert.Equal("Bearer", next.Text("token_type"));
        Assert.Equal(900, next.Number("expires_in"));
        Assert.NotEqual(me.RefreshToken, next.Text("refresh_token"));
        await LivesBy(next.Text("access_token"), HttpStatusCode.OK);
        await Refresh(next.Text("refresh_token")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_used_refresh_token_is_401_and_takes_its_whole_family_along()
    {
        var me = await yard.SignUp();
        var second = await (await Refresh(me.RefreshToken)).Json(HttpStatusCode.OK);
        var third = await (await Refresh(second.Text("refresh_token"))).Json(HttpStatusCode.OK);

        using var stolen = await Refresh(me.RefreshToken);
        await stolen.Problem(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", stolen.Headers.WwwAuthenticate.Single().Scheme);
        await Refresh(third.Text("refresh_token")).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Eight_refreshes_of_one_token_at_once_leave_at_most_one_living_pair()
    {
        var me = await yard.SignUp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Refresh(me.RefreshToken)));
        var pairs = new List<JsonElement>();
        foreach (var answer in answers.Where(answer => answer.StatusCode == HttpStatusCode.OK))
        {
            pairs.Add(await answer.Json(HttpStatusCode.OK));
        }
        Assert.True(pairs.Count <= 1, $"{pairs.Count} pairs");
        Assert.All(
            answers.Where(answer => answer.StatusCode != HttpStatusCode.OK),
            answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode)
        );
        // Seven of them were a second use, so the family is dead, the winner's token too.
        foreach (var pair in pairs)
        {
            await Refresh(pair.Text("refresh_token")).Is(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Several_devices_at_once_are_families_of_their_own()
    {
        var phone = await yard.SignUp();
        var desk = await yard.SignIn(phone.Id, phone.Email);
        await Refresh(phone.RefreshToken).Is(HttpStatusCode.OK);
        await Refresh(phone.RefreshToken).Is(HttpStatusCode.Unauthorized);
        await Refresh(desk.RefreshToken).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_ends_the_family_while_the_access_token_lives_on()
    {
        var me = await yard.SignUp();
        var second = await (await Refresh(me.RefreshToken)).Json(HttpStatusCode.OK);
        // Any token of the family will do, a used one too.
        await LogOut(me, me.RefreshToken).Is(HttpStatusCode.NoContent);
        await Refresh(second.Text("refresh_token")).Is(HttpStatusCode.Unauthorized);
        await LivesBy(me.AccessToken, HttpStatusCode.OK);
        await LogOut(me, me.RefreshToken).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Nobody_signs_another_out()
    {
        var me = await yard.SignUp();
        await LogOut(yard.Admin, me.RefreshToken).IsBad("refresh_token");
        await yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/auth/logout", new { refresh_token = me.RefreshToken })
            .Is(HttpStatusCode.Unauthorized);
        await Refresh(me.RefreshToken).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_refresh_token_is_401_and_no_token_at_all_is_400()
    {
        await Refresh("nobody's").Is(HttpStatusCode.Unauthorized);
        await Refresh(yard.Admin.AccessToken[..200]).Is(HttpStatusCode.Unauthorized);
        await yard.Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { }).IsBad("refresh_token");
        await yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = 7 })
            .IsBad("refresh_token");
    }

    [Fact]
    public async Task Tokens_of_a_disabled_user_are_dead_at_once_and_stay_dead()
    {
        var me = await yard.SignUp();
        await LivesBy(me.AccessToken, HttpStatusCode.OK);
        await Disable(me, true);
        await LivesBy(me.AccessToken, HttpStatusCode.Unauthorized);
        await Disable(me, false);
        await Refresh(me.RefreshToken).Is(HttpStatusCode.Unauthorized);
        await LivesBy(me.AccessToken, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Tokens_of_a_deleted_user_are_dead_at_once()
    {
        var me = await yard.SignUp();
        await LivesBy(me.AccessToken, HttpStatusCode.OK);
        await me.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.NoContent);
        await LivesBy(me.AccessToken, HttpStatusCode.Unauthorized);
        await Refresh(me.RefreshToken).Is(HttpStatusCode.Unauthorized);
    }

    private Task Disable(Person person, bool disabled) =>
        yard.Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{person.Id}", new { disabled }).Is(HttpStatusCode.OK);

    private static Task<HttpResponseMessage> LogOut(Person person, string token) =>
        person.Client.Send(HttpMethod.Post, "/api/v1/auth/logout", new { refresh_token = token });

    private Task LivesBy(string token, HttpStatusCode status) =>
        yard.Client(token).Send(HttpMethod.Get, "/api/v1/users/me").Is(status);

    private Task<HttpResponseMessage> Refresh(string token) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = token });
}
