using System.Text.RegularExpressions;

namespace Madang.BrowserTests;

public sealed class ShelvingBooks(Chromium chromium, Yard yard) : IClassFixture<Yard>
{
    private static ILocator Books(Visit visit) => visit.Page.Locator(".shelf > li");

    [Theory, InlineData(true, "9791190090018"), InlineData(false, "89-374-6075-0")]
    public async Task A_book_is_added_edited_found_by_its_consonants_and_through_its_tag_and_deleted(
        bool hasScript,
        string isbn
    )
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await SignIn(visit);
        await visit.Link("책장").First.ClickAsync();
        await visit.Link("책 넣기").ClickAsync();
        await visit.Field("제목").FillAsync("감성 산책");
        await visit.Field("지은이").FillAsync("김하늘");
        await visit.Field("ISBN").FillAsync("9791190090017");
        await visit.Field("빌릴 수 있는 책").FillAsync("2");
        await visit.Field("나온 날").FillAsync("2024-10-01");
        await visit.Field("태그").FillAsync("여행, 걷기");
        await visit.Button("책 넣기").ClickAsync();
        await Expect(visit.Page.Locator("#isbn-wrong")).ToContainTextAsync("ISBN이 아니에요");
        await Expect(visit.Field("태그")).ToHaveValueAsync("여행, 걷기");
        await visit.Field("ISBN").FillAsync(isbn);
        await visit.Button("책 넣기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("책을 넣었어요.");
        await Expect(visit.Heading).ToHaveTextAsync("감성 산책");
        await Expect(visit.Page.Locator(".facts")).ToContainTextAsync("2024년 10월 1일");
        await Expect(visit.Page.Locator("dd.copies")).ToHaveTextAsync("2권 있어요");

        await visit.Button("빌리기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("빌렸어요.");
        await Expect(visit.Page.Locator("dd.copies")).ToHaveTextAsync("한 권 있어요");
        await visit.Button("연장하기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("연장했어요.");
        await visit.Button("반납하기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("반납했어요.");
        await Expect(visit.Page.Locator("dd.copies")).ToHaveTextAsync("2권 있어요");

        await visit.Link("고치기").ClickAsync();
        await visit.Field("제목").FillAsync("감성 산책길");
        await visit.Field("태그").FillAsync("걷기");
        await visit.Button("저장하기").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("감성 산책길");
        await Expect(visit.Page.Locator("main .chip")).ToHaveTextAsync(["#걷기"]);

        await visit.Go("/library");
        await visit.Field("제목이나 지은이로 찾기").FillAsync("ㄱㅅ");
        await visit.Press("Enter");
        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"/library\?q="));
        await Expect(Books(visit)).ToHaveCountAsync(1);
        await visit.Go("/library");
        await visit.Page.Locator("#shelf-tags .chip").Filter(new() { HasText = "걷기" }).ClickAsync();
        await Expect(Books(visit)).ToContainTextAsync(["감성 산책길"]);
        await visit.Link("목록").ClickAsync();
        await Expect(Books(visit)).ToContainTextAsync(["2024"]);

        await Books(visit).GetByRole(AriaRole.Link).First.ClickAsync();
        await visit.Page.Locator("summary").Filter(new() { HasText = "책 지우기" }).ClickAsync();
        await visit.Button("책 지우기").ClickAsync();
        await Expect(visit.Page.GetByText("책을 지웠어요.")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".shelf > li", new() { HasText = "감성 산책길" })).ToHaveCountAsync(0);
        visit.NobodyComplained();
    }

