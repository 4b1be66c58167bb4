using System.Diagnostics;

namespace Madang.BrowserTests;

// All visits share one clipboard: who reads it is alone with it.
[Collection("Clipboard")]
public sealed class ShorteningAddresses(Chromium chromium, Yard yard) : IClassFixture<Yard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_address_is_pasted_shortened_by_Enter_copied_edited_put_away_and_deleted(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await visit.SignUp("김하늘", yard.NewEmail);
        await visit.Link("링크").First.ClickAsync();
        await visit.Field("주소를 붙여 넣어요").FillAsync("https://example.com/가을?길=둘레");
        await visit.Press("Enter");
        await Expect(visit.Notice)
            .ToContainTextAsync(hasScript ? "짧은 링크를 만들어 복사했어요." : "짧은 링크를 만들었어요.");
        var address = await visit.Page.Locator("#made").TextContentAsync();
        if (hasScript)
        {
            Assert.Equal(address, await Clipboard(visit));
            await visit.Page.EvaluateAsync("() => navigator.clipboard.writeText('')");
            await visit.Notice.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(visit.Notice.GetByRole(AriaRole.Button, new() { Name = "복사하기" }))
                .ToHaveTextAsync("복사했어요");
            await Expect(visit.Page.Locator(".hidden[role=status]")).ToHaveTextAsync("복사했어요");
            Assert.Equal(address, await Clipboard(visit));
        }
        else
        {
            await Expect(visit.Notice.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        }

        await visit.Page.GetByRole(AriaRole.Article).GetByTitle("고치기").ClickAsync();
        await visit.Field("제목").FillAsync("가을 둘레길");
        await visit.Field("출처 (source)").FillAsync("벽보");
        await visit.Button("저장하기").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("가을 둘레길");
        await Expect(visit.Page.Locator("dd.whole").First).ToContainTextAsync("utm_source=%EB%B2%BD%EB%B3%B4");

        await visit.Button("보관하기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("링크를 보관했어요.");
        await visit.Button("되돌리기").ClickAsync();
        await visit.Link("가을 둘레길").ClickAsync();
        await visit.Link("고치기").ClickAsync();
        await visit.Page.Locator("summary").Filter(new() { HasText = "링크 지우기" }).ClickAsync();
        await visit.Button("링크 지우기").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("링크를 지웠어요.");
        await Expect(visit.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(0);
        visit.NobodyComplained();
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_the_field_and_what_was_typed_stays()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("이서준", yard.NewEmail);
        await visit.Go("/links");
        await visit.Field("주소를 붙여 넣어요").FillAsync("ftp://example.com/");
        await visit.Page.GetByText("더 정하기").ClickAsync();
        await visit.Field("제목").FillAsync("옛 서버");
        await visit.Button("줄이기").First.ClickAsync();
        await Expect(visit.Page.Locator("#url-wrong")).ToHaveTextAsync("URL 형식이 올바르지 않아요");
        await Expect(visit.Field("주소를 붙여 넣어요")).ToHaveValueAsync("ftp://example.com/");
        await Expect(visit.Page.Locator("#title")).ToHaveValueAsync("옛 서버");
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_told_and_the_address_is_not_posted_a_second_time()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("정유나", yard.NewEmail);
        await visit.Go("/links");
        var posts = 0;
        await visit.Page.RouteAsync(
            "**/links",
            async route =>
            {
                if (route.Request.Method != "POST")
                {
                    await route.ContinueAsync();
                    return;
                }
                posts++;
                await route.FetchAsync();
                await route.AbortAsync();
            }
        );
        await visit.Field("주소를 붙여 넣어요").FillAsync("https://example.com/lost");
        await visit.Field("제목").EvaluateAsync("field => field.value = '잃은 것'");
        await visit.Press("Enter");
        await Expect(visit.Page.GetByText("응답을 받지 못해서")).ToBeVisibleAsync();
        await visit.Go("/links");
        await Expect(visit.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        Assert.Equal(1, posts);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_visitor_is_asked_for_the_password_and_led_to_another_site_by_the_right_one(bool hasScript)
    {
        await using var owner = await chromium.Visit(yard.Url);
        await owner.SignUp("박도윤", yard.NewEmail);
        // The same server by another name is another site to a browser.
        var target = $"{yard.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/docs/parts";
        var slug = $"locked-{hasScript}";
        await Make(
            owner,
            new
            {
                url = target,
                slug,
                password = "열려라 참깨",
            }
        );
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.Go($"/{slug}");
        await visit.Field("비밀번호").FillAsync("닫혀라 참깨");
        await visit.Button("열기").ClickAsync();
        await Expect(visit.Page.Locator("#password-wrong")).ToHaveTextAsync("비밀번호가 맞지 않아요.");
        await visit.Field("비밀번호").FillAsync("열려라 참깨");
        await visit.Button("열기").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(target);
        visit.NobodyComplained();
    }

    [Fact]
    public async Task A_links_page_tells_its_visits_as_a_picture_and_a_table_and_its_QR_code_is_read_from_the_screen()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("최지우", yard.NewEmail);
        await Make(visit, new { url = "https://example.com/", slug = "counted" });
        foreach (var _ in Enumerable.Range(0, 3))
        {
            // A browser without a screen says so, and is counted among the bots.
            var headers = new Dictionary<string, string>
            {
                ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
            };
            await visit.Page.Context.APIRequest.GetAsync("/counted", new() { MaxRedirects = 0, Headers = headers });
        }
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visit.Go("/links/counted?range=day");
        var chart = visit.Page.Locator(".chart");
        await Expect(chart.GetByRole(AriaRole.Img)).ToHaveCountAsync(1);
        await Expect(chart.Locator(".key.people")).ToHaveTextAsync("사람 3");
        await visit.Page.GetByText("표로 보기").ClickAsync();
        await Expect(chart.GetByRole(AriaRole.Table).GetByRole(AriaRole.Cell)).ToHaveTextAsync(["3", "0"]);
        await Expect(visit.Page.GetByRole(AriaRole.Table).Filter(new() { HasText = "브라우저" }))
            .ToContainTextAsync("Chrome");

        Assert.SkipUnless(
            File.Exists("/usr/bin/zbarimg"),
            "No zbarimg here: install zbar-tools and run the tests again."
        );
        var file = Path.Combine(Path.GetTempPath(), $"madang-qr-{Guid.NewGuid():N}.png");
        try
        {
            await visit.Page.Locator(".qr img").ScreenshotAsync(new() { Path = file });
            using var reader = Process.Start(
                new ProcessStartInfo("/usr/bin/zbarimg", ["--quiet", "--raw", "--nodbus", file])
                {
                    RedirectStandardOutput = true,
                }
            )!;
            Assert.Equal($"{yard.Url}/counted", (await reader.StandardOutput.ReadToEndAsync(Stop)).Trim());
        }
        finally
        {
            File.Delete(file);
        }
        visit.NobodyComplained();
    }

    private static Task<string> Clipboard(Visit visit) =>
        visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");

    private async Task Make(Visit visit, object link)
    {
        var headers = new Dictionary<string, string> { ["Origin"] = yard.Url };
        var answer = await visit.Page.Context.APIRequest.PostAsync(
            "/api/v1/links",
            new() { DataObject = link, Headers = headers }
        );
        Assert.Equal(201, answer.Status);
    }
}
