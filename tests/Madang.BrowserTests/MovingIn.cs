using System.Text;

namespace Madang.BrowserTests;

/// <summary>The first minutes in an empty yard: sample data, and memos from elsewhere.</summary>
public sealed class MovingIn(Chromium chromium) : IAsyncLifetime
{
    private readonly Yard yard = new() { Settings = [] };

    public ValueTask InitializeAsync() => yard.InitializeAsync();

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_first_user_may_look_around_in_sample_data_and_take_it_away_again(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.Go("/sign-up");
        await Expect(visit.Page.GetByLabel("둘러볼 샘플 데이터 넣기")).Not.ToBeCheckedAsync();
        await visit.Page.GetByLabel("둘러볼 샘플 데이터 넣기").CheckAsync();
        await visit.SignUpHere("김하늘", "haneul@example.com");
        await visit.Go("/memos");
        await Expect(visit.Memo("").Nth(10)).ToBeVisibleAsync();
        await visit.Go("/");
        await visit.Button("샘플 데이터 지우기").ClickAsync();
        await Expect(visit.Button("샘플 데이터 넣기")).ToBeVisibleAsync();
        await visit.Go("/memos");
        await Expect(visit.Memo("")).ToHaveCountAsync(0);
        await visit.Button("샘플 데이터 넣기").ClickAsync();
        await Expect(visit.Memo("").Nth(10)).ToBeVisibleAsync();
        visit.NobodyComplained();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_file_is_looked_at_first_and_then_imported(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("김하늘", "haneul@example.com");
        await visit.Go("/memos/move");
        await visit
            .Page.GetByLabel("파일")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "usememos.json",
                    MimeType = "application/json",
                    Buffer = Encoding.UTF8.GetBytes(
                        """{"memos":[{"name":"memos/a","content":"옮겨 온 메모","createTime":"2025-01-02T03:04:05Z"},{"name":"memos/b","content":"","createTime":"2025-01-02T03:04:05Z"}]}"""
                    ),
                }
            );
        await visit.Button("무엇이 들어올지 보기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("새 메모 1개가 들어와요. 아직 아무것도 바뀌지 않았어요.");
        await Expect(visit.Page.GetByText("내용이 비어 있어요.")).ToBeVisibleAsync();
        await visit.Button("가져오기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("메모 1개를 가져왔어요.");
        await visit.Link("메모 보기").ClickAsync();
        await Expect(visit.Memo("옮겨 온 메모")).ToBeVisibleAsync();
        visit.NobodyComplained();
    }
}
