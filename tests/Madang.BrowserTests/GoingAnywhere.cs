using System.Text.Json;

namespace Madang.BrowserTests;

public sealed class GoingAnywhere(Chromium chromium, Yard yard) : IClassFixture<Yard>
{
    [Fact]
    public async Task The_command_box_finds_places_and_memos_while_one_types_and_goes_there_by_the_keyboard()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("김하늘", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Write("경주 숙소는 첨성대 옆으로 #답사");
        await visit.Go("/");

        await visit.Press("Control+k");
        var input = visit.Page.GetByRole(AriaRole.Combobox, new() { Name = "갈 곳이나 메모 속 낱말" });
        await Expect(input).ToBeFocusedAsync();
        await Expect(Options(visit).First).ToContainTextAsync("오늘");
        await input.FillAsync("첨성대");
        await Expect(Options(visit)).ToHaveCountAsync(1);
        await Expect(Options(visit)).ToContainTextAsync("경주 숙소는 첨성대 옆으로");
        await Expect(input).ToHaveAttributeAsync("aria-activedescendant", "go-0");
        await visit.Press("Enter");
        await Expect(visit.Heading).ToHaveTextAsync("메모");

        // Typed with the other language in mind.
        await visit.Press("Control+k");
        await input.FillAsync("trash");
        await Expect(Options(visit)).ToHaveCountAsync(1);
        await visit.Press("Enter");
        await Expect(visit.Heading).ToHaveTextAsync("휴지통");

        await visit.Press("Control+k");
        await Expect(Options(visit).First).ToHaveAttributeAsync("aria-selected", "true");
        await visit.Press("ArrowDown");
        await Expect(Options(visit).Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await visit.Press("ArrowUp");
        await visit.Press("ArrowUp");
        await Expect(Options(visit).Last).ToHaveAttributeAsync("aria-selected", "true");
        await input.FillAsync("없는 낱말");
        await Expect(visit.Notice).ToHaveTextAsync("찾은 것이 없어요.");
        await visit.Press("Escape");
        await Expect(input).ToBeHiddenAsync();
        visit.NobodyComplained();
    }

    [Fact]
    public async Task While_a_syllable_is_put_together_Enter_belongs_to_the_input_method()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("이서준", yard.NewEmail);
        await visit.Press("Control+k");
        await Expect(Options(visit).First).ToBeVisibleAsync();
        var url = visit.Page.Url;
        var isPrevented = await visit.Page.EvaluateAsync<bool[]>(
            """
            () => [true, false].map((isComposing) => {
              const event = new KeyboardEvent("keydown", { key: "ArrowDown", isComposing, bubbles: true, cancelable: true });
              document.getElementById("go-input").dispatchEvent(event);
              return event.defaultPrevented;
            })
            """
        );
        Assert.Equal([false, true], isPrevented);
        Assert.Equal(url, visit.Page.Url);
    }

    [Fact]
    public async Task Without_a_script_the_same_is_a_page()
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = false });
        await visit.SignUp("박도윤", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Write("스크립트 없이 찾을 우산");
        await visit.Link("찾아가기").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("우산");
        await visit.Press("Enter");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "스크립트 없이 찾을 우산" }).ClickAsync();
        await Expect(visit.Field("내용")).ToHaveValueAsync("스크립트 없이 찾을 우산");
    }

    [Fact]
    public async Task Keys_lead_anywhere_but_not_while_one_types_and_not_when_turned_off()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("최지우", yard.NewEmail);
        await visit.Press("g");
        await visit.Press("m");
        await Expect(visit.Heading).ToHaveTextAsync("메모");
        await visit.Press("n");
        await Expect(visit.Field("새 메모")).ToBeFocusedAsync();
        await visit.Page.Keyboard.TypeAsync("gs/?n");
        await Expect(visit.Field("새 메모")).ToHaveValueAsync("gs/?n");
        await visit.Go("/");
        await visit.Press("n");
        await Expect(visit.Field("새 메모")).ToBeFocusedAsync();

        await visit.Go("/");
        await visit.Press("?");
        var keys = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "키보드로 쓰기" });
        await Expect(keys.GetByRole(AriaRole.Row, new() { Name = "g m 메모" })).ToBeVisibleAsync();
        await keys.GetByLabel("한 글자 키로 움직이기").UncheckAsync();
        await visit.Press("Escape");
        await visit.Press("g");
        await visit.Press("s");
        await visit.Press("Control+k");
        await Expect(visit.Page.GetByRole(AriaRole.Combobox, new() { Name = "갈 곳이나 메모 속 낱말" }))
            .ToBeFocusedAsync();
        await Expect(visit.Heading).ToHaveTextAsync("최지우 님, 안녕하세요");
        visit.NobodyComplained();
    }

    [Theory, InlineData("ko-KR", "마당"), InlineData("en-US", "Madang")]
    public async Task The_yard_can_be_installed_as_an_app(string language, string name)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { Language = language });
        await visit.Go("/");
        var answer = await visit.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const answer = await fetch(document.querySelector("link[rel=manifest]").href);
              return [answer.headers.get("content-type"), await answer.text()];
            }
            """
        );
        Assert.Equal("application/manifest+json", answer[0]);
        var manifest = JsonElement.Parse(answer[1]);
        Assert.Equal(name, manifest.GetProperty("name").GetString());
        var style = Repository.Read("src/Madang.Host/wwwroot/css/madang.css");
        Assert.Contains(
            $"--paper: light-dark({manifest.GetProperty("theme_color").GetString()}, ",
            style,
            StringComparison.Ordinal
        );
        foreach (var icon in manifest.GetProperty("icons").EnumerateArray())
        {
            Assert.Equal(
                icon.GetProperty("sizes").GetString(),
                await Size(visit, icon.GetProperty("src").GetString()!)
            );
        }
        var touch = await visit.Page.Locator("link[rel=apple-touch-icon]").GetAttributeAsync("href");
        Assert.Equal("180x180", await Size(visit, touch!));
        var dark = await visit.Page.Locator("meta[name=theme-color][media*=dark]").GetAttributeAsync("content");
        Assert.Matches($"--paper: light-dark\\(#\\w+, {dark}\\)", style);
        visit.NobodyComplained();
    }

    private static Task<string> Size(Visit visit, string path) =>
        visit.Page.EvaluateAsync<string>(
            """
            async (path) => {
              const image = Object.assign(new Image(), { src: path });
              await image.decode();
              return `${image.naturalWidth}x${image.naturalHeight}`;
            }
            """,
            path
        );

    private static ILocator Options(Visit visit) => visit.Page.Locator("#go-list").GetByRole(AriaRole.Option);
}
