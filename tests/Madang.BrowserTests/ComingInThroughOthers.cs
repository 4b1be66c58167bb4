using Madang.BrowserTests.OpenId;
using Madang.Tests.Outside;

namespace Madang.BrowserTests;

/// <summary>The whole way through providers with a browser: Naver's dialect, and a real OpenID provider.</summary>
public sealed class ComingInThroughOthers(Chromium chromium)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Through_Naver_with_consent_and_without()
    {
        await using var naver = await TestProvider.Start();
        await using var yard = new Yard
        {
            Settings = ["--SignIn:AllowSignUp=true", "--environment=Development", .. naver.Settings()],
        };
        await yard.InitializeAsync();
        await using var admin = await chromium.Visit(yard.Url);
        await admin.SignUp("김하늘", yard.NewEmail);

        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = false });
        await visit.Go("/memos");
        await visit.Link("네이버 계정으로 로그인").ClickAsync();
        await visit.Link("취소").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("네이버 계정으로 들어오지 못했어요");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("동의하지 않아서");

        naver.Member = new("n-1") { Nickname = "서준" };
        await visit.Go("/memos");
        await visit.Link("네이버 계정으로 로그인").ClickAsync();
        await visit.Link("동의하기").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("메모");
        visit.NobodyComplained();

        // He connects nothing more, sets a password, and lets Naver go.
        await visit.Go("/settings");
        await visit.Link("로그인 연결").ClickAsync();
        await visit.Button("네이버 연결 끊기").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("마지막 길");
        await visit.Field("이메일").FillAsync("seojun@example.com");
        await visit.Field("새 비밀번호").FillAsync(Visit.Password);
        await visit.Button("비밀번호 정하기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("비밀번호를 정했어요");
        await visit.Button("네이버 연결 끊기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("연결을 끊었어요. 다른 기기에서는 모두 로그아웃됐어요.");
        await visit.Link("네이버 연결하기").ClickAsync();
        await visit.Link("동의하기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("연결했어요");
        Assert.EndsWith("/settings/connections?saved=linked", visit.Page.Url, StringComparison.Ordinal);
        visit.NobodyComplained();
    }

    [Fact]
    public async Task Through_an_OpenID_provider_whose_endpoints_are_looked_up()
    {
        // Both must know the other's address before they start.
        var url = $"http://127.0.0.1:{OpenIdProvider.FreePort()}";
        await using var company = await OpenIdProvider.Start(url, Stop);
        await using var yard = new Yard
        {
            Address = url,
            Settings =
            [
                "--SignIn:AllowSignUp=true",
                $"--Public:BaseUrl={url}",
                $"--SignIn:Providers:company:Issuer={company.Url}",
                "--SignIn:Providers:company:DisplayName=Company",
                "--SignIn:Providers:company:KoreanName=회사",
                "--SignIn:Providers:company:ClientId=yard",
                "--SignIn:Providers:company:ClientSecret=a-secret-of-the-yard",
            ],
        };
        await yard.InitializeAsync();
        await using var admin = await chromium.Visit(yard.Url);
        await admin.SignUp("김하늘", yard.NewEmail);

        await using var visit = await chromium.Visit(yard.Url);
        await visit.Go("/sign-in");
        await visit.Link("회사 계정으로 로그인").ClickAsync();
        await visit.Page.FillAsync("input[name=login]", "grace");
        await visit.Page.FillAsync("input[name=password]", "any");
        await visit.Page.ClickAsync("button[type=submit]");
        await visit.Page.ClickAsync("button[type=submit]");
        await Expect(visit.Heading).ToHaveTextAsync("grace 님, 안녕하세요");
        await visit.Go("/settings/connections");
        await Expect(visit.Page.GetByText("grace@example.com")).ToBeVisibleAsync();

        // Who turns back at the provider stays outside.
        await using var other = await chromium.Visit(yard.Url);
        await other.Go("/login/company");
        await other.Page.GetByText("Cancel").ClickAsync();
        await Expect(other.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("동의하지 않아서");
    }
}
