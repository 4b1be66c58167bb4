using Madang.BrowserTests.Lighthouse;

namespace Madang.BrowserTests;

/// <summary>
/// Google's judge of pages finds nothing to better in accessibility and best practices, on a phone and on a desktop. Its view of their
/// performance depends on the machine's load, so the bench asks for that.
/// </summary>
public sealed class PleasingLighthouse(Chromium chromium, PageRules.Filled filled) : IClassFixture<PageRules.Filled>
{
    [Fact]
    public async Task The_main_pages_have_full_marks_in_accessibility_and_best_practices()
    {
        Assert.SkipWhen(LighthouseVerdict.Missing is not null, LighthouseVerdict.Missing ?? "");
        var cookies = await filled.Cookies(chromium);
        var verdicts = await LighthouseVerdict.Of(
            filled.Url,
            string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")),
            ["accessibility", "best-practices"],
            ["out:/sign-in", "/", "/memos", "/links", "/links/autumn", "/settings"],
            TestContext.Current.CancellationToken
        );
        Assert.Equal(12, verdicts.Count);
        Assert.All(
            verdicts,
            verdict =>
            {
                Assert.Equal(2, verdict.Scores.Count);
                Assert.True(
                    verdict.Scores.Values.All(score => score == 100),
                    $"{verdict.Page} on a {verdict.Form}: {string.Join("; ", verdict.Faults)}"
                );
            }
        );
    }
}
