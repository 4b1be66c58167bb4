using System.Text;

namespace Madang.BrowserTests;

/// <summary>Links from elsewhere, many at once, and hosts that none may lead to.</summary>
public sealed class MovingLinks(Chromium chromium) : IAsyncLifetime
{
    private readonly Yard yard = new() { Settings = ["--Links:FetchTitles=false"] };

    public ValueTask InitializeAsync() => yard.InitializeAsync();

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_file_is_looked_at_line_by_line_and_then_imported(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("김하늘", "haneul@example.com");
        await visit.Go("/links/import");
        await visit.Page.GetByLabel("파일의 출처").SelectOptionAsync("yourls");
        await visit
            .Page.GetByLabel("파일", new() { Exact = true })
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "yourls.csv",
                    MimeType = "text/csv",
                    Buffer = Encoding.UTF8.GetBytes(
                        "keyword,url,title,timestamp,ip,clicks\nmap,https://example.com/지도,지도,2013-01-01 00:00:00,127.0.0.1,7\nlinks,https://example.com/,,2013-01-01 00:00:00,127.0.0.1,0\n"
                    ),
                }
            );
        await visit.Button("어떻게 될지 보기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("링크 1개가 들어와요. 아직 아무것도 바뀌지 않았어요.");
        await Expect(visit.Page.GetByText("이미 쓰였거나")).ToBeVisibleAsync();
        await visit.Button("가져오기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("링크 1개를 가져왔어요.");
        Assert.Empty(await PageRules.Broken(visit.Page));
        visit.NobodyComplained();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Pasted_lines_become_links_and_a_blocked_host_none(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("김하늘", "haneul@example.com");
        await visit.Go("/admin/blocked-hosts");
        await visit.Page.GetByLabel("호스트", new() { Exact = true }).FillAsync("나쁜.example");
        await visit.Button("막기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("호스트를 막았어요.");
        await Expect(visit.Page.GetByText("나쁜.example")).ToBeVisibleAsync();
        await visit.Go("/links/bulk");
        await visit
            .Page.GetByLabel("주소 또는 CSV")
            .FillAsync("https://example.com/가\nhttps://sub.나쁜.example/\nnonsense\nhttps://example.com/가");
        await visit.Button("모두 줄이기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("만든 링크 1개, 이미 있던 링크 1개, 만들지 못한 줄 2개예요.");
        await Expect(visit.Page.GetByText("이 호스트로 가는 링크는 여기서 만들 수 없어요.")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByLabel("주소 또는 CSV")).ToHaveValueAsync("https://sub.나쁜.example/\nnonsense");
        Assert.Empty(await PageRules.Broken(visit.Page));
        visit.NobodyComplained();
    }
}
