namespace Madang.BrowserTests;

public sealed class ComingIn(Chromium chromium) : IAsyncLifetime
{
    private readonly Yard yard = new() { Settings = [] };

    public ValueTask InitializeAsync() => yard.InitializeAsync();

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_first_user_signs_up_signs_out_and_in_again(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.Go("/");
        await Expect(visit.Heading).ToHaveTextAsync("우리 팀이 모이는 마당");
        await visit.Link("여기서 시작하기").ClickAsync();
        await Expect(visit.Page.Locator(".notice")).ToContainTextAsync("이 계정이 관리자가 돼요");
        await visit.SignUp("김하늘", "haneul@example.com");

        await visit.Link("설정").ClickAsync();
        await visit.Button("로그아웃").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("우리 팀이 모이는 마당");

        await visit.Go("/memos?tag=회의");
        await Expect(visit.Heading).ToHaveTextAsync("로그인");
        await visit.SignIn("haneul@example.com", "틀린 비밀번호예요");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("이메일이나 비밀번호가 맞지 않아요.");
        await Expect(visit.Field("이메일")).ToHaveValueAsync("haneul@example.com");
        await visit.SignIn("haneul@example.com", Visit.Password);
        await Expect(visit.Heading).ToHaveTextAsync("메모");
        Assert.Equal("?tag=%ED%9A%8C%EC%9D%98", new Uri(visit.Page.Url).Query);
        visit.NobodyComplained();
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_the_field_and_what_was_typed_stays()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.Go("/sign-up");
        await visit.Field("이름").FillAsync("이서준");
        await visit.Field("이메일").FillAsync("seojun@example.com");
        await visit.Field("비밀번호").FillAsync("12345678");
        await visit.Button("가입하기").ClickAsync();

        await Expect(visit.Field("비밀번호")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(visit.Field("비밀번호"))
            .ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("쉽게 맞힐 수 없는"));
        await Expect(visit.Field("이름")).ToHaveValueAsync("이서준");
        await Expect(visit.Field("이메일")).ToHaveValueAsync("seojun@example.com");
        visit.NobodyComplained();
    }

    [Fact]
    public async Task Sign_up_is_closed_after_the_first_user_until_an_admin_opens_it()
    {
        await using var admin = await chromium.Visit(yard.Url);
        await admin.SignUp("김하늘", "haneul@example.com");
        await using var guest = await chromium.Visit(yard.Url);
        await guest.Go("/sign-up");
        await Expect(guest.Page.GetByText("지금은 가입을 받지 않아요.")).ToBeVisibleAsync();

        await admin.Go("/admin/invitations");
        await admin.Button("누구나 가입하게 열기").ClickAsync();
        await Expect(admin.Notice).ToHaveTextAsync("저장했어요.");
        await guest.SignUp("이서준", "seojun@example.com");
        await admin.Button("가입 닫기").ClickAsync();
        await Expect(admin.Button("누구나 가입하게 열기")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_invitation_lets_one_person_in()
    {
        await using var admin = await chromium.Visit(yard.Url);
        await admin.SignUp("김하늘", "haneul@example.com");
        await admin.Go("/admin/invitations");
        await admin.Button("초대 링크 만들기").ClickAsync();
        var link = await admin.Page.Locator(".secret").TextContentAsync();

        await using var guest = await chromium.Visit(yard.Url);
        await guest.Go(link!);
        await Expect(guest.Heading).ToHaveTextAsync("가입하기");
        await guest.Field("이름").FillAsync("이서준");
        await guest.Field("이메일").FillAsync("seojun@example.com");
        await guest.Field("비밀번호").FillAsync(Visit.Password);
        await guest.Button("가입하기").ClickAsync();
        await Expect(guest.Heading).ToHaveTextAsync("이서준 님, 안녕하세요");
        await guest.Go("/settings");
        await Expect(guest.Heading).ToHaveTextAsync("설정");
        await Expect(guest.Link("관리")).ToHaveCountAsync(0);
    }
}
