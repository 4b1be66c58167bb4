using System.Net;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class RecordOfSignInsOnSqlite(SqliteYard yard) : RecordOfSignIns(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class RecordOfSignInsOnPostgres(PostgresYard yard) : RecordOfSignIns(yard);

/// <summary>Who came in, who tried to, and who went out: shown to its owner and to admins.</summary>
public abstract class RecordOfSignIns(Yard yard)
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sign_ins_failed_ones_and_sign_outs_are_its_owner_s_to_see_with_device_and_network()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        await LogIn(me.Email, "이건 아니에요");
        await LogIn(me.Email, Yard.Password);
        await me
            .Client.Send(HttpMethod.Post, "/api/v1/auth/logout", new { refresh_token = me.RefreshToken })
            .Is(HttpStatusCode.NoContent);
        var browser = await new Browser(yard).SignIn(me);
        await browser.Post("/settings", "/sign-out");

        var record = await Mine(me);
        Assert.Equal(
            ["signed_out", "signed_in", "signed_out", "signed_in", "failed", "signed_in"],
            record.Select(one => one.Text("outcome"))
        );
        Assert.Equal(["sign_out", "password"], record.Take(2).Select(one => one.Text("how")));
        Assert.All(record, one => Assert.Equal(me.Id, one.Number("user_id")));
        Assert.All(record, one => Assert.Contains(one.Text("address"), new[] { "127.0.0.0/24", "::/48" }));
        Assert.Equal(
            ["Firefox on Windows", "Firefox on Windows"],
            record.Skip(3).Take(2).Select(one => one.Text("device"))
        );
        Assert.Single(await Mine(other));
    }

    [Fact]
    public async Task Admins_see_everybody_s_and_tries_for_addresses_without_an_account()
    {
        var me = await yard.SignUp("한결");
        await LogIn("no-account@example.com", "이건 아니에요");
        var all = await List(yard.Admin, "/api/v1/sign-ins");
        Assert.Equal(("failed", JsonValueKind.Null), (all[0].Text("outcome"), all[0].GetProperty("user_id").ValueKind));
        Assert.Equal(("signed_in", "한결"), (all[1].Text("outcome"), all[1].Text("username")));
        Assert.DoesNotContain("no-account", all[0].GetRawText(), StringComparison.Ordinal);
        Assert.Single(await List(yard.Admin, $"/api/v1/sign-ins?user_id={me.Id}"));

        await me.Client.Send(HttpMethod.Get, "/api/v1/sign-ins").Is(HttpStatusCode.Forbidden);
        await me.Client.Send(HttpMethod.Get, "/admin/sign-ins").Is(HttpStatusCode.Forbidden);
        await yard.Anonymous.Send(HttpMethod.Get, "/api/v1/users/me/sign-ins").Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_record_goes_on_by_cursor_both_ways()
    {
        var me = await yard.SignUp();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            await LogIn(me.Email, Yard.Password);
        }
        var all = (await Mine(me)).Select(one => one.Number("id")).ToList();
        var first = await Page(me, "/api/v1/users/me/sign-ins?page_size=2");
        var second = await Page(me, first.Text("next"));
        var third = await Page(me, second.Text("next"));
        Assert.Equal(all, new[] { first, second, third }.SelectMany(Ids));
        Assert.Equal(JsonValueKind.Null, third.GetProperty("next").ValueKind);
        Assert.Equal(Ids(first), Ids(await Page(me, second.Text("previous"))));
    }

    [Fact]
    public async Task A_personal_token_reaches_neither_sessions_nor_the_record()
    {
        var made = await yard.Admin.Client.Send(
            HttpMethod.Post,
            "/api/v1/users/me/tokens",
            new { name = "스크립트", scopes = new[] { "memos:read", "memos:write" } }
        );
        var program = yard.Client((await made.Json(HttpStatusCode.Created)).Text("token"));
        foreach (var path in new[] { "/api/v1/users/me/sessions", "/api/v1/users/me/sign-ins", "/api/v1/sign-ins" })
        {
            await program.Send(HttpMethod.Get, path).Is(HttpStatusCode.Forbidden);
        }
        await program.Send(HttpMethod.Delete, "/api/v1/users/me/sessions/1").Is(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        "Safari on macOS"
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "Safari on iPhone"
    )]
    [InlineData(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
        "Chrome on Linux"
    )]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0",
        "Edge on Windows"
    )]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Whale/4.31.304.16 Safari/537.36",
        "Whale on Windows"
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 15; SM-S938N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        "Samsung Internet on Android"
    )]
    [InlineData("curl/8.14.1", "curl")]
    [InlineData("<script>alert(1)</script>", "Unknown device")]
    [InlineData("", "Unknown device")]
    [InlineData(null, "Unknown device")]
    public void A_device_is_named_in_words(string? agent, string name)
    {
        System.Globalization.CultureInfo.CurrentUICulture = Foundation.Web.Languages.English;
        Assert.Equal(name, Devices.Name(agent));
    }

    private Task<HttpResponseMessage> LogIn(string email, string password) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", new { email, password }, ("User-Agent", Firefox));

    private static Task<List<JsonElement>> Mine(Person person) => List(person, "/api/v1/users/me/sign-ins");

    private static async Task<List<JsonElement>> List(Person person, string url) =>
        [.. (await Page(person, url)).GetProperty("results").EnumerateArray()];

    private static async Task<JsonElement> Page(Person person, string url) =>
        await (await person.Client.GetAsync(url, Stop)).Json(HttpStatusCode.OK);

    private static IEnumerable<long> Ids(JsonElement page) =>
        page.GetProperty("results").EnumerateArray().Select(one => one.Number("id"));
}
