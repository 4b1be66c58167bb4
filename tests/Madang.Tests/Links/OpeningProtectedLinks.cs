using System.Net;
using System.Net.Http.Json;
using Madang.Links.Guarding;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class OpeningProtectedLinksOnSqlite(SqliteYard yard)
    : OpeningProtectedLinks(yard),
        IClassFixture<SqliteYard>;

public sealed class OpeningProtectedLinksOnPostgres(PostgresYard yard)
    : OpeningProtectedLinks(yard),
        IClassFixture<PostgresYard>;

public abstract class OpeningProtectedLinks(Yard yard)
{
    private const string Password = "열려라 참깨";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_is_led_on_by_a_get_and_only_that_is_a_visit()
    {
        var slug = await Protected();
        // From the database first, then from memory: neither leads on.
        foreach (var _ in new[] { 1, 2 })
        {
            var asked = await yard.Anonymous.Follow(slug, ("Accept", "text/html"), ("Accept-Language", "ko"));
            Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
            var html = await asked.Content.ReadAsStringAsync(Stop);
            Assert.Contains("<h1>비밀번호가 필요한 링크예요</h1>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("example.com", html, StringComparison.Ordinal);
            Assert.False(asked.Headers.Contains("Set-Cookie"));
        }
        await yard.Anonymous.Send(HttpMethod.Head, $"/{slug}").Is(HttpStatusCode.Unauthorized);
        await Open(slug, "닫혀라 참깨").Is(HttpStatusCode.Unauthorized);
        Assert.Equal((0, 0), await yard.Admin.Total(slug));

        var opened = await Open(slug, Password);

        Assert.Equal(HttpStatusCode.SeeOther, opened.StatusCode);
        Assert.StartsWith("https://example.com/", opened.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("no-store", opened.Headers.CacheControl!.ToString());
        Assert.Equal("no-referrer", opened.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("noindex", opened.Headers.GetValues("X-Robots-Tag").Single());
        var (people, bots) = await yard.Admin.Total(slug);
        Assert.Equal(1, people + bots);
    }

    [Fact]
    public async Task The_query_of_the_visit_goes_through_the_form_where_the_link_hands_it_on()
    {
        var made = await yard.Admin.Shorten(
            new
            {
                url = "https://example.com/?a=1",
                password = Password,
                forward_query = true,
            }
        );
        var slug = made.Text("slug");
        var page = await yard.Anonymous.Follow($"{slug}?b=%22%3E2", ("Accept", "text/html"));
        var html = await page.Content.ReadAsStringAsync(Stop);
        Assert.Contains($"action=\"/{slug}?b=%22%3E2\"", html, StringComparison.Ordinal);
        var opened = await Open($"{slug}?b=%22%3E2", Password);
        Assert.Equal("https://example.com/?a=1&b=%22%3E2", opened.Headers.GetValues("Location").Single());
    }

    [Fact]
    public async Task Being_asked_uses_nothing_up_and_three_left_let_three_of_many_through()
    {
        var slug = await Protected(maxVisits: 3);
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.Unauthorized);
        await Open(slug, "falsch").Is(HttpStatusCode.Unauthorized);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open(slug, Password)));

        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.SeeOther));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Gone));
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.Gone);
        await Open(slug, "falsch").Is(HttpStatusCode.Gone);
        var (people, bots) = await yard.Admin.Total(slug);
        Assert.Equal(3, people + bots);
    }

    [Fact]
    public async Task Programs_are_told_by_a_problem_and_a_wrong_one_by_the_page_too()
    {
        var slug = await Protected();
        var asked = await yard.Anonymous.Follow(slug);
        Assert.Equal("Form", asked.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("This link asks for a password", (await asked.Problem(HttpStatusCode.Unauthorized)).Text("error"));
        var wrong = await (await Open(slug, "falsch")).Problem(HttpStatusCode.Unauthorized);
        Assert.Equal(["password"], wrong.Fields());
        var page = await Open(slug, "falsch", ("Accept", "text/html"), ("Accept-Language", "ko"));
        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        var html = await page.Content.ReadAsStringAsync(Stop);
        Assert.Contains("비밀번호가 맞지 않아요.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("falsch", html, StringComparison.Ordinal);

        await Open(slug, "").IsBad("password");
        await Open(slug, new string('x', 257)).IsBad("password");
        await yard
            .Anonymous.Send(HttpMethod.Post, $"/{slug}", new { password = Password })
            .Is(HttpStatusCode.UnsupportedMediaType);
        await Open(await yard.Admin.Slug(), Password).Is(HttpStatusCode.MethodNotAllowed);
        await Open("unknown1", Password).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_password_is_kept_as_a_hash_and_goes_with_null()
    {
        var slug = await Protected();
        var kept = await yard.Database.Read(
            sql => sql.Single<string>("SELECT password_hash FROM links WHERE slug = @slug", new { slug }),
            Stop
        );
        Assert.DoesNotContain("참깨", kept, StringComparison.Ordinal);
        Assert.Equal(1, Convert.FromBase64String(kept)[0]);
        Assert.True((await Read(slug)).GetProperty("has_password").GetBoolean());

        await Change(slug, new { title = "그대로" }).Is(HttpStatusCode.OK);
        await Open(slug, Password).Is(HttpStatusCode.SeeOther);
        await Change(slug, new { password = "새 비밀번호" }).Is(HttpStatusCode.OK);
        await Open(slug, Password).Is(HttpStatusCode.Unauthorized);
        await Open(slug, "새 비밀번호").Is(HttpStatusCode.SeeOther);
        await Change(slug, new { password = (string?)null }).Is(HttpStatusCode.OK);
        Assert.False((await Read(slug)).GetProperty("has_password").GetBoolean());
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await Change(slug, new { password = "짧" }).IsBad("password");
    }

    [Fact]
    public async Task Who_guesses_too_often_waits_and_no_password_is_looked_at_meanwhile()
    {
        var slug = await Protected();
        var before = yard.Get<LinkPasswords>().Count;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, Guesses.MostOfOne + 15).Select(number => Open(slug, $"guess {number}"))
        );
        Assert.Equal(Guesses.MostOfOne, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(Guesses.MostOfOne, yard.Get<LinkPasswords>().Count - before);
        var waiting = await Open(slug, Password);
        await waiting.Problem(HttpStatusCode.TooManyRequests);
        Assert.InRange(waiting.Headers.RetryAfter!.Delta!.Value.TotalMinutes, 1, 15);
        Assert.Equal(Guesses.MostOfOne, yard.Get<LinkPasswords>().Count - before);
    }

    private async Task<string> Protected(long? maxVisits = null) =>
        (
            await yard.Admin.Shorten(
                new
                {
                    url = $"https://example.com/{Guid.NewGuid():N}",
                    password = Password,
                    max_visits = maxVisits,
                }
            )
        ).Text("slug");

    private Task<HttpResponseMessage> Open(string slug, string password, params (string, string)[] headers) =>
        yard.Anonymous.Send(
            HttpMethod.Post,
            $"/{slug}",
            new FormUrlEncodedContent([KeyValuePair.Create("password", password)]),
            headers
        );

    private Task<HttpResponseMessage> Change(string slug, object change) =>
        yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", change, Stop);

    private async Task<System.Text.Json.JsonElement> Read(string slug) =>
        await (await yard.Admin.Client.GetAsync($"/api/v1/links/{slug}", Stop)).Json(HttpStatusCode.OK);
}

public sealed class GuessingPasswords
{
    private readonly TestClock clock = new();

    [Fact]
    public void Right_ones_are_given_back_and_all_callers_together_are_bounded_for_each_link()
    {
        clock.Stand();
        var guesses = new Guesses(clock);
        for (var number = 0; number < 1_000; number++)
        {
            Assert.Null(guesses.Begin(1, "198.51.100.7/32"));
            guesses.GiveBack(1, "198.51.100.7/32", wasRight: number % 2 == 0);
        }
        for (var number = 0; number < Guesses.MostOfAll; number++)
        {
            Assert.Null(guesses.Begin(1, $"203.0.113.{number}/32"));
        }
        Assert.Equal(Guesses.Window, guesses.Begin(1, "198.51.100.8/32"));
        Assert.Null(guesses.Begin(2, "198.51.100.8/32"));
        clock.Advance(Guesses.Window);
        Assert.Null(guesses.Begin(1, "198.51.100.8/32"));
    }

    [Fact]
    public void The_wait_of_a_link_grows_while_only_wrong_ones_come_and_a_right_one_or_a_day_begins_anew()
    {
        clock.Stand();
        var guesses = new Guesses(clock);
        foreach (var window in new[] { 0.25, 1, 4, 4 }.Select(TimeSpan.FromHours))
        {
            Fill();
            clock.Advance(window - TimeSpan.FromSeconds(1));
            Assert.Equal(TimeSpan.FromSeconds(1), guesses.Begin(1, "198.51.100.8/32"));
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        // Not even when few come at a time, each from elsewhere.
        Assert.Null(guesses.Begin(1, "198.51.100.8/32"));
        clock.Advance(Guesses.Windows[2]);
        Fill();
        Assert.Equal(Guesses.Windows[2], guesses.Begin(1, "198.51.100.8/32"));
        clock.Advance(Guesses.Windows[2]);
        Assert.Null(guesses.Begin(1, "198.51.100.9/32"));
        Assert.Null(guesses.Begin(1, "198.51.100.8/32"));
        guesses.GiveBack(1, "198.51.100.8/32", wasRight: true);
        Fill(but: 1);
        Assert.Equal(Guesses.Window, guesses.Begin(1, "198.51.100.8/32"));
        clock.Advance(Guesses.Window);
        Fill();
        Assert.Equal(Guesses.Window, guesses.Begin(1, "198.51.100.8/32"));
        clock.Advance(Guesses.Window);
        Fill();
        Assert.Equal(Guesses.Windows[1], guesses.Begin(1, "198.51.100.8/32"));
        clock.Advance(Guesses.Windows[1] + Guesses.Memory);
        Fill();
        Assert.Equal(Guesses.Window, guesses.Begin(1, "198.51.100.8/32"));

        void Fill(int but = 0)
        {
            for (var number = but; number < Guesses.MostOfAll; number++)
            {
                Assert.Null(guesses.Begin(1, $"203.0.113.{number}/32"));
            }
        }
    }
}
