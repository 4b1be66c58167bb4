using System.Text.RegularExpressions;

namespace Madang.BrowserTests;

public sealed class ChangingSettings(Chromium chromium, Yard yard) : IClassFixture<Yard>
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Language_theme_and_zone_are_the_user_s_own(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("김하늘", yard.NewEmail);
        await visit.Go("/settings");
        await visit.Field("언어").SelectOptionAsync("en");
        await visit.Field("테마").SelectOptionAsync("dark");
        await visit.Field("시간대").FillAsync("Asia/Seoul");
        await visit.Button("저장하기").ClickAsync();

        await Expect(visit.Notice).ToHaveTextAsync("Saved.");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(visit.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(22, 21, 19)");
        await Expect(visit.Field("Time zone")).ToHaveValueAsync("Asia/Seoul");

        await visit.Field("Language").SelectOptionAsync("");
        await visit.Field("Theme").SelectOptionAsync("");
        await visit.Field("Time zone").FillAsync("");
        await visit.Button("Save").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("설정");
        await Expect(visit.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(250, 248, 243)");
        visit.NobodyComplained();
    }

    [Fact]
    public async Task A_name_is_needed_and_a_zone_must_be_one()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("이서준", yard.NewEmail);
        await visit.Go("/settings");
        await visit.Field("이름").FillAsync(" ");
        await visit.Field("시간대").FillAsync("Asia/Nowhere");
        await visit.Button("저장하기").ClickAsync();

        await Expect(visit.Field("이름")).ToHaveAccessibleDescriptionAsync(new Regex("꼭 필요해요"));
        await Expect(visit.Field("시간대")).ToHaveAccessibleDescriptionAsync(new Regex("없는 시간대예요"));
        await Expect(visit.Field("시간대")).ToHaveValueAsync("Asia/Nowhere");
        await visit.Go("/");
        await Expect(visit.Heading).ToHaveTextAsync("이서준 님, 안녕하세요");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_new_password_replaces_the_old(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        var email = yard.NewEmail;
        await visit.SignUp("박도윤", email);
        await visit.Go("/settings");
        await visit.Field("지금 비밀번호").FillAsync("이건 아니에요");
        await visit.Field("새 비밀번호").FillAsync("겨울에도 만나요 2");
        await visit.Button("비밀번호 바꾸기").ClickAsync();
        await Expect(visit.Field("지금 비밀번호")).ToHaveAccessibleDescriptionAsync(new Regex("맞지 않아요"));

        await visit.Field("지금 비밀번호").FillAsync(Visit.Password);
        await visit.Field("새 비밀번호").FillAsync("겨울에도 만나요 2");
        await visit.Button("비밀번호 바꾸기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("바꾸었어요.");

        await visit.Button("로그아웃").ClickAsync();
        await visit.Link("로그인").ClickAsync();
        await visit.SignIn(email, Visit.Password);
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit.SignIn(email, "겨울에도 만나요 2");
        await Expect(visit.Heading).ToHaveTextAsync("박도윤 님, 안녕하세요");
        visit.NobodyComplained();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Deleting_the_account_asks_for_its_password(bool hasScript)
    {
        await using var first = await chromium.Visit(yard.Url);
        await first.SignUp("남는 사람", yard.NewEmail);
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        var email = yard.NewEmail;
        await visit.SignUp("최지우", email);
        await visit.Go("/settings");
        await visit.Page.Locator("summary").ClickAsync();
        await visit.Field("확인을 위해 비밀번호를 적어 주세요").FillAsync("이건 아니에요");
        await visit.Button("내 계정 지우기").ClickAsync();
        await Expect(visit.Field("확인을 위해 비밀번호를 적어 주세요"))
            .ToHaveAccessibleDescriptionAsync(new Regex("맞지 않아요"));

        await visit.Field("확인을 위해 비밀번호를 적어 주세요").FillAsync(Visit.Password);
        await visit.Button("내 계정 지우기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("안녕히 가세요");
        await visit.Link("로그인").ClickAsync();
        await visit.SignIn(email, Visit.Password);
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        visit.NobodyComplained();
    }

    [Fact]
    public async Task Everything_of_mine_is_a_download()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("정하은", yard.NewEmail);
        await visit.Go("/settings");
        var download = await visit.Page.RunAndWaitForDownloadAsync(() =>
            visit.Link("내 자료 모두 내려받기").ClickAsync()
        );
        Assert.Equal("madang.zip", download.SuggestedFilename);
        await using var zip = await System.IO.Compression.ZipFile.OpenReadAsync(
            await download.PathAsync(),
            TestContext.Current.CancellationToken
        );
        Assert.Contains(zip.Entries, entry => entry.FullName == "account.json");
        Assert.Contains(zip.Entries, entry => entry.FullName.StartsWith("memos", StringComparison.Ordinal));
    }
}
