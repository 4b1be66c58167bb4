namespace Madang.BrowserTests;

public sealed class WritingMemos(Chromium chromium, Yard yard) : IClassFixture<Yard>
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_memo_is_written_found_pinned_edited_and_archived(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("김하늘", yard.NewEmail);
        await visit.Link("메모").First.ClickAsync();
        await visit.Write("우산을 꼭 챙겨요");
        await visit.Write("답사 회의록: 숙소는 경주로 정했어요 #답사/가을");
        await Expect(visit.Memo("회의록").GetByRole(AriaRole.Link, new() { Name = "#답사/가을" })).ToBeVisibleAsync();

        await Expect(visit.Memo("회의록").Locator(".text")).ToHaveTextAsync("답사 회의록: 숙소는 경주로 정했어요");

        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("경주");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("mark")).ToHaveTextAsync("경주");
        await Expect(visit.Memo("")).ToHaveCountAsync(1);
        await visit.Link("모두 보기").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Complementary).GetByText("#답사/가을").ClickAsync();
        await Expect(visit.Memo("")).ToHaveCountAsync(1);
        await visit.Link("모두 보기").ClickAsync();

        await visit.Memo("우산").GetByTitle("고정하기").ClickAsync();
        await Expect(visit.Memo("").First).ToContainTextAsync("우산");
        await visit.Memo("우산").GetByTitle("고정 풀기").ClickAsync();
        await Expect(visit.Memo("").First).ToContainTextAsync("회의록");

        await visit.Memo("우산").GetByTitle("고치기").ClickAsync();
        await visit.Field("내용").FillAsync("우산과 장화를 챙겨요");
        await visit.Button("저장하기").ClickAsync();
        await Expect(visit.Memo("장화")).ToBeVisibleAsync();
        await visit.Memo("장화").GetByTitle("고치기").ClickAsync();
        await Expect(visit.Memo("우산을 꼭 챙겨요")).ToBeVisibleAsync();
        await visit.Link("그만두기").ClickAsync();

        await visit.Memo("장화").GetByTitle("보관하기").ClickAsync();
        await Expect(visit.Memo("장화")).ToHaveCountAsync(0);
        await visit.Link("보관함").ClickAsync();
        await visit.Memo("장화").GetByTitle("다시 꺼내기").ClickAsync();
        await Expect(visit.Page.GetByText("보관한 메모가 없어요.")).ToBeVisibleAsync();
        await visit.Link("내 메모").ClickAsync();
        await Expect(visit.Memo("장화")).ToBeVisibleAsync();
        visit.NobodyComplained();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_deleted_memo_comes_back_by_undo_or_from_the_trash(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("이서준", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Write("지웠다가 되돌릴 메모");
        await visit.Memo("되돌릴").GetByTitle("지우기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("메모를 휴지통으로 옮겼어요.");
        await Expect(visit.Memo("되돌릴")).ToHaveCountAsync(0);
        await visit.Button("되돌리기").ClickAsync();
        await Expect(visit.Memo("되돌릴")).ToBeVisibleAsync();
        await Expect(visit.Notice).ToHaveCountAsync(0);

        await visit.Memo("되돌릴").GetByTitle("지우기").ClickAsync();
        await visit.Link("휴지통").ClickAsync();
        await Expect(visit.Memo("되돌릴")).ToBeVisibleAsync();
        await visit.Memo("되돌릴").GetByTitle("되살리기").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("메모");
        await Expect(visit.Memo("되돌릴")).ToBeVisibleAsync();
        visit.NobodyComplained();
    }

    [Fact]
    public async Task Others_read_what_is_shared_with_the_team_and_can_change_nothing_of_it()
    {
        await using var author = await chromium.Visit(yard.Url);
        await author.SignUp("박도윤", yard.NewEmail);
        await author.Go("/memos");
        await author.Field("누가 볼 수 있나요").SelectOptionAsync("team");
        await author.Write("모임은 일요일 오후 두 시예요");
        await using var reader = await chromium.Visit(yard.Url);
        await reader.SignUp("최지우", yard.NewEmail);
        await reader.Go("/memos?scope=team");

        await Expect(reader.Memo("일요일")).ToContainTextAsync("박도윤");
        await Expect(reader.Memo("일요일").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_keyboard_finds_and_sends()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("정하은", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Field("새 메모").FillAsync("글쇠로 남긴 메모");
        await visit.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(visit.Memo("글쇠로 남긴 메모")).ToBeVisibleAsync();
        await visit.Heading.ClickAsync();
        await visit.Page.Keyboard.PressAsync("/");
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        visit.NobodyComplained();
    }
}
