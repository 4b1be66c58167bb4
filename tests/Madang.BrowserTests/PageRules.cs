namespace Madang.BrowserTests;

/// <summary>The rules that a browser can check on the page it shows.</summary>
public static class PageRules
{
    /// <summary>
    /// One h1, one main, names and labels, ids used once, no sideways scrolling, and text that stands out from what is behind it
    /// (WCAG 2.2, 1.4.3).
    /// </summary>
    private const string Script = """
        () => {
          const broken = [];
          const all = (selector) => [...document.querySelectorAll(selector)];
          const name = (element) => element.id ? `#${element.id}` : element.outerHTML.slice(0, 80);
          if (all("h1").length !== 1) broken.push(`${all("h1").length} h1`);
          if (all("main").length !== 1) broken.push(`${all("main").length} main`);
          if (!document.title || !document.documentElement.lang) broken.push("no title or lang");
          for (const field of all("input:not([type=hidden]), select, textarea")) {
            if (!field.labels?.length && !field.ariaLabel) broken.push(`${name(field)} has no label`);
          }
          for (const act of all("a[href], button, summary")) {
            if (!act.textContent.trim() && !act.title && !act.ariaLabel) broken.push(`${name(act)} has no name`);
          }
          const ids = all("[id]").map((element) => element.id);
          for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) broken.push(`#${id} stands twice`);
          for (const element of all("[style], [onclick]")) {
            if (!element.id) broken.push(`${name(element)} is styled or scripted inline`);
          }
          if (document.documentElement.scrollWidth > document.documentElement.clientWidth) broken.push("scrolls sideways");

          const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
          const light = (colour) => channels(colour).slice(0, 3)
            .map((value) => value / 255)
            .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
            .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
          const behind = (element) => {
            const colour = getComputedStyle(element).backgroundColor;
            return (channels(colour)[3] ?? 1) > 0 || !element.parentElement ? colour : behind(element.parentElement);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            const element = text.parentElement;
            if (!text.data.trim() || !element.checkVisibility() || ["SCRIPT", "OPTION"].includes(element.tagName)) continue;
            const [front, back] = [light(getComputedStyle(element).color), light(behind(element))];
            const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
            if (ratio < 4.5) broken.push(`${ratio.toFixed(2)}: ${text.data.trim().slice(0, 40)}`);
          }
          return broken;
        }
        """;

    /// <returns>Each broken rule; none when all is well.</returns>
    public static async Task<string[]> Broken(IPage page) => await page.EvaluateAsync<string[]>(Script);

    /// <summary>A yard with a user, more memos than a page holds, and every provider on offer.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        private readonly Yard yard = new()
        {
            Settings =
            [
                "--SignIn:AllowSignUp=true",
                "--environment=Development",
                .. from provider in new[] { "naver", "kakao", "google", "github" }
                from setting in new[] { "ClientId", "ClientSecret" }
                select $"--SignIn:Providers:{provider}:{setting}=of-the-tests",
            ],
        };
        private readonly SemaphoreSlim turn = new(1);
        private readonly Dictionary<(string, bool), Visit> windows = [];
        private Cookie[]? cookies;

        public string Url => yard.Url;

        public ValueTask InitializeAsync() => yard.InitializeAsync();

        /// <returns>The session of the user, who is signed up when somebody first asks.</returns>
        public async Task<Cookie[]> Cookies(Chromium chromium)
        {
            await turn.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                return cookies ??= await Fill(chromium);
            }
            finally
            {
                turn.Release();
            }
        }

        /// <returns>
        /// A window that looks at one page after the other, wide and light at first, for tests that leave nothing behind: to open one
        /// for each page takes longer than the pages.
        /// </returns>
        public async Task<Visit> Window(Chromium chromium, string language, bool isSignedIn)
        {
            if (!windows.TryGetValue((language, isSignedIn), out var visit))
            {
                visit = await chromium.Visit(Url, new() { Language = language });
                windows.Add((language, isSignedIn), visit);
                if (isSignedIn)
                {
                    await visit.Page.Context.AddCookiesAsync(await Cookies(chromium));
                }
            }
            await visit.Renew();
            return visit;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var visit in windows.Values)
            {
                await visit.DisposeAsync();
            }
            turn.Dispose();
            await yard.DisposeAsync();
        }

        private async Task<Cookie[]> Fill(Chromium chromium)
        {
            await using var visit = await chromium.Visit(Url);
            await visit.SignUp("김하늘", yard.NewEmail);
            foreach (var number in Enumerable.Range(1, 24))
            {
                // The newest has everything that Markdown brings.
                var markdown =
                    "\n\n# 준비\n- [ ] 버스\n- [x] 숙소\n\n> `인용`\n\n```\nmadang serve\n```\n\na | b\n--|--:\n1 | **2**\n\n";
                var answer = await visit.Page.Context.APIRequest.PostAsync(
                    "/api/v1/memos",
                    new()
                    {
                        DataObject = new
                        {
                            text = $"답사 {number}일째 회의록: 새 책장은 창가 쪽으로. 대출 기간은 2주, 연장은 두 번까지. Bus at 9, https://example.com/a/rather/long/address/without/any/space/in/it/{number} {(number == 24 ? markdown : "")}#회의 #답사/가을",
                            visibility = number % 5 == 0 ? "team" : "private",
                        },
                        Headers = new Dictionary<string, string> { ["Origin"] = Url },
                    }
                );
                Assert.Equal(201, answer.Status);
            }
            await FillLinks(visit);
            await FilledImports.Fill(visit, Url);
            var found = await visit.Page.Context.CookiesAsync();
            return
            [
                .. found.Select(cookie => new Cookie
                {
                    Name = cookie.Name,
                    Value = cookie.Value,
                    Url = Url,
                }),
            ];
        }

        /// <summary>More than a page holds, some of every kind.</summary>
        private async Task FillLinks(Visit visit)
        {
            var request = visit.Page.Context.APIRequest;
            async Task Make(object link)
            {
                var headers = new Dictionary<string, string> { ["Origin"] = Url };
                var answer = await request.PostAsync("/api/v1/links", new() { DataObject = link, Headers = headers });
                Assert.Equal(201, answer.Status);
            }
            foreach (var number in Enumerable.Range(1, 13))
            {
                await Make(
                    new
                    {
                        url = $"https://example.com/a/rather/long/address/without/any/space/in/it/{number}?of=답사",
                        title = number % 3 == 0 ? null : $"가을 답사 {number}일째 안내문과 버스 시간표",
                        tags = new[] { "회의", "답사" },
                        visibility = number % 2 == 0 ? "team" : "private",
                    }
                );
            }
            await Make(
                new
                {
                    url = "https://example.com/locked",
                    slug = "locked",
                    password = Visit.Password,
                    max_visits = 30,
                    notes = "누구에게 알려 주었는지",
                    fallback_url = "https://example.com/after",
                }
            );
            await Make(
                new
                {
                    url = "https://example.com/over",
                    slug = "over",
                    expires_at = "2026-01-01T00:00:00Z",
                }
            );
            await Make(
                new
                {
                    url = "https://한국.example/가을",
                    slug = "autumn",
                    title = "가을 안내",
                }
            );
            foreach (var _ in Enumerable.Range(0, 3))
            {
                await request.GetAsync("/autumn", new() { MaxRedirects = 0 });
            }
        }

        /// <summary>One that is only tried, and one that is done, each with something of every kind.</summary>
    }
}
