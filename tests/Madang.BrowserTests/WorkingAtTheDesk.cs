using System.Text.Json;
using System.Text.RegularExpressions;

namespace Madang.BrowserTests;

/// <summary>A librarian at the desk: books come back by a number that is typed or read by the camera, and new ones are begun by theirs.</summary>
public sealed class WorkingAtTheDesk(Chromium chromium) : IAsyncLifetime
{
    private const string Cosmos = "9788983711892";
    private const string Spring = "9788962630596";
    private const string Late = "9788936434120";

    /// <summary>What a browser has that can tell bar codes itself: it sees what <c>window.code</c> holds. The camera is Chromium's own made-up one.</summary>
    private const string Detector = """
        window.BarcodeDetector = class {
            static async getSupportedFormats() { return ["ean_13", "qr_code"]; }
            async detect(video) {
                if (!(video.videoWidth > 0 && window.code)) { return []; }
                window.seen = window.code;
                return [{ rawValue: window.code }];
            }
        };
        """;

    private readonly Yard yard = new();

    public ValueTask InitializeAsync() => yard.InitializeAsync();

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Fact]
    public async Task A_book_comes_back_by_its_typed_number_and_another_by_the_camera()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.Page.AddInitScriptAsync(Detector);
        await visit.Page.Context.GrantPermissionsAsync(["camera"]);
        await Lend(visit);
        await visit.Go("/library/desk");
        await Expect(visit.Field("ISBN")).ToBeFocusedAsync();
        await Expect(visit.Page.Locator("#overdue + ul > li")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator("#overdue + ul > li")).ToContainTextAsync("소년이 온다");

        await visit.Page.Keyboard.TypeAsync("978-89-6263-059-7");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#isbn-wrong")).ToContainTextAsync("ISBN이 아니에요");
        await visit.Field("ISBN").FillAsync("978-89-6263-059-6");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Notice).ToHaveTextAsync("김사서 님이 빌린 「침묵의 봄」 반납을 처리했어요.");

        await visit.Button("바코드 읽기").ClickAsync();
        var video = visit.Page.Locator("video.scan");
        await Expect(video).ToBeVisibleAsync();
        await Expect(visit.Button("그만 읽기")).ToBeVisibleAsync();
        // A code that is no book's is passed over.
        await visit.Page.EvaluateAsync(
            "() => { window.stream = document.querySelector('video.scan').srcObject; window.code = '8801234567893'; }"
        );
        await visit.Page.WaitForFunctionAsync("() => window.seen === '8801234567893'");
        await Expect(visit.Field("ISBN")).ToHaveValueAsync("");
        await visit.Page.EvaluateAsync($"() => {{ window.code = '{Cosmos}'; }}");
        await Expect(visit.Field("ISBN")).ToHaveValueAsync(Cosmos);
        await Expect(visit.Field("ISBN")).ToBeFocusedAsync();
        await Expect(video).ToBeHiddenAsync();
        Assert.True(
            await visit.Page.EvaluateAsync<bool>(
                "() => window.stream.getTracks().every(track => track.readyState === 'ended')"
            )
        );
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Notice).ToHaveTextAsync("김사서 님이 빌린 「코스모스」 반납을 처리했어요.");

        await visit.Page.Locator("#overdue + ul > li button").ClickAsync();
        await Expect(visit.Page.GetByText("연체된 책이 없어요.")).ToBeVisibleAsync();
        await visit.Field("ISBN").FillAsync(Cosmos);
        await visit.Button("반납 처리").ClickAsync();
        await Expect(visit.Page.Locator("#isbn-wrong")).ToHaveTextAsync("이 ISBN의 책을 빌린 사람이 없어요.");
        Assert.Empty(await PageRules.Broken(visit.Page));
        visit.NobodyComplained();
    }

    [Fact]
    public async Task A_new_number_leads_to_the_form_with_it_and_a_browser_that_reads_no_codes_shows_no_button()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await Lend(visit);
        await visit.Go("/library/desk");
        await visit.Page.WaitForLoadStateAsync();
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'BarcodeDetector' in window"));
        await Expect(visit.Page.Locator("[data-scan]")).ToBeHiddenAsync();
        await visit.Field("ISBN").FillAsync("8937460777");
        await visit.Button("찾기·등록").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("/library/books/new\\?isbn=8937460777$"));
        await Expect(visit.Field("ISBN")).ToHaveValueAsync("8937460777");
        await Expect(visit.Field("제목")).ToBeFocusedAsync();
        await visit.Field("제목").FillAsync("1984");
        await visit.Field("지은이").FillAsync("조지 오웰");
        await visit.Button("책 넣기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("책을 넣었어요.");

        await visit.Go("/library/desk");
        await visit.Field("ISBN").FillAsync("9788937460777");
        await visit.Button("찾기·등록").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("1984");
        visit.NobodyComplained();
    }

    /// <summary>Three books, all of them out, and one of them for too long.</summary>
    private async Task Lend(Visit visit)
    {
        await visit.SignUp("김사서", yard.NewEmail);
        foreach (var (title, isbn) in new[] { ("코스모스", Cosmos), ("침묵의 봄", Spring), ("소년이 온다", Late) })
        {
            var book = await Post(
                visit,
                "/api/v1/books",
                new
                {
                    title,
                    author = "지은이",
                    isbn,
                    stock = 1,
                    published_at = "2006-12-20",
                    tags = Array.Empty<long>(),
                }
            );
            await Post(visit, "/api/v1/loans", new { book_id = book.GetProperty("book_id").GetInt64(), quantity = 1 });
        }
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    "UPDATE loans SET due_at = @Due WHERE book_id = (SELECT id FROM books WHERE isbn = @Late)",
                    new { Due = sql.Now.AddDays(-3), Late }
                ),
            TestContext.Current.CancellationToken
        );
    }

    private async Task<JsonElement> Post(Visit visit, string path, object thing)
    {
        var answer = await visit.Page.Context.APIRequest.PostAsync(
            path,
            new()
            {
                DataObject = thing,
                Headers = new Dictionary<string, string> { ["Origin"] = yard.Url },
            }
        );
        Assert.Equal(201, answer.Status);
        return (await answer.JsonAsync())!.Value;
    }
}
