using System.Net;
using System.Net.Http.Json;
using Madang.Links.Titles;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class TitlesYard : SqliteYard
{
    protected override string[] Settings =>
        ["--SignIn:AllowSignUp=true", "--RateLimits:Enabled=false", "--Links:FetchTitles=true"];
}

/// <summary>Links and the names of the pages that they lead to.</summary>
public sealed class KeepingTitles(TitlesYard yard) : IClassFixture<TitlesYard>, IAsyncLifetime
{
    private readonly PagesWithTitles web = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Reach Here =>
        new(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            IPAddress.Loopback.Equals,
            port => port == web.Port
        );

    public ValueTask InitializeAsync() => web.Start(Stop);

    public ValueTask DisposeAsync() => web.DisposeAsync();

    [Fact]
    public async Task A_link_gets_its_title_later_and_one_that_was_given_stays()
    {
        var fetcher = yard.Get<TitleFetcher>();
        fetcher.Reach = Here;
        var url = $"http://public.example:{web.Port}/plain?{Guid.NewGuid():N}";
        var slug = (await yard.Admin.Shorten(new { url, tags = new[] { "가을" } })).Text("slug");
        var given = (await yard.Admin.Shorten(new { url, title = "내 제목" })).Text("slug");
        var without = (await yard.Admin.ImportLinks($"{url}&imported", "from=csv"))
            .GetProperty("lines")[0]
            .Text("slug");

        await Probe.Until(
            async () => (await yard.Admin.Link(slug)).Text("title") == "가을 답사 & 지도",
            TimeSpan.FromSeconds(10)
        );
        Assert.Contains(slug, await yard.Admin.Slugs("q=지도&tag=가을"));
        Assert.Equal("내 제목", (await yard.Admin.Link(given)).Text("title"));
        Assert.Null((await yard.Admin.Link(without)).Text("title"));

        var link = new Untitled(
            (
                await yard.Database.Read(
                    sql => sql.Single<long>("SELECT id FROM links WHERE slug = @given", new { given }),
                    Stop
                )
            ),
            url
        );
        Assert.False(await yard.Get<TitleStore>().Set(link, "다른 제목", Stop));
        Assert.Equal("내 제목", (await yard.Admin.Link(given)).Text("title"));
    }

    [Fact]
    public async Task A_fetched_title_goes_when_the_link_leads_elsewhere_and_a_given_one_stays()
    {
        yard.Get<TitleFetcher>().Reach = Here;
        string At(string page) => $"http://public.example:{web.Port}{page}?{Guid.NewGuid():N}";
        async Task Leads(string slug, object change)
        {
            using var answer = await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", change, Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        async Task HasTitle(string slug, string? title) =>
            await Probe.Until(
                async () => (await yard.Admin.Link(slug)).Text("title") == title,
                TimeSpan.FromSeconds(10)
            );
        var fetched = (await yard.Admin.Shorten(new { url = At("/plain") })).Text("slug");
        var given = (await yard.Admin.Shorten(new { url = At("/plain"), title = "내 제목" })).Text("slug");
        await HasTitle(fetched, "가을 답사 & 지도");

        await Leads(fetched, new { notes = "버스" });
        Assert.Equal("가을 답사 & 지도", (await yard.Admin.Link(fetched)).Text("title"));
        // A form sends the title that it was shown.
        await Leads(fetched, new { url = At("/og"), title = "가을 답사 & 지도" });
        await HasTitle(fetched, "og 제목");
        await Leads(fetched, new { url = At("/json") });
        Assert.Null((await yard.Admin.Link(fetched)).Text("title"));
        await Leads(fetched, new { url = At("/plain") });
        await HasTitle(fetched, "가을 답사 & 지도");
        var asked = web.Asked.Count;
        await Leads(fetched, new { url = At("/og"), title = (string?)null });
        Assert.Null((await yard.Admin.Link(fetched)).Text("title"));

        await Leads(given, new { url = At("/og") });
        Assert.Equal("내 제목", (await yard.Admin.Link(given)).Text("title"));
        await Leads(given, new { url = At("/plain"), title = "다른 제목" });
        Assert.Equal("다른 제목", (await yard.Admin.Link(given)).Text("title"));
        Assert.Equal(asked, web.Asked.Count);
    }

    [Fact]
    public async Task What_waited_at_a_stop_is_known_at_the_next_start_and_what_was_touched_is_not()
    {
        yard.Get<TitleFetcher>().Reach = Reach.Public with { MayDial = _ => false };
        var waiting = (await yard.Admin.Shorten(new { url = "https://example.com/1", notes = "기다림" })).Text("slug");
        var touched = (await yard.Admin.Shorten(new { url = "https://example.com/2", notes = "만짐" })).Text("slug");
        await yard.Admin.Client.PatchAsJsonAsync(
            $"/api/v1/links/{touched}",
            new { title = (string?)null, notes = "" },
            Stop
        );
        await yard.Admin.ImportLinks("https://example.com/3", "from=csv");

        var urls = (await yard.Get<TitleStore>().Wanting(Stop)).ConvertAll(link => link.Url);
        Assert.Contains("https://example.com/1", urls);
        Assert.DoesNotContain("https://example.com/2", urls);
        Assert.DoesNotContain("https://example.com/3", urls);
        Assert.NotEqual(waiting, touched);
    }
}
