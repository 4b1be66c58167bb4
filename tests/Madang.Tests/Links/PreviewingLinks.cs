using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class PreviewingLinksOnSqlite(SqliteYard yard) : PreviewingLinks(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class PreviewingLinksOnPostgres(PostgresYard yard) : PreviewingLinks(yard);

public abstract class PreviewingLinks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_where_a_link_leads_its_host_in_both_writings_and_counts_nothing()
    {
        var slug = await Make(new { title = "가을 답사" });

        var (answer, html) = await Preview(slug, HttpStatusCode.OK);

        Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
        Assert.Contains("<h1>가을 답사</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<b>한국.example</b>", html, StringComparison.Ordinal);
        Assert.Contains("xn--3e0b707e.example", html, StringComparison.Ordinal);
        Assert.Contains("https://한국.example/secret-path", html, StringComparison.Ordinal);
        Assert.Contains("<time ", html, StringComparison.Ordinal);
        Assert.Equal((0, 0), await yard.Admin.Total(slug));
    }

    [Fact]
    public async Task Of_a_protected_link_it_shows_when_it_was_made_and_nothing_more()
    {
        var slug = await Make(new { title = "가을 답사", password = "열려라 참깨" });
        var (_, html) = await Preview(slug, HttpStatusCode.OK);
        ShowsNothing(html);
        Assert.Contains("<time ", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_link_that_has_not_begun_or_has_ended_it_shows_nothing()
    {
        var usedUp = await Make(new { title = "가을 답사", max_visits = 1 });
        await yard.Anonymous.Follow(usedUp).Is(HttpStatusCode.PermanentRedirect);
        foreach (
            var slug in new[]
            {
                usedUp,
                await Make(new { title = "가을 답사", starts_at = DateTimeOffset.UtcNow.AddDays(400) }),
                await Make(
                    new
                    {
                        title = "가을 답사",
                        expires_at = DateTimeOffset.UtcNow.AddDays(-400),
                        fallback_url = "https://한국.example/fallback",
                    }
                ),
                await Make(new { title = "가을 답사", archived = true }),
            }
        )
        {
            var (_, html) = await Preview(slug, HttpStatusCode.Gone);
            ShowsNothing(html);
        }
        await Preview("unknown1", HttpStatusCode.NotFound);
        await Preview("admin", HttpStatusCode.NotFound);
    }

    private static void ShowsNothing(string html)
    {
        foreach (var secret in new[] { "한국.example", "xn--", "secret-path", "가을 답사", "fallback" })
        {
            Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
        }
    }

    private async Task<string> Make(object change)
    {
        var made = await yard.Admin.Shorten(new { url = $"https://한국.example/secret-path?{Guid.NewGuid():N}" });
        var slug = made.Text("slug");
        await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", change, Stop).Is(HttpStatusCode.OK);
        return slug;
    }

    private async Task<(HttpResponseMessage, string)> Preview(string slug, HttpStatusCode status)
    {
        var answer = await yard.Anonymous.Follow($"{slug}+", ("Accept", "text/html"), ("Accept-Language", "ko"));
        Assert.Equal(status, answer.StatusCode);
        return (answer, await answer.Content.ReadAsStringAsync(Stop));
    }
}
