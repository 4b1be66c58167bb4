using Madang.Tests.Yards;

namespace Madang.BrowserTests;

/// <summary>Mail comes from a real server; a person opens the links in it.</summary>
public sealed class MailedLinks(Chromium chromium) : IAsyncLifetime
{
    private const string NewPassword = "겨울에도 만나요 2";
    private SmtpServer? smtp;
    private Browsers.Yard? yard;

    public async ValueTask InitializeAsync()
    {
        smtp = await SmtpServer.Start();
        yard = new() { Settings = ["--SignIn:AllowSignUp=true", .. smtp.Settings(yard: "http://localhost")] };
        await yard.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (yard?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (smtp?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_forgotten_password_is_set_anew_and_the_address_verified(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard!.Url, new() { HasScript = hasScript });
        await visit.SignUp("김하늘", "haneul@example.com");
        await visit.Go((await smtp!.Come("haneul@example.com")).Link.PathAndQuery);
        await visit.Button("네, 제 이메일이에요").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("이메일을 확인했어요. 고마워요.");
        await visit.Go("/settings");
        await Expect(visit.Page.GetByText("확인됨", new() { Exact = true })).ToBeVisibleAsync();
        await visit.Button("로그아웃").ClickAsync();

        await visit.Link("로그인").ClickAsync();
        await visit.Link("비밀번호를 잊었나요?").ClickAsync();
        await visit.Field("이메일").FillAsync("haneul@example.com");
        await visit.Button("링크 보내기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("링크를 보냈어요");
        var link = (await smtp.Come("haneul@example.com", 2)).Link.PathAndQuery;
        await visit.Go(link);
        await visit.Field("새 비밀번호").FillAsync("12345678");
        await visit.Button("비밀번호 바꾸기").ClickAsync();
        await Expect(visit.Field("새 비밀번호")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.Field("새 비밀번호").FillAsync(NewPassword);
        await visit.Button("비밀번호 바꾸기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("새 비밀번호를 정했어요");
        await visit.SignIn("haneul@example.com", NewPassword);
        await Expect(visit.Heading).ToHaveTextAsync("김하늘 님, 안녕하세요");

        await visit.Go(link);
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("이미 썼거나");
        visit.NobodyComplained();
    }
}