    [Fact]
    public async Task The_shelf_follows_what_is_typed_and_Back_leads_to_what_was_there_before()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await SignIn(visit);
        await Add(visit, "침묵의 봄", "레이첼 카슨", "9788962630596");
        await Add(visit, "코스모스", "칼 세이건", "9788983711892");
        await visit.Go("/library?order_by=title&view=list");
        await visit.Press("/");
        await Expect(visit.Field("제목이나 지은이로 찾기")).ToBeFocusedAsync();
        var loads = 0;
        visit.Page.DOMContentLoaded += (_, _) => loads++;
        await visit.Page.Keyboard.TypeAsync("세이");
        await Expect(Books(visit)).ToContainTextAsync(["코스모스"]);
        await Expect(Books(visit)).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator("#shelf-count")).ToHaveTextAsync("책 한 권");
        Assert.Equal($"?q={Uri.EscapeDataString("세이")}&order_by=title&view=list", new Uri(visit.Page.Url).Query);
        await visit.Page.Keyboard.TypeAsync("ㄱ");
        await visit.Page.Keyboard.PressAsync("Backspace");
        await visit.Page.Keyboard.TypeAsync("돌");
        await Expect(visit.Page.GetByText("맞는 책이 없어요.")).ToBeVisibleAsync();

        await visit.Page.GoBackAsync();
        await Expect(Books(visit).Filter(new() { HasText = "침묵의 봄" })).ToHaveCountAsync(1);
        await Expect(visit.Field("제목이나 지은이로 찾기")).ToHaveValueAsync("");
        Assert.Equal("?order_by=title&view=list", new Uri(visit.Page.Url).Query);
        Assert.Equal(0, loads);
        visit.NobodyComplained();
    }

    [Fact]
    public async Task A_cover_is_brought_seen_at_once_and_removed()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await SignIn(visit);
        await Add(visit, "표지 있는 책", "김하늘", "9788936434267");
        await visit.Go("/library");
        await visit.Page.GetByText("표지 있는 책").ClickAsync();
        var cover = visit.Page.GetByAltText("표지 있는 책 표지");
        await Expect(cover).ToHaveJSPropertyAsync("naturalWidth", 240);
        await visit.Page.GetByText("표지 바꾸기").ClickAsync();
        var picture = await visit.Page.Locator(".facts").ScreenshotAsync(new() { Type = ScreenshotType.Jpeg });
        await visit
            .Page.Locator("#cover")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "표지.jpg",
                    MimeType = "image/jpeg",
                    Buffer = picture,
                }
            );
        await visit.Button("올리기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("표지를 바꿨어요.");
        await Expect(cover).Not.ToHaveJSPropertyAsync("naturalWidth", 240);
        await Expect(cover).ToHaveJSPropertyAsync("complete", true);
        await visit.Page.GetByText("표지 바꾸기").ClickAsync();
        await visit.Button("표지 지우기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("표지를 지웠어요.");
        await Expect(cover).ToHaveJSPropertyAsync("naturalWidth", 240);
        visit.NobodyComplained();
    }

    [Fact]
    public async Task Tags_are_made_renamed_and_deleted_by_an_admin()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await SignIn(visit);
        await visit.Go("/library/tags");
        await visit.Field("새 태그").FillAsync("천문");
        await visit.Button("만들기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("태그를 만들었어요.");
        await visit.Field("새 태그").FillAsync("천문");
        await visit.Button("만들기").ClickAsync();
        await Expect(visit.Page.Locator("#name-wrong")).ToHaveTextAsync("같은 이름의 태그가 이미 있어요.");
        await visit.Link("고치기: 천문").ClickAsync();
        await visit.Field("이름").FillAsync("하늘");
        await visit.Button("저장하기").ClickAsync();
        await visit.Link("고치기: 하늘").ClickAsync();
        await visit.Page.Locator("summary").Filter(new() { HasText = "태그 지우기" }).ClickAsync();
        await visit.Button("태그 지우기").ClickAsync();
        await Expect(visit.Notice).ToHaveTextAsync("태그를 지웠어요.");
        await Expect(visit.Page.GetByText("#하늘")).ToHaveCountAsync(0);
        visit.NobodyComplained();
    }

    private async Task Add(Visit visit, string title, string author, string isbn)
    {
        var headers = new Dictionary<string, string> { ["Origin"] = yard.Url };
        var book = new
        {
            title,
            author,
            isbn,
            stock = 1,
            published_at = "2002-04-01",
            tags = Array.Empty<long>(),
        };
        var answer = await visit.Page.Context.APIRequest.PostAsync(
            "/api/v1/books",
            new() { DataObject = book, Headers = headers }
        );
        Assert.Equal(201, answer.Status);
    }

    /// <summary>All as the one librarian of the class's yard: its first user, an admin.</summary>
    private async Task SignIn(Visit visit)
    {
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (librarian is null)
            {
                librarian = yard.NewEmail;
                await visit.SignUp("이서준", librarian);
                return;
            }
        }
        finally
        {
            gate.Release();
        }
        await visit.Go("/sign-in");
        await visit.SignIn(librarian, Visit.Password);
        await Expect(visit.Heading).ToContainTextAsync("안녕하세요");
    }

    private static readonly SemaphoreSlim gate = new(1);
    private static string? librarian;
}
