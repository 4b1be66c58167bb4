namespace Madang.BrowserTests;

public static partial class PageRules
{
    /// <summary>A yard with a user, more memos than a page holds, and every provider on offer.</summary>
    public sealed partial class Filled : IAsyncLifetime
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
            await FillLibrary(visit);
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
    }
}
