using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class FollowingLinksOnSqlite(SqliteYard yard) : FollowingLinks(yard), IClassFixture<SqliteYard>
{
    [Fact]
    public async Task A_link_that_is_used_up_says_so_while_nobody_can_write()
    {
        var slug = await Yard.Admin.Slug(maxVisits: 1);
        await Yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await using var writer = await HeldWriter.Of(Yard.Database);
        await Yard.Anonymous.Follow(slug).Is(HttpStatusCode.Gone);
    }
}

public sealed class FollowingLinksOnPostgres(PostgresYard yard) : FollowingLinks(yard), IClassFixture<PostgresYard>;

public abstract class FollowingLinks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected Yard Yard => yard;

    [Fact]
    public async Task A_link_leads_on_with_its_status_and_the_headers_of_the_contract()
    {
        foreach (var status in new[] { 301, 302, 307, 308 })
        {
            var slug = (
                await yard.Admin.Shorten(new { url = "https://example.com/가을?q=봄#끝", redirect_status = status })
            ).Text("slug");
            // From the database first, then from memory: both answer the same.
            foreach (var _ in new[] { 1, 2 })
            {
                var answer = await yard.Anonymous.Follow(slug);
                Assert.Equal(status, (int)answer.StatusCode);
                Assert.Equal(
                    "https://example.com/%EA%B0%80%EC%9D%84?q=%EB%B4%84#%EB%81%9D",
                    answer.Headers.GetValues("Location").Single()
                );
                Assert.Equal(
                    "private, max-age=0",
                    string.Join(", ", answer.Headers.CacheControl!.ToString().Split(", ").Reverse())
                );
                Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
                Assert.Equal("strict-origin-when-cross-origin", answer.Headers.GetValues("Referrer-Policy").Single());
            }
        }
    }

    [Fact]
    public async Task An_unknown_slug_is_a_problem_to_programs_and_a_page_to_browsers()
    {
        var problem = await (await yard.Anonymous.Follow("unknown1")).Problem(HttpStatusCode.NotFound);
        Assert.Equal("URL not found", problem.Text("error"));

        var page = await yard.Anonymous.Follow("unknown1", ("Accept", "text/html"), ("Accept-Language", "ko"));
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        var html = await page.Content.ReadAsStringAsync(Stop);
        Assert.Contains("<h1>주소를 찾을 수 없어요</h1>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_begun_is_over_or_is_put_away_is_gone()
    {
        var now = DateTimeOffset.UtcNow;
        foreach (
            var (change, sentences) in new (object, string[])[]
            {
                (new { starts_at = now.AddDays(400) }, ["This link isn’t open yet", "Please come back then."]),
                (new { expires_at = now.AddDays(-400) }, ["This link is closed", "It no longer leads anywhere."]),
                (new { archived = true }, ["This link is closed", "It no longer leads anywhere."]),
            }
        )
        {
            var slug = await yard.Admin.Slug();
            await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
            await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", change, Stop).Is(HttpStatusCode.OK);

            await (await yard.Anonymous.Follow(slug)).Problem(HttpStatusCode.Gone);
            var page = await yard.Anonymous.Follow(slug, ("Accept", "text/html"), ("Accept-Language", "en"));
            Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
            var html = await page.Content.ReadAsStringAsync(Stop);
            Assert.All(sentences, sentence => Assert.Contains(sentence, html, StringComparison.Ordinal));
            Assert.Equal((1, 0), Sum(await yard.Admin.Total(slug)));
        }
    }

    [Fact]
    public async Task A_change_is_followed_at_once_by_the_process_that_took_it()
    {
        var slug = await yard.Admin.Slug();
        for (var number = 0; number < 20; number++)
        {
            await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
            var url = $"https://example.com/moved/{number}";
            await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", new { url }, Stop).Is(HttpStatusCode.OK);
            Assert.Equal(url, (await yard.Anonymous.Follow(slug)).Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task HEAD_answers_alike_and_counts_and_uses_nothing()
    {
        var slug = await yard.Admin.Slug(maxVisits: 1);
        var plain = await yard.Admin.Slug();
        for (var time = 0; time < 3; time++)
        {
            await yard.Anonymous.Send(HttpMethod.Head, $"/{slug}").Is(HttpStatusCode.PermanentRedirect);
            await yard.Anonymous.Send(HttpMethod.Head, $"/{plain}").Is(HttpStatusCode.PermanentRedirect);
        }
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.Gone);
        await yard.Anonymous.Send(HttpMethod.Head, $"/{slug}").Is(HttpStatusCode.Gone);

        Assert.Equal((1, 0), Sum(await yard.Admin.Total(slug)));
        Assert.Equal((0, 0), Sum(await yard.Admin.Total(plain)));
    }

    [Fact]
    public async Task Twenty_four_visits_at_once_to_a_link_with_three_left_let_three_pass()
    {
        var slug = await yard.Admin.Slug(maxVisits: 5);
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => yard.Anonymous.Follow(slug)));

        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.PermanentRedirect));
        Assert.Equal(21, answers.Count(answer => answer.StatusCode == HttpStatusCode.Gone));
        Assert.Equal((5, 0), Sum(await yard.Admin.Total(slug)));
    }

    [Fact]
    public async Task A_query_is_handed_on_where_the_link_says_so()
    {
        var slug = (await yard.Admin.Shorten(new { url = "https://example.com/?a=1#end", forward_query = true })).Text(
            "slug"
        );
        var kept = await yard.Admin.Slug();

        var answer = await yard.Anonymous.Follow($"{slug}?b=%ED%95%9C&c");
        Assert.Equal("https://example.com/?a=1&b=%ED%95%9C&c#end", answer.Headers.GetValues("Location").Single());
        var other = await yard.Anonymous.Follow($"{kept}?b=2");
        Assert.DoesNotContain("b=2", other.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    private static (long, long) Sum((long People, long Bots) total) => (total.People + total.Bots, 0);
}
