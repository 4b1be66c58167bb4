namespace Madang.BrowserTests;

/// <summary>Devices, tokens, and for admins everybody.</summary>
// All visits share one clipboard: who reads it is alone with it.
[Collection("Clipboard")]
public sealed class LookingAfterAccounts(Chromium chromium) : IAsyncLifetime
{
    private readonly Browsers.Yard yard = new();

    public ValueTask InitializeAsync() => yard.InitializeAsync();

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_device_elsewhere_is_signed_out_from_here(bool hasScript)
    {
        var email = yard.NewEmail;
        await using var there = await chromium.Visit(yard.Url);
        await there.SignUp("김하늘", email);
        await using var here = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await here.Go("/sign-in");
        await here.SignIn(email, Visit.Password);
        await here.Go("/settings");
        await here.Link("기기").ClickAsync();
        await Expect(here.Page.GetByText("지금 이 기기")).ToHaveCountAsync(1);
        await here.Page.GetByRole(AriaRole.Button, new() { Name = "로그아웃시키기" }).ClickAsync();
        await Expect(here.Notice).ToHaveTextAsync("그 기기에서 로그아웃했어요.");
        await Expect(here.Page.GetByText("다른 기기 하나를 로그아웃")).ToBeVisibleAsync();
        await there.Go("/memos");
        await Expect(there.Heading).ToHaveTextAsync("로그인");
        here.NobodyComplained();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_token_is_shown_once_and_revoked(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("이서준", yard.NewEmail);
        await visit.Go("/settings");
        await visit.Link("토큰").ClickAsync();
        await visit.Field("이름").FillAsync("백업 스크립트");
        await visit.Button("토큰 만들기").ClickAsync();
        await Expect(visit.Page.GetByText("범위를 하나 이상 골라 주세요.")).ToBeVisibleAsync();
        await Expect(visit.Field("이름")).ToHaveValueAsync("백업 스크립트");
        await visit.Field("memos:read").CheckAsync();
        await visit.Button("토큰 만들기").ClickAsync();
        await Expect(visit.Page.Locator(".secret")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^mdg_"));
        if (hasScript)
        {
            await visit.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
            await visit.Button("복사하기").ClickAsync();
            await Expect(visit.Button("복사하기")).ToHaveTextAsync("복사했어요");
            Assert.Equal(
                await visit.Page.Locator(".secret").TextContentAsync(),
                await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()")
            );
        }
        else
        {
            await Expect(visit.Button("복사하기")).ToHaveCountAsync(0);
        }
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "없애기" }).ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("토큰을 없앴어요.");
        await Expect(visit.Page.GetByText("아직 토큰이 없어요.")).ToBeVisibleAsync();
        visit.NobodyComplained();
    }

    [Fact]
    public async Task An_admin_makes_another_one_and_disables_him()
    {
        await using var admin = await chromium.Visit(yard.Url);
        await admin.SignUp("김하늘", yard.NewEmail);
        await using var guest = await chromium.Visit(yard.Url);
        await guest.SignUp("이서준", yard.NewEmail);

        await admin.Go("/settings");
        await admin.Link("관리").ClickAsync();
        await Expect(admin.Page.GetByText("마지막 관리자예요", new() { Exact = false })).ToBeVisibleAsync();
        await Expect(admin.Field("역할: 김하늘")).ToBeDisabledAsync();
        await admin.Field("역할: 이서준").SelectOptionAsync("admin");
        await admin.Button("역할 저장: 이서준").ClickAsync();
        await Expect(admin.Notice).ToHaveTextAsync("저장했어요.");
        await Expect(admin.Field("역할: 김하늘")).ToBeEnabledAsync();
        await guest.Go("/admin");
        await Expect(guest.Heading).ToHaveTextAsync("사용자");

        await admin.Button("로그인 막기: 이서준").ClickAsync();
        await Expect(admin.Button("로그인 허용: 이서준")).ToBeVisibleAsync();
        await guest.Go("/memos");
        await Expect(guest.Heading).ToHaveTextAsync("로그인");
        admin.NobodyComplained();
    }
}
