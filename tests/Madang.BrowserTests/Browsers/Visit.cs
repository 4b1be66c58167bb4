using System.Collections.Concurrent;

namespace Madang.BrowserTests.Browsers;

/// <summary>Somebody before a browser. What the browser complains about on the way is kept.</summary>
public sealed class Visit : IAsyncDisposable
{
    public const string Password = "마당에서 만나요 1";

    private readonly ConcurrentQueue<string> complaints = [];

    internal Visit(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            // A page that says 400 or 404 is an answer; what it loads must be there.
            var isAnswer =
                message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                && message.Location.StartsWith(page.Url, StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !isAnswer)
            {
                complaints.Enqueue($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => complaints.Enqueue($"{page.Url}: {error}");
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, broken rules of the Content-Security-Policy among them.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public ILocator Notice => Page.GetByRole(AriaRole.Status);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Field(string label) => Page.GetByLabel(label, new() { Exact = true });

    public ILocator Memo(string text) => Page.GetByRole(AriaRole.Article).Filter(new() { HasText = text });

    public Task<IResponse?> Go(string path) => Page.GotoAsync(path);

    /// <summary>Presses a key once the page's scripts have run.</summary>
    public async Task Press(string key)
    {
        await Page.WaitForLoadStateAsync();
        await Page.Keyboard.PressAsync(key);
    }

    /// <summary>Signs up by the page, in Korean.</summary>
    public async Task SignUp(string username, string email)
    {
        await Go("/sign-up");
        await SignUpHere(username, email);
    }

    /// <summary>Fills in the sign-up page that is open and sends it.</summary>
    public async Task SignUpHere(string username, string email)
    {
        await Field("이름").FillAsync(username);
        await Field("이메일").FillAsync(email);
        await Field("비밀번호").FillAsync(Password);
        await Button("가입하기").ClickAsync();
        await Expect(Heading).ToHaveTextAsync($"{username} 님, 안녕하세요");
    }

    /// <summary>Fills in the sign-in page that is open and sends it.</summary>
    public async Task SignIn(string email, string password)
    {
        await Field("이메일").FillAsync(email);
        await Field("비밀번호").FillAsync(password);
        await Button("로그인").ClickAsync();
    }

    public async Task Write(string text)
    {
        await Field("새 메모").FillAsync(text);
        await Button("남기기").ClickAsync();
        await Expect(Field("새 메모")).ToHaveValueAsync("");
    }

    /// <summary>Makes the window as it was opened; what it complained about before is forgotten.</summary>
    public async Task Renew()
    {
        await Page.SetViewportSizeAsync(Chromium.Wide.Width, Chromium.Wide.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        complaints.Clear();
    }

    public void NobodyComplained() => Assert.Empty(complaints);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
