namespace Madang.BrowserTests;

public sealed class MemosInMarkdown(Chromium chromium, Yard yard) : IClassFixture<Yard>
{
    /// <summary>A PNG of one pixel.</summary>
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );

    [Fact]
    public async Task A_memo_is_shown_as_its_Markdown_says_and_hits_are_marked_in_it()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("김하늘", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Write(
            "# 답사 준비\n\n**버스**는 [여기](https://example.com/버스), 회**의**록은 #총무 에게\n\n<b>글자 그대로</b>"
        );
        var memo = visit.Memo("준비");
        await Expect(memo.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("답사 준비");
        await Expect(memo.Locator("strong").First).ToHaveTextAsync("버스");
        await Expect(memo.GetByRole(AriaRole.Link, new() { Name = "여기" }))
            .ToHaveAttributeAsync("rel", "noopener nofollow ugc");
        await Expect(memo).ToContainTextAsync("<b>글자 그대로</b>");

        await visit.Go("/memos?q=버스");
        await Expect(visit.Page.Locator("mark")).ToHaveTextAsync("버스");
        await memo.Locator(".text").GetByRole(AriaRole.Link, new() { Name = "#총무" }).ClickAsync();
        await Expect(visit.Page.Locator(".sought")).ToContainTextAsync("#총무");
        visit.NobodyComplained();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_task_is_ticked_in_its_place(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("이서준", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Write("- [ ] 버스 예약\n- [x] 숙소 예약");
        var (bus, house) = (Box(visit, "버스 예약"), Box(visit, "숙소 예약"));
        await Expect(house).ToBeCheckedAsync();
        if (hasScript)
        {
            await visit.Page.EvaluateAsync("window.isSamePage = true");
        }
        var posted = visit.Page.WaitForResponseAsync(answer =>
            answer.Url.Contains("/tasks/1", StringComparison.Ordinal)
        );
        await bus.ClickAsync();
        await posted;
        await Expect(bus).ToBeCheckedAsync();
        posted = visit.Page.WaitForResponseAsync(answer => answer.Url.Contains("/tasks/2", StringComparison.Ordinal));
        await house.ClickAsync();
        await posted;
        await Expect(house).Not.ToBeCheckedAsync();
        if (hasScript)
        {
            Assert.True(await visit.Page.EvaluateAsync<bool>("window.isSamePage"));
        }

        await visit.Go("/memos");
        await Expect(bus).ToBeCheckedAsync();
        await Expect(house).Not.ToBeCheckedAsync();
        visit.NobodyComplained();
    }

    [Fact]
    public async Task Who_is_signed_out_elsewhere_comes_to_the_sign_in_page_and_nothing_is_ticked()
    {
        await using var visit = await chromium.Visit(yard.Url);
        var email = yard.NewEmail;
        await visit.SignUp("윤서아", email);
        await visit.Go("/memos");
        await visit.Write("- [ ] 버스 예약");
        await visit.Page.Context.ClearCookiesAsync();
        await Box(visit, "버스 예약").ClickAsync();
        await Expect(visit.Field("비밀번호")).ToBeVisibleAsync();

        await visit.SignIn(email, Visit.Password);
        await Expect(Box(visit, "버스 예약")).Not.ToBeCheckedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_picture_is_chosen_and_shown(bool hasScript)
    {
        await using var visit = await chromium.Visit(yard.Url, new() { HasScript = hasScript });
        await visit.SignUp("박도윤", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Field("새 메모").FillAsync("창밖을 보며");
        await visit
            .Page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "창밖.png",
                    MimeType = "image/png",
                    Buffer = Pixel,
                }
            );
        if (hasScript)
        {
            await Expect(visit.Field("새 메모"))
                .ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"!\[창밖\]\(/memos/pictures/"));
        }
        await visit.Button("남기기").ClickAsync();
        await Shown(visit, "창밖");
    }

    [Theory, InlineData("paste"), InlineData("drop")]
    public async Task A_picture_is_pasted_or_dropped(string way)
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("최지우", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Page.EvaluateAsync(
            """
            ([way, bytes]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([new Uint8Array(bytes)], "바다.png", { type: "image/png" }));
              const options = { bubbles: true, cancelable: true };
              document.querySelector("textarea").dispatchEvent(
                way === "paste"
                  ? new ClipboardEvent("paste", { ...options, clipboardData: transfer })
                  : new DragEvent("drop", { ...options, dataTransfer: transfer }));
            }
            """,
            new object[] { way, Pixel.Select(one => (int)one).ToArray() }
        );
        await Expect(visit.Field("새 메모"))
            .ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"^!\[바다\]\(/memos/pictures/"));
        await visit.Button("남기기").ClickAsync();
        await Shown(visit, "바다");
    }

    [Fact]
    public async Task What_is_no_picture_is_told_beside_the_box_and_the_text_stays()
    {
        await using var visit = await chromium.Visit(yard.Url);
        await visit.SignUp("정하은", yard.NewEmail);
        await visit.Go("/memos");
        await visit.Field("새 메모").FillAsync("잃지 않을 글");
        await visit
            .Page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "a.png",
                    MimeType = "image/png",
                    Buffer = "<svg/>"u8.ToArray(),
                }
            );
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("PNG, JPEG, WebP, GIF 사진만");
        await Expect(visit.Field("새 메모")).ToHaveValueAsync("잃지 않을 글");
    }

    private static ILocator Box(Visit visit, string name) =>
        visit.Page.GetByRole(AriaRole.Checkbox, new() { Name = name });

    private static async Task Shown(Visit visit, string name)
    {
        var picture = visit.Page.GetByRole(AriaRole.Article).GetByRole(AriaRole.Img, new() { Name = name });
        await Expect(picture).ToBeVisibleAsync();
        await Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 1);
        visit.NobodyComplained();
    }
}
