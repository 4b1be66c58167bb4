using System.Net;
using System.Text.RegularExpressions;
using Madang.Links.Moving;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class PastingLinesOnSqlite(SqliteYard yard) : PastingLines(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class PastingLinesOnPostgres(PostgresYard yard) : PastingLines(yard);

/// <summary>Lines that are pasted: each is made once, however often it is sent, and what failed comes back.</summary>
public abstract partial class PastingLines(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pasted_lines_sent_twice_are_made_once_and_those_that_failed_come_back()
    {
        var (me, browser) = await Somebody("en");
        var taken = await yard.Admin.Slug();
        var text = $"""
            url,slug,title
            https://example.com/one,,가을
            nonsense,,"두 줄
            제목"
            https://example.com/two,{taken},
            https://example.com/three,mine-{me.Id},겨울
            """;
        var first = await Paste(browser, text);
        Assert.Contains("Made 2, here already 0, not made 2.", first, StringComparison.Ordinal);
        var left = WebUtility.HtmlDecode(Text().Match(first).Groups[1].Value);
        Assert.Equal(
            $"url,slug,title\nnonsense,,\"두 줄\n제목\"\nhttps://example.com/two,{taken},",
            left.ReplaceLineEndings("\n")
        );

        var second = await Paste(browser, text);
        Assert.Contains("Made 0, here already 2, not made 2.", second, StringComparison.Ordinal);
        Assert.Equal(2, (await me.Slugs("scope=mine")).Count);
        // Another title is another link.
        await Paste(browser, "https://example.com/one\t\t봄");
        var newest = await me.Link((await me.Slugs("scope=mine"))[0]);
        Assert.Equal(("https://example.com/one", "봄"), (newest.Text("url"), newest.Text("title")));
        Assert.Equal(3, (await me.Slugs("scope=mine")).Count);

        var many = await Paste(
            browser,
            string.Join('\n', Enumerable.Range(0, 200).Select(number => $"nonsense{number}"))
        );
        Assert.Contains(
            "nonsense199",
            WebUtility.HtmlDecode(Text().Match(many).Groups[1].Value),
            StringComparison.Ordinal
        );
        Assert.Equal(200, Row().Count(many));
        Assert.DoesNotContain("id=\"short-urls\"", many, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_differs_from_what_is_here_in_anything_is_another_link()
    {
        var (me, browser) = await Somebody("en");
        const string Text = """
            url,title,notes,visibility,starts_at,expires_at,max_visits,fallback_url,redirect_status,forward_query
            https://example.com/,가을
            https://example.com/,봄
            https://example.com/,가을,버스
            https://example.com/,가을,,team
            https://example.com/,가을,,,2026-01-01T00:00:00Z
            https://example.com/,가을,,,,2126-01-01T00:00:00Z
            https://example.com/,가을,,,,,7
            https://example.com/,가을,,,,,,https://example.com/after
            https://example.com/,가을,,,,,,,302
            https://example.com/,가을,,,,,,,,true
            """;
        Assert.Contains("Made 10, here already 0, not made 0.", await Paste(browser, Text), StringComparison.Ordinal);
        Assert.Contains("Made 0, here already 10, not made 0.", await Paste(browser, Text), StringComparison.Ordinal);
        // One with a password is none that anybody may have who doesn't name it.
        var first = (await me.Slugs("scope=mine&q=봄")).Single();
        await me
            .Client.Send(HttpMethod.Patch, $"/api/v1/links/{first}", new { password = "열려라 참깨" })
            .Is(HttpStatusCode.OK);
        Assert.Contains("Made 1, here already 9, not made 0.", await Paste(browser, Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_line_that_is_sent_by_six_windows_at_once_is_one_link()
    {
        var (me, browser) = await Somebody("en");
        var token = await browser.Token("/links/bulk");
        (string, string)[] form = [("form_token", token), ("text", "url,title\nhttps://example.com/at-once,한 번")];
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => browser.Submit("/links/bulk", form, ("Sec-Fetch-Site", "same-origin")))
        );
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(await me.Slugs("scope=mine"));
    }

    [Fact]
    public async Task Every_pasted_line_is_told_and_all_short_links_can_be_copied_together()
    {
        var (me, browser) = await Somebody("ko");
        var urls = Enumerable.Range(0, 150).Select(number => $"https://example.com/{me.Id}/{number}").ToList();
        var html = await Paste(browser, string.Join('\n', [.. urls, "nonsense"]));

        Assert.Equal(151, Row().Count(html));
        var copied = WebUtility.HtmlDecode(ShortUrls().Match(html).Groups[1].Value).Split('\n');
        Assert.Equal(150, copied.Length);
        Assert.All(copied, url => Assert.Contains($"<a href=\"{url}\"", html, StringComparison.Ordinal));
        Assert.Equal(urls[149], (await me.Link(new Uri(copied[149]).AbsolutePath.Trim('/'))).Text("url"));
    }

    [Fact]
    public async Task A_dry_run_is_told_line_by_line_as_far_as_it_is_kept()
    {
        var (me, browser) = await Somebody("ko");
        var urls = Enumerable.Range(0, 501).Select(number => $"https://example.com/{me.Id}/{number}");
        var import = await me.ImportLinks(string.Join('\n', [.. urls, "nonsense"]), "from=csv&dry_run=true");
        var html = await Html(browser, $"/links/import/{import.Number("id")}");
        Assert.Equal(501, Row().Count(html));
        Assert.Contains("살펴볼 줄부터 501줄만 보여 드려요.", html, StringComparison.Ordinal);
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

    private static async Task<string> Paste(Browser browser, string text)
    {
        var answer = await browser.Post("/links/bulk", "/links/bulk", ("text", text));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    [GeneratedRegex("<textarea id=\"text\"[^>]*>([^<]*)</textarea>")]
    private static partial Regex Text();

    [GeneratedRegex("<textarea id=\"short-urls\"[^>]*>([^<]*)</textarea>")]
    private static partial Regex ShortUrls();

    [GeneratedRegex("<tr><td class=\"amount\">|<tr>\\s*<td class=\"amount\">")]
    private static partial Regex Row();
}

public sealed class GivingLinesBack
{
    [Fact]
    public void JSON_comes_back_whole_and_what_is_all_made_not_at_all()
    {
        const string Json = " [{\"url\":\"https://example.com/\"},{\"url\":\"nonsense\"}]";
        Assert.Equal(Json, PastedText.Of(Json, [1, 2], [2]));
        Assert.Equal("", PastedText.Of(Json, [1, 2], []));
        Assert.Equal("b", PastedText.Of("a\nb\n\nc", [1, 2, 4], [2]));
    }
}
