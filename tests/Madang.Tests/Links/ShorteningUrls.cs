using System.Net;
using System.Net.Http.Json;
using Madang.Links;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Routing;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class ShorteningUrlsOnSqlite(SqliteYard yard) : ShorteningUrls(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ShorteningUrlsOnPostgres(PostgresYard yard) : ShorteningUrls(yard);

public abstract class ShorteningUrls(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_is_shortened_once_for_each_owner()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var url = $"https://example.com/{Guid.NewGuid():N}?q=가을#끝";

        var first = await (await Post(me, url)).Json(HttpStatusCode.Created);
        var again = await (await Post(me, url)).Json(HttpStatusCode.OK);
        var others = await (await Post(other, url)).Json(HttpStatusCode.Created);

        Assert.Equal(url, first.Text("original_url"));
        Assert.Matches("^[2-9A-HJ-NP-Za-hjkmnp-z]{7}$", first.Text("short_slug"));
        Assert.Equal($"{yard.Url}/{first.Text("short_slug")}", first.Text("short_url"));
        Assert.Equal(first.Text("short_slug"), again.Text("short_slug"));
        Assert.NotEqual(first.Text("short_slug"), others.Text("short_slug"));
        var api = await me.Client.PostAsJsonAsync("/api/v1/links", new { url }, Stop);
        Assert.Equal(first.Text("short_slug"), (await api.Json(HttpStatusCode.OK)).Text("slug"));
    }

    [Fact]
    public async Task The_same_address_again_is_no_link_that_does_more_than_lead_there()
    {
        var me = await yard.SignUp();
        var url = $"https://example.com/{Guid.NewGuid():N}";
        await me.Shorten(new { url, visibility = "team" });
        await me.Shorten(new { url, redirect_status = 302 });
        await me.Shorten(new { url, forward_query = true });
        await me.Shorten(new { url, fallback_url = "https://example.com/after" });

        var plain = await (await Post(me, url)).Json(HttpStatusCode.Created);
        var again = await (await Post(me, url)).Json(HttpStatusCode.OK);
        Assert.Equal(plain.Text("short_slug"), again.Text("short_slug"));
    }

    [Fact]
    public async Task One_address_sent_by_eight_at_once_is_one_link()
    {
        var me = await yard.SignUp();
        var url = $"https://example.com/{Guid.NewGuid():N}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Post(me, url)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single(await me.Slugs($"q={url}"));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("ftp://example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http:///path")]
    [InlineData("https://user@example.com/")]
    [InlineData("https://example.com\\@evil.example/")]
    [InlineData("https://example.com/a b")]
    [InlineData("https://example.com/\r\nSet-Cookie: a=b")]
    [InlineData("https://example.com/\u202Efdp.exe")]
    [InlineData("https://exa%6Dple.com/")]
    [InlineData("")]
    [InlineData(null)]
    public async Task What_is_no_web_address_is_refused_in_the_words_of_the_contract(string? url)
    {
        var problem = await (await Post(yard.Admin, url)).Problem(HttpStatusCode.BadRequest);

        Assert.Equal("Invalid URL format", problem.Text("error"));
        Assert.Equal(["url"], problem.Fields());
    }

    [Fact]
    public async Task A_link_to_the_short_links_themselves_is_refused()
    {
        foreach (var url in new[] { $"{yard.Url}/abc", yard.Url.ToUpperInvariant().Replace("HTTP", "http") })
        {
            await yard.Admin.Client.PostAsJsonAsync("/api/v1/links", new { url }, Stop).IsBad("url");
        }
    }

    [Fact]
    public async Task Nobody_shortens_without_an_account() =>
        await yard
            .Anonymous.PostAsJsonAsync("/", new { url = "https://example.com/" }, Stop)
            .Is(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task Sixteen_who_take_one_slug_at_once_are_one_owner_and_fifteen_conflicts()
    {
        var slug = $"race-{Guid.NewGuid():N}";
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(number =>
                    yard.Admin.Client.PostAsJsonAsync(
                        "/api/v1/links",
                        new { url = $"https://example.com/{number}", slug },
                        Stop
                    )
                )
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Slugs_that_differ_in_case_are_two_links()
    {
        var tail = $"{Guid.NewGuid():N}"[..8];
        await yard.Admin.Shorten(new { url = "https://example.com/1", slug = $"Case-{tail}" });
        await yard.Admin.Shorten(new { url = "https://example.com/2", slug = $"case-{tail}" });

        var upper = await yard.Anonymous.Follow($"Case-{tail}");
        var lower = await yard.Anonymous.Follow($"case-{tail}");
        Assert.Equal("https://example.com/1", upper.Headers.Location!.ToString());
        Assert.Equal("https://example.com/2", lower.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_deleted_slug_is_never_given_again()
    {
        var slug = await yard.Admin.Slug();
        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        await yard.Admin.Client.DeleteAsync($"/api/v1/links/{slug}", Stop).Is(HttpStatusCode.NoContent);

        await yard.Anonymous.Follow(slug).Is(HttpStatusCode.NotFound);
        await yard.Admin.Client.GetAsync($"/api/v1/links/{slug}", Stop).Is(HttpStatusCode.NotFound);
        await Take(slug).Is(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Every_path_of_the_house_is_reserved_in_any_case()
    {
        var firsts = ((IEndpointRouteBuilder)yard.Server.App)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(route => route.RoutePattern.RawText!.Trim('/').Split('/')[0])
            .Where(first => Madang.Links.Slug.IsWellFormed(first))
            .Distinct()
            .ToList();

        Assert.True(firsts.Count > 15);
        Assert.All(firsts, first => Assert.True(yard.Get<ReservedWords>().Has(first), first));
        await Take("Memos").Is(HttpStatusCode.Conflict);
        await Take("SIGN-IN").Is(HttpStatusCode.Conflict);
        await Take("books").Is(HttpStatusCode.Conflict);
        foreach (var bad in new[] { "", "a b", "가을", "a.b", new string('a', 65) })
        {
            await Take(bad).IsBad("slug");
        }
    }

    [Fact]
    public async Task A_retry_with_its_key_makes_no_second_link()
    {
        var slug = $"once-{Guid.NewGuid():N}";
        var body = new { url = "https://example.com/once", slug };
        var key = ("Idempotency-Key", slug);
        var first = await yard.Admin.Client.Send(HttpMethod.Post, "/api/v1/links", body, key);
        var again = await yard.Admin.Client.Send(HttpMethod.Post, "/api/v1/links", body, key);
        var other = await yard.Admin.Client.Send(
            HttpMethod.Post,
            "/api/v1/links",
            new { url = "https://a.example" },
            key
        );

        Assert.Equal(await first.Content.ReadAsStringAsync(Stop), await again.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    private Task<HttpResponseMessage> Take(string slug) =>
        yard.Admin.Client.PostAsJsonAsync("/api/v1/links", new { url = "https://example.com/", slug }, Stop);

    private static Task<HttpResponseMessage> Post(Person person, string? url) =>
        person.Client.PostAsJsonAsync("/", new { url }, Stop);
}
