namespace Madang.BrowserTests;

/// <summary>What holds of every page, whatever its room: a new page is one more line here.</summary>
public sealed class EveryPage(Chromium chromium, PageRules.Filled filled) : IClassFixture<PageRules.Filled>
{
    private static readonly string[] Outside =
    [
        "/",
        "/sign-in",
        "/sign-up",
        "/forgot",
        "/forgot?sent=true",
        "/reset?token=over",
        "/verify?token=over",
        "/docs/parts",
        "/nowhere",
        "/login/nobody",
        "/locked",
        "/locked+",
        "/autumn+",
        "/over",
    ];

    private static readonly string[] Inside =
    [
        "/",
        "/memos",
        "/memos?q=답사",
        "/memos?tag=회의",
        "/memos?scope=team",
        "/memos?archived=true",
        "/memos?undo=1",
        "/memos?day=2026-11-21",
        "/memos/days",
        "/memos/trash",
        "/memos/1",
        "/links",
        "/links?q=답사",
        "/links?tag=회의",
        "/links?scope=team&sort=visits",
        "/links?archived=true",
        "/links?made=autumn&copied=true",
        "/links?undo=autumn",
        "/links?gone=true",
        "/links/autumn",
        "/links/autumn?range=week&bucket=hour",
        "/links/locked/edit",
        "/links/nowhere",
        "/memos/999999",
        "/settings?saved=profile",
        "/memos/move",
        "/go",
        "/go?q=답사",
        "/go?q=없는말",
        "/docs/keys",
        "/settings/email",
        "/settings/sessions?saved=ended",
        "/settings/tokens",
        "/admin",
        "/admin?q=nobody",
        "/admin/invitations",
        "/admin/sign-ins",
        "/admin/sign-ins?user_id=1",
        "/verify?done=true",
        "/settings/connections",
        "/docs/parts",
        "/links/bulk",
        "/links/import",
        "/links/import/1",
        "/links/import/2",
        "/library/move",
        "/library/move/1",
        "/library/move/2",
        "/admin/blocked-hosts?saved=blocked",
        "/library",
        "/library?q=ㄷㅅ",
        "/library?tag=1&tag=2&tag_option=or&order_by=title&view=list",
        "/library?q=없는말&did=deleted",
        "/library/books/new",
        "/library/books/1?did=changed",
        "/library/books/1/edit",
        "/library/books/999999",
        "/library/tags?did=made",
        "/library/tags/1",
        "/library/loans?done=borrowed",
        "/library/desk",
    ];

    public static TheoryData<string, bool, string> Pages()
    {
        var pages = new TheoryData<string, bool, string>();
        foreach (var language in new[] { "ko-KR", "en-US" })
        {
            foreach (var path in Outside)
            {
                pages.Add(path, false, language);
            }
            foreach (var path in Inside)
            {
                pages.Add(path, true, language);
            }
        }
        return pages;
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task It_keeps_the_rules_on_wide_and_narrow_screens_in_light_and_dark(
        string path,
        bool isSignedIn,
        string language
    )
    {
        var status = path switch
        {
            "/nowhere" or "/login/nobody" or "/memos/999999" or "/links/nowhere" or "/library/books/999999" => 404,
            "/locked" => 401,
            "/over" => 410,
            _ => 200,
        };
        if (path is "/locked" or "/locked+" or "/autumn+" or "/over")
        {
            await filled.Cookies(chromium);
        }
        var visit = await filled.Window(chromium, language, isSignedIn);
        var answer = await visit.Go(path);
        Assert.Equal(status, answer!.Status);
        await KeepsTheRules(visit, answer, language);
    }

    [Theory, InlineData("ko-KR"), InlineData("en-US")]
    public async Task The_page_of_many_links_keeps_them_with_its_results_too(string language)
    {
        var visit = await filled.Window(chromium, language, isSignedIn: true);
        await visit.Go("/links/bulk");
        var lines = Enumerable.Range(1, 70).Select(number => $"no-address-but-a-word-without-any-space-in-it-{number}");
        await visit.Page.Locator("#text").FillAsync($"https://한국.example/가을\n{string.Join('\n', lines)}");
        var answer = await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Page.Locator("form[action='/links/bulk'] button").ClickAsync(),
            "**/links/bulk"
        );
        Assert.Equal(200, answer.Status);
        await Expect(visit.Page.Locator("#results ~ .scroll tbody tr")).ToHaveCountAsync(71);
        await KeepsTheRules(visit, answer, language);
    }

    [Fact]
    public async Task Broken_rules_are_seen()
    {
        await using var visit = await chromium.Visit(filled.Url);
        await visit.Go("/sign-in");
        await visit.Page.EvaluateAsync(
            """
            () => {
              document.body.insertAdjacentHTML("beforeend", "<h1>둘</h1><input id=bare><p id=faint>흐린 글</p><div id=far>긴 것</div><button id=mute></button>");
              document.getElementById("faint").style.color = "#ccc";
              document.getElementById("far").style.inlineSize = "5000px";
              document.head.insertAdjacentHTML("beforeend", "<style>p { color: red }</style>");
            }
            """
        );
        var broken = string.Join('\n', await PageRules.Broken(visit.Page));
        Assert.Contains("2 h1", broken, StringComparison.Ordinal);
        Assert.Contains("#bare has no label", broken, StringComparison.Ordinal);
        Assert.Contains("#mute has no name", broken, StringComparison.Ordinal);
        Assert.Contains("흐린 글", broken, StringComparison.Ordinal);
        Assert.Contains("scrolls sideways", broken, StringComparison.Ordinal);
        Assert.Contains(
            visit.Complaints,
            complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_first_tab_leads_past_the_rail()
    {
        await using var visit = await chromium.Visit(filled.Url);
        await visit.Go("/docs/parts");
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Link("본문으로 건너뛰기")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page).ToHaveURLAsync($"{filled.Url}/docs/parts#page");
    }

    private static async Task KeepsTheRules(Visit visit, IResponse answer, string language)
    {
        Assert.InRange((await answer.BodyAsync()).Length, 1, 30 * 1024);
        Assert.Equal(language[..2], await visit.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(await PageRules.Broken(visit.Page));
        await visit.Page.SetViewportSizeAsync(390, 844);
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.Empty(await PageRules.Broken(visit.Page));
        visit.NobodyComplained();
    }
}
