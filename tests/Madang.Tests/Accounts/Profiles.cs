using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class ProfilesOnSqlite(SqliteYard yard) : Profiles(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ProfilesOnPostgres(PostgresYard yard) : Profiles(yard);

public abstract class Profiles(Yard yard)
{
    private const string Me = "/api/v1/users/me";

    [Fact]
    public async Task Others_see_a_user_without_address_and_role_and_he_and_admins_see_all()
    {
        var (me, other) = (await yard.SignUp("김 가온"), await yard.SignUp());
        var path = $"/api/v1/users/{me.Id}";
        var seen = await (await other.Client.Send(HttpMethod.Get, path)).Json(HttpStatusCode.OK);
        Assert.Equal(["created_at", "id", "username"], Names(seen));
        Assert.Equal("김 가온", seen.Text("username"));
        foreach (var who in new[] { me, yard.Admin })
        {
            var whole = await (await who.Client.Send(HttpMethod.Get, path)).Json(HttpStatusCode.OK);
            Assert.Equal(me.Email, whole.Text("email"));
            Assert.Equal("member", whole.Text("role"));
        }
        await other.Client.Send(HttpMethod.Get, "/api/v1/users/999999999").Is(HttpStatusCode.NotFound);
        await yard.Anonymous.Send(HttpMethod.Get, path).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Admins_alone_list_users_page_by_page()
    {
        var me = await yard.SignUp();
        await yard.SignUp();
        await me.Client.Send(HttpMethod.Get, "/api/v1/users").Is(HttpStatusCode.Forbidden);
        await yard.Anonymous.Send(HttpMethod.Get, "/api/v1/users").Is(HttpStatusCode.Unauthorized);

        var ids = new List<long>();
        string? previous = null;
        for (string? next = "/api/v1/users?page_size=2"; next is not null; )
        {
            var page = await (await yard.Admin.Client.Send(HttpMethod.Get, next)).Json(HttpStatusCode.OK);
            Assert.Equal(["count", "next", "previous", "results"], Names(page));
            ids.AddRange(page.GetProperty("results").EnumerateArray().Select(user => user.Number("id")));
            Assert.Equal(previous is null, page.GetProperty("previous").ValueKind == JsonValueKind.Null);
            (previous, next) = (next, page.GetProperty("next").GetString());
            Assert.True(next is not null || page.Number("count") == ids.Count);
        }
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task One_changes_what_one_gives_and_null_clears_what_can_be_cleared()
    {
        var me = await yard.SignUp();
        await Patch(
                me,
                new
                {
                    username = " 한 글 ",
                    language = "ko",
                    theme = "dark",
                    time_zone = "Asia/Seoul",
                }
            )
            .Is(HttpStatusCode.OK);
        await Patch(me, new { theme = (string?)null }).Is(HttpStatusCode.OK);
        var now = await (await me.Client.Send(HttpMethod.Get, Me)).Json(HttpStatusCode.OK);
        Assert.Equal("한 글", now.Text("username"));
        Assert.Equal("ko", now.Text("language"));
        Assert.Equal("Asia/Seoul", now.Text("time_zone"));
        Assert.Equal(JsonValueKind.Null, now.GetProperty("theme").ValueKind);

        var cleared = await (await Patch(me, new { language = (string?)null, time_zone = (string?)null })).Json(
            HttpStatusCode.OK
        );
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("language").ValueKind);
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("time_zone").ValueKind);
    }

    [Fact]
    public async Task What_a_profile_cannot_have_names_its_field()
    {
        var me = await yard.SignUp();
        await Patch(me, new { username = (string?)null }).IsBad("username");
        await Patch(
                me,
                new
                {
                    username = " ",
                    language = "fr",
                    theme = "pink",
                    time_zone = "Mars/Olympus",
                }
            )
            .IsBad("username", "language", "theme", "time_zone");
        await Patch(me, new { username = new string('가', 65) }).IsBad("username");
        await Patch(me, new { role = "admin" }).Is(HttpStatusCode.OK);
        Assert.Equal("member", (await (await me.Client.Send(HttpMethod.Get, Me)).Json(HttpStatusCode.OK)).Text("role"));
    }

    [Fact]
    public async Task A_name_counts_its_characters_as_people_do()
    {
        var me = await yard.SignUp();
        var long_ = string.Concat(Enumerable.Repeat("😀", 64));
        await Patch(me, new { username = long_ }).Is(HttpStatusCode.OK);
        await Patch(me, new { username = long_ + "x" }).IsBad("username");
    }

    private static IEnumerable<string> Names(JsonElement thing) =>
        thing.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal);

    private static Task<HttpResponseMessage> Patch(Person person, object change) =>
        person.Client.Send(HttpMethod.Patch, Me, change);
}
