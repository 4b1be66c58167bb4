using System.Net;
using System.Text.RegularExpressions;
using Madang.Links.Shortening;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class FillingInLinkFormsOnSqlite(SqliteYard yard) : FillingInLinkForms(yard), IClassFixture<SqliteYard>;

public sealed class FillingInLinkFormsOnPostgres(PostgresYard yard)
    : FillingInLinkForms(yard),
        IClassFixture<PostgresYard>;

/// <summary>The pages' forms, as a browser without scripts sends them.</summary>
public abstract class FillingInLinkForms(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_alone_is_enough_and_its_scheme_may_be_left_out()
    {
        var (me, browser) = await Somebody();
        var made = await Slug(browser, ("url", " example.com/path.html "), ("visibility", "private"), ("tags", ""));
        var again = await Slug(browser, ("url", "https://example.com/path.html"), ("redirect_status", "308"));

        Assert.Equal(made, again);
        var link = await Read(me, made);
        Assert.Equal("https://example.com/path.html", link.Text("url"));
        Assert.Equal("private", link.Text("visibility"));
    }

    [Fact]
    public async Task Everything_a_link_may_have_is_written_and_campaign_parameters_replace_what_the_target_has()
    {
        var (me, browser) = await Somebody();
        var slug = $"form-{Guid.NewGuid():N}";
        await Slug(
            browser,
            ("url", "https://example.com/?a=%2F&utm_source=old&utm_source=older&b#끝"),
            ("slug", slug),
            ("title", "가을"),
            ("tags", "답사, 안내 ,"),
            ("notes", "첫 줄\r\n둘째 줄"),
            ("visibility", "team"),
            ("starts_at", "2026-01-02T09:30"),
            ("expires_at", "2099-01-02T09:30"),
            ("max_visits", "30"),
            ("password", "열려라 참깨"),
            ("fallback_url", "example.com/after"),
            ("redirect_status", "302"),
            ("forward_query", "on"),
            ("utm_source", "소식지 & 벽보"),
            ("utm_medium", "")
        );
        var link = await Read(me, slug);
        Assert.Equal(
            "https://example.com/?a=%2F&b&utm_source=%EC%86%8C%EC%8B%9D%EC%A7%80%20%26%20%EB%B2%BD%EB%B3%B4#끝",
            link.Text("url")
        );
        Assert.Equal("""["답사","안내"]""", link.GetProperty("tags").ToString());
        Assert.Equal("첫 줄\n둘째 줄", link.Text("notes"));
        Assert.Equal("team", link.Text("visibility"));
        Assert.Equal("2026-01-02T00:30:00Z", link.Text("starts_at"));
        Assert.Equal("2099-01-02T00:30:00Z", link.Text("expires_at"));
        Assert.Equal(30, link.Number("max_visits"));
        Assert.True(link.GetProperty("has_password").GetBoolean());
        Assert.Equal("https://example.com/after", link.Text("fallback_url"));
        Assert.Equal(302, link.Number("redirect_status"));
        Assert.True(link.GetProperty("forward_query").GetBoolean());
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept()
    {
        var (_, browser) = await Somebody();
        var taken = await yard.Admin.Slug();
        var answer = await Make(
            browser,
            ("url", "mailto:a@example"),
            ("title", "적어 둔 제목"),
            ("max_visits", "많이"),
            ("expires_at", "내일")
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains("value=\"mailto:a@example\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"적어 둔 제목\"", html, StringComparison.Ordinal);
        Assert.Contains("id=\"max_visits-wrong\"", html, StringComparison.Ordinal);
        Assert.Contains("id=\"expires_at-wrong\"", html, StringComparison.Ordinal);
        Assert.Contains("<details open", html, StringComparison.Ordinal);

        var conflict = await Make(browser, ("url", "https://example.com/"), ("slug", taken));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        Assert.Contains("id=\"slug-wrong\"", await conflict.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await Make(browser, ("url", "")).Is(HttpStatusCode.BadRequest);
        await Make(browser, ("url", $"{yard.Url}/{taken}")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Changing_one_thing_leaves_the_others_to_the_microsecond_and_what_is_emptied_is_cleared()
    {
        var (me, browser) = await Somebody();
        var slug = (
            await me.Shorten(
                new
                {
                    url = "https://example.com/",
                    title = "가을",
                    expires_at = "2099-01-02T00:30:12.345678Z",
                    password = "열려라 참깨",
                    notes = "지울 것",
                    visibility = "team",
                }
            )
        ).Text("slug");
        (string, string)[] fields =
        [
            ("url", "https://example.com/2"),
            ("title", "겨울"),
            ("expires_at", "2099-01-02T09:30"),
            ("notes", ""),
            ("redirect_status", "307"),
        ];
        await browser.Post($"/links/{slug}/edit", $"/links/{slug}/edit", fields).Is(HttpStatusCode.SeeOther);

        var link = await Read(me, slug);
        Assert.Equal("https://example.com/2", link.Text("url"));
        Assert.Equal("겨울", link.Text("title"));
        Assert.Equal("2099-01-02T00:30:12.345678Z", link.Text("expires_at"));
        Assert.True(link.GetProperty("has_password").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, link.GetProperty("notes").ValueKind);
        Assert.Equal("team", link.Text("visibility"));
        Assert.Equal(307, link.Number("redirect_status"));

        await browser
            .Post($"/links/{slug}/edit", $"/links/{slug}/edit", [.. fields, ("no_password", "on")])
            .Is(HttpStatusCode.SeeOther);
        Assert.False((await Read(me, slug)).GetProperty("has_password").GetBoolean());
        var refused = await browser.Post($"/links/{slug}/edit", $"/links/{slug}/edit", ("url", "nowhere"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("value=\"nowhere\"", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_with_a_comma_stays_one_when_something_else_is_changed()
    {
        var (me, browser) = await Somebody();
        string[] tags = ["Seoul, Korea", "답사", "\"인용\", 둘"];
        var slug = (await me.Shorten(new { url = "https://example.com/", tags })).Text("slug");
        var path = $"/links/{slug}/edit";
        var html = await (await browser.Send(HttpMethod.Get, path)).Content.ReadAsStringAsync(Stop);
        var shown = Regex.Match(html, "name=\"tags\"[^>]* value=\"([^\"]*)\"").Groups[1].Value;
        (string, string)[] fields = [("url", "https://example.com/"), ("tags", WebUtility.HtmlDecode(shown))];
        await browser.Post(path, path, [.. fields, ("title", "제목")]).Is(HttpStatusCode.SeeOther);

        var link = await Read(me, slug);
        Assert.Equal("제목", link.Text("title"));
        Assert.Equal(tags, link.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
    }

    [Fact]
    public async Task Others_private_links_are_on_no_page_and_forms_without_a_token_do_nothing()
    {
        var (_, browser) = await Somebody();
        var others = await yard.Admin.Slug();
        foreach (var path in new[] { $"/links/{others}", $"/links/{others}/edit", "/links/a.b" })
        {
            await browser.Send(HttpMethod.Get, path).Is(HttpStatusCode.NotFound);
        }
        foreach (var act in new[] { "archive", "restore", "delete", "edit" })
        {
            await browser
                .Post("/links", $"/links/{others}/{act}", ("url", "https://example.com/"))
                .Is(HttpStatusCode.NotFound);
            await browser
                .Submit($"/links/{others}/{act}", [("url", "https://example.com/")], ("Sec-Fetch-Site", "same-origin"))
                .Is(HttpStatusCode.Forbidden);
        }
        await yard.Anonymous.Follow(others).Is(HttpStatusCode.PermanentRedirect);
    }

    [Fact]
    public async Task Lists_are_sorted_by_visits_newest_and_oldest_of_mine_the_team_or_both()
    {
        var (me, _) = await Somebody();
        var (few, many) = (await me.Slug(), await me.Slug());
        var ours = await yard.Admin.Slug(visibility: "team");
        foreach (var slug in new[] { many, many, many, ours, ours, few })
        {
            await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        }
        await yard.Get<Madang.Links.Counting.VisitCounter>().Write(Stop);

        Assert.Equal([many, few], await me.Slugs("sort=visits&scope=mine"));
        Assert.Equal([many, few], await me.Slugs("scope=mine"));
        Assert.Equal([few, many], await me.Slugs("sort=oldest&scope=mine"));
        var all = await me.Slugs("sort=visits&page_size=500");
        Assert.Equal([many, ours, few], all.Where(slug => slug == many || slug == ours || slug == few));
        Assert.Equal([ours], (await me.Slugs("scope=team&page_size=500")).Where(slug => slug == ours || slug == few));
        await me.Client.GetAsync("/api/v1/links?sort=best", Stop).IsBad("sort");
        await me.Client.GetAsync("/api/v1/links?scope=all", Stop).IsBad("scope");
    }

    [Theory]
    [InlineData("https://a.example", "https://a.example?utm_source=x")]
    [InlineData("https://a.example/?", "https://a.example/?utm_source=x")]
    [InlineData(
        "https://a.example/?utm%5Fsource=1&c=%20#f?utm_source=2",
        "https://a.example/?c=%20&utm_source=x#f?utm_source=2"
    )]
    [InlineData("https://a.example/?utm_sources=1", "https://a.example/?utm_sources=1&utm_source=x")]
    public void A_campaign_parameter_is_written_and_all_else_stays_byte_for_byte(string url, string written)
    {
        Assert.Equal(written, Utm.Write(url, ("utm_source", "x"), ("utm_term", null), ("utm_medium", " ")));
        Assert.Equal(url, Utm.Write(url, ("utm_source", "")));
    }

    private async Task<(Person, Browser)> Somebody()
    {
        var me = await yard.SignUp();
        await me
            .Client.Send(HttpMethod.Patch, "/api/v1/users/me", new { time_zone = "Asia/Seoul", language = "ko" })
            .Is(HttpStatusCode.OK);
        return (me, await new Browser(yard).SignIn(me));
    }

    private static Task<HttpResponseMessage> Make(Browser browser, params (string, string)[] fields) =>
        browser.Post("/links", "/links", fields);

    private static async Task<string> Slug(Browser browser, params (string, string)[] fields)
    {
        var answer = await Make(browser, fields);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location!.ToString().Split('=')[1];
    }

    private static async Task<System.Text.Json.JsonElement> Read(Person person, string slug) =>
        await (await person.Client.GetAsync($"/api/v1/links/{slug}", Stop)).Json(HttpStatusCode.OK);
}
