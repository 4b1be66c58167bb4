using System.Text;

namespace Madang.BrowserTests;

/// <summary>Books from a bookseller's list, looked at and brought in on a page.</summary>
public sealed class MovingBooks(Chromium chromium) : IAsyncLifetime
{
    private readonly Yard yard = new();

    public ValueTask InitializeAsync() => yard.InitializeAsync();

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_list_is_looked_at_line_by_line_and_then_brought_in(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("김하늘", "haneul@example.com");
        await visit.Go("/library/move");
        await Choose(visit, "빈 파일.csv", "");
        await visit.Button("어떻게 될지 보기").ClickAsync();
        await Expect(visit.Page.GetByText("파일을 골라 주세요.")).ToBeVisibleAsync();
        await Choose(
            visit,
            "알라딘.csv",
            "상품명,저자,출판사,출간일,ISBN13,수량\n가을 산책,김하늘 (지은이),마당,2024-10-01,9791190090018,2\n틀린 책,이바다,,,9791190090019,\n"
        );
        await visit.Button("어떻게 될지 보기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("책 1권이 들어와요. 아직 아무것도 바뀌지 않았어요.");
        await Expect(visit.Page.GetByText("ISBN이 아니에요.")).ToBeVisibleAsync();
        await visit.Button("가져오기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("책 1권을 가져왔어요.");
        Assert.Empty(await PageRules.Broken(visit.Page));
        await visit.Go("/library/move");
        await Expect(visit.Page.GetByText("알라딘.csv")).ToBeVisibleAsync();
        var export = await visit.Page.Context.APIRequest.GetAsync($"{yard.Url}/api/v1/books/export");
        Assert.Contains(
            "9791190090018,가을 산책,김하늘,마당,2024-10-01,2,",
            await export.TextAsync(),
            StringComparison.Ordinal
        );
        visit.NobodyComplained();
    }

    private static Task Choose(Visit visit, string name, string text) =>
        visit
            .Page.GetByLabel("파일", new() { Exact = true })
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = name,
                    MimeType = "text/csv",
                    Buffer = Encoding.UTF8.GetBytes(text),
                }
            );
}
