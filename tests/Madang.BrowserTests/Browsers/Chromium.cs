namespace Madang.BrowserTests.Browsers;

/// <summary>The browser that this machine has, started once for all tests. Without one they are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A camera that shows a moving disc, on machines that have none too; pages still have to be allowed to use it.
        "--use-fake-device-for-media-stream",
    ];

    internal static readonly ViewportSize Wide = new() { Width = 1320, Height = 900 };

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } path)
        {
            // Far above what a page takes, so that a busy machine fails no test.
            SetDefaultExpectTimeout(30_000);
            playwright = await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments });
        }
    }

    /// <summary>Opens a window of its own, with no cookies, at <paramref name="url"/>.</summary>
    public async Task<Visit> Visit(string url, Look? look = null)
    {
        Assert.SkipWhen(
            browser is null,
            "No Chromium here: install it (Debian and Ubuntu: apt-get install chromium) and run the tests again."
        );
        look ??= new Look();
        var context = await browser!.NewContextAsync(
            new()
            {
                BaseURL = url,
                JavaScriptEnabled = look.HasScript,
                Locale = look.Language,
                ColorScheme = ColorScheme.Light,
                ViewportSize = Wide,
                // A transition that the next step cuts short is reported as an error of the page.
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        return new Visit(await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }
        playwright?.Dispose();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}

/// <summary>What a browser is like.</summary>
public sealed record Look
{
    public bool HasScript { get; init; } = true;

    /// <summary>What it asks for in <c>Accept-Language</c>.</summary>
    public string Language { get; init; } = "ko-KR";
}
