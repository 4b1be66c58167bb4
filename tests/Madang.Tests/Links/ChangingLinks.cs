using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class ChangingLinksOnSqlite(SqliteYard yard) : ChangingLinks(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ChangingLinksOnPostgres(PostgresYard yard) : ChangingLinks(yard);

public abstract class ChangingLinks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_comes_back_as_it_was_made_and_null_clears_what_it_has()
    {
        var me = await yard.SignUp();
        var made = await me.Shorten(
            new
            {
                url = "https://example.com/가을?a=%2F",
                title = "가을 답사",
                tags = new[] { "답사", "가을", "답사" },
                notes = "버스 시간",
                starts_at = "2026-01-01T00:00:00Z",
                expires_at = "2099-01-01T00:00:00.123456Z",
                max_visits = 5,
                redirect_status = 302,
                forward_query = true,
            }
        );
        var slug = made.Text("slug");
        var read = await Read(me, slug);

        Assert.Equal(made.ToString(), read.ToString());
        Assert.Equal("https://example.com/가을?a=%2F", read.Text("url"));
        Assert.Equal(["답사", "가을"], read.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        Assert.Equal("2099-01-01T00:00:00.123456Z", read.Text("expires_at"));
        Assert.Equal("private", read.Text("visibility"));
        Assert.Equal(me.Id, read.Number("owner_id"));

        var cleared = await (
            await me.Client.PatchAsJsonAsync(
                $"/api/v1/links/{slug}",
                new Dictionary<string, object?>
                {
                    ["title"] = null,
                    ["tags"] = null,
                    ["notes"] = null,
                    ["starts_at"] = null,
                    ["expires_at"] = null,
                    ["max_visits"] = null,
                    ["redirect_status"] = null,
                    ["forward_query"] = null,
                },
                Stop
            )
        ).Json(HttpStatusCode.OK);
        Assert.Equal("[]", cleared.GetProperty("tags").ToString());
        Assert.All(
            new[] { "title", "notes", "starts_at", "expires_at", "max_visits" },
            field => Assert.Equal(System.Text.Json.JsonValueKind.Null, cleared.GetProperty(field).ValueKind)
        );
        Assert.Equal(308, cleared.Number("redirect_status"));
        Assert.False(cleared.GetProperty("forward_query").GetBoolean());
        Assert.Equal("https://example.com/가을?a=%2F", cleared.Text("url"));
    }

    [Fact]
    public async Task Null_clears_every_field_that_may_be_empty()
    {
        var me = await yard.SignUp();
        var slug = (
            await me.Shorten(
                new
                {
                    url = "https://example.com/all",
                    title = "가을",
                    tags = new[] { "답사" },
                    notes = "버스",
                    starts_at = "2026-01-01T00:00:00Z",
                    expires_at = "2099-01-01T00:00:00Z",
                    max_visits = 5,
                    password = "열려라 참깨",
                    fallback_url = "https://example.com/after",
                }
            )
        ).Text("slug");
        var put = await Patch(me, slug, new { archived_at = "2026-01-02T03:04:05.678901Z" });
        Assert.Equal("2026-01-02T03:04:05.678901Z", (await put.Json(HttpStatusCode.OK)).Text("archived_at"));
        Assert.Equal([slug], await me.Slugs("archived=true"));
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.Found);

        string[] clearable =
        [
            "title",
            "notes",
            "starts_at",
            "expires_at",
            "max_visits",
            "fallback_url",
            "archived_at",
            "password",
            "tags",
        ];
        foreach (var field in clearable)
        {
            var answer = await Patch(me, slug, new Dictionary<string, object?> { [field] = null });
            await answer.Json(HttpStatusCode.OK);
        }
        var cleared = await Read(me, slug);
        Assert.All(
            clearable[..^2],
            field => Assert.Equal(System.Text.Json.JsonValueKind.Null, cleared.GetProperty(field).ValueKind)
        );
        Assert.False(cleared.GetProperty("has_password").GetBoolean());
        Assert.Equal("[]", cleared.GetProperty("tags").ToString());
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await Patch(me, slug, new { archived_at = "gestern" }).IsBad("archived_at");
    }

    [Fact]
    public async Task A_private_link_is_its_owners_and_a_team_link_every_members_but_for_who_may_see_it()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var mine = await me.Slug();
        var ours = await me.Slug(visibility: "team");

        await other.Client.GetAsync($"/api/v1/links/{mine}", Stop).Is(HttpStatusCode.NotFound);
        await other.Client.GetAsync($"/api/v1/links/{mine}/stats", Stop).Is(HttpStatusCode.NotFound);
        await Patch(other, mine, new { title = "내 것" }).Is(HttpStatusCode.NotFound);
        await other.Client.DeleteAsync($"/api/v1/links/{mine}", Stop).Is(HttpStatusCode.NotFound);
        await Patch(other, ours, new { title = "우리 것" }).Is(HttpStatusCode.OK);
        await Patch(other, ours, new { visibility = "private" }).Is(HttpStatusCode.Forbidden);
        Assert.Equal("우리 것", (await Read(me, ours)).Text("title"));
        Assert.DoesNotContain(mine, await other.Slugs("page_size=500"));
        Assert.Contains(ours, await other.Slugs("page_size=500"));
    }

    [Fact]
    public async Task A_stale_change_is_refused()
    {
        var me = await yard.SignUp();
        var slug = await me.Slug();
        var read = await me.Client.GetAsync($"/api/v1/links/{slug}", Stop);
        var etag = ("If-Match", read.Headers.ETag!.ToString());
        var path = $"/api/v1/links/{slug}";
        await me.Client.Send(HttpMethod.Patch, path, new { title = "하나" }, etag).Is(HttpStatusCode.OK);

        await me.Client.Send(HttpMethod.Patch, path, new { title = "둘" }, etag).Is(HttpStatusCode.PreconditionFailed);
        await me.Client.Send(HttpMethod.Delete, path, null, etag).Is(HttpStatusCode.PreconditionFailed);
        Assert.Equal("하나", (await Read(me, slug)).Text("title"));
    }

    [Fact]
    public async Task Links_are_found_by_any_part_of_their_texts_and_by_tags_in_any_case()
    {
        var me = await yard.SignUp();
        var autumn = (
            await me.Shorten(
                new
                {
                    url = "https://example.com/in-autumn",
                    title = "가을 답사 안내",
                    tags = new[] { "School" },
                }
            )
        ).Text("slug");
        var spring = (
            await me.Shorten(
                new
                {
                    url = "https://example.com/b",
                    title = "봄 답사",
                    tags = new[] { "school", "Go+" },
                }
            )
        ).Text("slug");

        Assert.Equal([spring, autumn], await me.Slugs("q=답사"));
        Assert.Equal([autumn], await me.Slugs("q=답사 안"));
        Assert.Equal([autumn], await me.Slugs("q=EXAMPLE.com/in-autumn"));
        Assert.Equal([spring, autumn], await me.Slugs("tag=SCHOOL"));
        Assert.Equal([spring], await me.Slugs("tag=school&q=봄"));
        Assert.Equal([spring], await me.Slugs("tag=go%2B"));
        Assert.Empty(await me.Slugs("tag=답사"));

        await Patch(me, spring, new { title = "여름", archived = true }).Is(HttpStatusCode.OK);
        Assert.Equal([autumn], await me.Slugs("q=답사"));
        var all = await me.Slugs("page_size=500");
        Assert.Contains(autumn, all);
        Assert.DoesNotContain(spring, all);
        Assert.Equal([spring], await me.Slugs("archived=true&q=여름"));
        await me.Client.DeleteAsync($"/api/v1/links/{autumn}", Stop).Is(HttpStatusCode.NoContent);
        Assert.Empty(await me.Slugs("q=답사"));
    }

    [Fact]
    public async Task What_a_link_cannot_be_is_refused_by_its_field()
    {
        var me = await yard.SignUp();
        var slug = await me.Slug();
        await Patch(me, slug, new { redirect_status = 303 }).IsBad("redirect_status");
        await Patch(me, slug, new { max_visits = 0 }).IsBad("max_visits");
        await Patch(me, slug, new { tags = new[] { " " } }).IsBad("tags");
        await Patch(me, slug, new { password = "비밀" }).IsBad("password");
        await Patch(me, slug, new { url = "mailto:a@example.com" }).IsBad("url");
        await Patch(me, slug, new { starts_at = "2027-01-02T00:00:00Z", expires_at = "2027-01-01T00:00:00Z" })
            .IsBad("expires_at");
    }

    private static Task<HttpResponseMessage> Patch(Person person, string slug, object change) =>
        person.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", change, Stop);

    private static async Task<System.Text.Json.JsonElement> Read(Person person, string slug) =>
        await (await person.Client.GetAsync($"/api/v1/links/{slug}", Stop)).Json(HttpStatusCode.OK);
}
