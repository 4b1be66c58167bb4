using System.Net;
using System.Text.RegularExpressions;
using Madang.Links.Titles;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class UsingLinkPagesOnSqlite(SqliteYard yard) : UsingLinkPages(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class UsingLinkPagesOnPostgres(PostgresYard yard) : UsingLinkPages(yard);

/// <summary>Lists page by page, and links that several change.</summary>
public abstract partial class UsingLinkPages(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_ones_own_and_the_teams_follow_one_another_without_a_gap()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        for (var number = 0; number < 3; number++)
        {
            await me.Slug();
            await other.Slug(visibility: "team");
            await me.Slug(visibility: "team");
            await other.Slug();
        }
        foreach (var scope in new[] { "", "&scope=mine", "&scope=team" })
        {
            foreach (var sort in new[] { "newest", "oldest", "visits" })
            {
                var query = $"sort={sort}{scope}";
                var whole = await me.Slugs($"{query}&page_size=500");
                var paged = new List<string>();
                for (var page = 1; page <= (whole.Count + 1) / 2; page++)
                {
                    paged.AddRange((await Page(me, $"{query}&page_size=2&page={page}")).Slugs);
                }
                Assert.Equal(whole, paged);
                Assert.Equal(whole.Count, whole.Distinct().Count());
                var (count, beyond) = await Page(me, $"{query}&page_size=2&page={whole.Count}");
                Assert.Equal(whole.Count, count);
                Assert.Empty(beyond);
            }
        }
        Assert.True((await me.Slugs("page_size=500")).Count >= 9);
    }

    [Fact]
    public async Task A_form_that_was_open_meanwhile_does_not_write_over_a_colleagues_change_unseen()
    {
        var (me, mine) = await Somebody("ko");
        var other = await yard.SignUp();
        var slug = await me.Slug(visibility: "team");
        var path = $"/links/{slug}/edit";
        var shown = ETag().Match(await Html(mine, path)).Groups[1].Value;
        await other
            .Client.Send(HttpMethod.Patch, $"/api/v1/links/{slug}", new { notes = "버스가 바뀌었어요" })
            .Is(HttpStatusCode.OK);

        (string, string)[] typed = [("url", "https://example.com/"), ("title", "내가 적은 제목")];
        var refused = await mine.Post(path, path, [("etag", shown), .. typed]);
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        var html = await refused.Content.ReadAsStringAsync(Stop);
        Assert.Contains("그 사이에 다른 사람이 이 링크를 고쳤어요.", html, StringComparison.Ordinal);
        Assert.Contains("value=\"내가 적은 제목\"", html, StringComparison.Ordinal);
        var read = await me.Client.GetAsync($"/api/v1/links/{slug}", Stop);
        Assert.Equal("버스가 바뀌었어요", (await read.Json(HttpStatusCode.OK)).Text("notes"));

        var now = ETag().Match(html).Groups[1].Value;
        Assert.Equal(read.Headers.ETag!.ToString(), WebUtility.HtmlDecode(now));
        await mine.Post(path, path, [("etag", "nonsense"), .. typed]).Is(HttpStatusCode.PreconditionFailed);
        await mine.Post(path, path, [("etag", WebUtility.HtmlDecode(now)), .. typed]).Is(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_title_that_is_fetched_while_the_form_is_open_stays_and_stands_in_nobodys_way()
    {
        var (me, mine) = await Somebody("ko");
        var url = $"https://example.com/{Guid.NewGuid():N}";
        var slug = (await me.Shorten(new { url })).Text("slug");
        var path = $"/links/{slug}/edit";
        Task<HttpResponseMessage> Save(string html, string title, string shown) =>
            mine.Post(
                path,
                path,
                ("etag", WebUtility.HtmlDecode(ETag().Match(html).Groups[1].Value)),
                ("url", url),
                ("title", title),
                ("title_shown", shown),
                ("notes", "버스")
            );
        var open = await Html(mine, path);
        await yard.Get<TitleStore>().Set(new Untitled(await yard.LinkId(slug), url), "가져온 제목", Stop);

        await Save(open, "", "").Is(HttpStatusCode.SeeOther);
        var link = await me.Link(slug);
        Assert.Equal(("가져온 제목", "버스"), (link.Text("title"), link.Text("notes")));
        var shown = await Html(mine, path);
        Assert.Contains("name=\"title_shown\" value=\"가져온 제목\"", shown, StringComparison.Ordinal);
        await Save(shown, "", "가져온 제목").Is(HttpStatusCode.SeeOther);
        Assert.Null((await me.Link(slug)).Text("title"));
        await Save(shown, "내 제목", "").Is(HttpStatusCode.SeeOther);
        // One that somebody gave is another matter.
        var late = await Save(shown, "다른 제목", "");
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Contains(
            "name=\"title_shown\" value=\"내 제목\"",
            await late.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_search_keeps_the_tag_and_the_order_and_so_do_the_tabs()
    {
        var (_, browser) = await Somebody("ko");
        var html = await Html(browser, "/links?q=%EA%B0%80%EC%9D%84&tag=a%26b&scope=team&sort=oldest");

        Assert.Contains("<input type=\"hidden\" name=\"tag\" value=\"a&amp;b\"", html, StringComparison.Ordinal);
        Assert.Contains("<input type=\"hidden\" name=\"sort\" value=\"oldest\"", html, StringComparison.Ordinal);
        Assert.Contains("<input type=\"hidden\" name=\"scope\" value=\"team\"", html, StringComparison.Ordinal);
        var tabs = Link().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).ToList();
        foreach (var scope in new[] { "", "&scope=mine", "&scope=team", "&archived=true" })
        {
            Assert.Contains($"/links?q=%EA%B0%80%EC%9D%84&tag=a%26b{scope}&sort=oldest", tabs);
        }
    }

    [Fact]
    public async Task An_owner_is_told_that_the_host_of_a_link_is_blocked_and_so_is_who_follows_it()
    {
        foreach (
            var (language, word, sentence) in new[]
            {
                ("ko", "막힌 호스트", "막힌 사이트로 가는 링크예요"),
                ("en", "Blocked host", "leads to a blocked site"),
            }
        )
        {
            var (me, browser) = await Somebody(language);
            var host = $"{Guid.NewGuid():N}.example";
            var slug = (await me.Shorten(new { url = $"https://sub.{host}/" })).Text("slug");
            Assert.DoesNotContain(word, await Html(browser, "/links"), StringComparison.Ordinal);
            await yard
                .Admin.Client.Send(HttpMethod.Put, $"/api/v1/links/blocked-hosts/{host}")
                .Is(HttpStatusCode.NoContent);

            Assert.Contains(word, await Html(browser, "/links"), StringComparison.Ordinal);
            Assert.Contains(word, await Html(browser, $"/links/{slug}"), StringComparison.Ordinal);
            var closed = await browser.Send(HttpMethod.Get, $"/{slug}", null, ("Accept", "text/html"));
            Assert.Equal(HttpStatusCode.Gone, closed.StatusCode);
            Assert.Contains(sentence, await closed.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_the_notes_is_tied_to_their_field()
    {
        var (_, browser) = await Somebody("ko");
        var answer = await browser.Post(
            "/links",
            "/links",
            ("url", "https://example.com/"),
            ("notes", new string('가', 10_001))
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains("aria-describedby=\"notes-wrong\"", html, StringComparison.Ordinal);
        Assert.Contains("id=\"notes-wrong\"", html, StringComparison.Ordinal);
    }

    private async Task<(Person, Browser)> Somebody(string language)
    {
        var me = await yard.SignUp();
        await me
            .Client.Send(HttpMethod.Patch, "/api/v1/users/me", new { time_zone = "Asia/Seoul", language })
            .Is(HttpStatusCode.OK);
        return (me, await new Browser(yard).SignIn(me));
    }

    private static async Task<string> Html(Browser browser, string path)
    {
        var answer = await browser.Send(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private static async Task<(long Count, List<string> Slugs)> Page(Person person, string query)
    {
        var page = await (await person.Client.GetAsync($"/api/v1/links?{query}", Stop)).Json(HttpStatusCode.OK);
        return (
            page.Number("count"),
            [.. page.GetProperty("results").EnumerateArray().Select(link => link.Text("slug"))]
        );
    }

    [GeneratedRegex("name=\"etag\" value=\"([^\"]*)\"")]
    private static partial Regex ETag();

    [GeneratedRegex("<a href=\"([^\"]*)\"")]
    private static partial Regex Link();
}
