using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class LeavingOnSqlite(SqliteYard yard) : Leaving(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class LeavingOnPostgres(PostgresYard yard) : Leaving(yard);

/// <summary>Taking one's data along, and going.</summary>
public abstract class Leaving(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_goes_leaves_nothing_behind_but_a_number_that_nobody_gets_again()
    {
        var me = await yard.SignUp("떠나는 사람");
        var browser = await new Browser(yard).SignIn(me);
        var memo = await (
            await me.Client.Send(HttpMethod.Post, "/api/v1/memos", new { text = "함께 볼 것", visibility = "team" })
        ).Json(HttpStatusCode.Created);
        var other = await yard.SignUp();
        var path = $"/api/v1/memos/{memo.Number("id")}";
        await other.Client.Send(HttpMethod.Get, path).Is(HttpStatusCode.OK);

        await me.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.NoContent);

        await me.Client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.Unauthorized);
        Assert.False(await browser.IsSignedIn());
        await other.Client.Send(HttpMethod.Get, $"/api/v1/users/{me.Id}").Is(HttpStatusCode.NotFound);
        await Probe.Until(async () =>
            (await other.Client.Send(HttpMethod.Get, path)).StatusCode == HttpStatusCode.NotFound
        );
        var row = await yard.Database.Read(
            sql =>
                sql.Single<(string? Email, string? Hash, string Username)>(
                    "SELECT email, password_hash, username FROM users WHERE id = @Id",
                    new { me.Id }
                ),
            Stop
        );
        Assert.Equal((null, null, ""), row);

        using var again = await yard.Anonymous.Send(
            HttpMethod.Post,
            "/api/v1/users",
            new
            {
                email = me.Email,
                username = "돌아온 사람",
                password = Yard.Password,
            }
        );
        Assert.True((await again.Json(HttpStatusCode.Created)).Number("id") > other.Id);
    }

    [Fact]
    public async Task The_export_holds_all_of_mine_and_nothing_of_others()
    {
        var (me, other) = (await yard.SignUp("나"), await yard.SignUp("남"));
        await me.Client.Send(HttpMethod.Post, "/api/v1/memos", new { text = "내 메모 😀" }).Is(HttpStatusCode.Created);
        await other
            .Client.Send(HttpMethod.Post, "/api/v1/memos", new { text = "남의 메모", visibility = "team" })
            .Is(HttpStatusCode.Created);

        using var answer = await me.Client.Send(HttpMethod.Get, "/api/v1/users/me/export");
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Stop));
        Assert.Equal(
            [
                "account.json",
                "holds.json",
                "identities.json",
                "links.json",
                "loans.json",
                "memo_history.json",
                "memos.json",
                "sessions.json",
                "sign_ins.json",
                "tokens.json",
            ],
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)
        );
        // Signed up and signed in by API: one session of a program, one sign-in, no token; nothing of anybody else's.
        var session = Assert.Single(JsonElement.Parse(await Text(zip, "sessions.json")).EnumerateArray());
        Assert.Equal("Program", session.Text("kind"));
        var signIn = Assert.Single(JsonElement.Parse(await Text(zip, "sign_ins.json")).EnumerateArray());
        Assert.Equal("127.0.0.0/24", signIn.Text("address"));
        Assert.Equal("[]", await Text(zip, "tokens.json"));
        var account = JsonElement.Parse(await Text(zip, "account.json"));
        Assert.Equal(me.Email, account.Text("email"));
        var memos = await Text(zip, "memos.json");
        Assert.Contains("내 메모 😀", memos, StringComparison.Ordinal);
        Assert.DoesNotContain("남의", memos, StringComparison.Ordinal);
        await yard.Anonymous.Send(HttpMethod.Get, "/api/v1/users/me/export").Is(HttpStatusCode.Unauthorized);
    }

    private static async Task<string> Text(ZipArchive zip, string name)
    {
        await using var entry = await zip.GetEntry(name)!.OpenAsync(Stop);
        using var reader = new StreamReader(entry);
        return await reader.ReadToEndAsync(Stop);
    }
}
