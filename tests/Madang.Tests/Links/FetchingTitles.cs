using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Madang.Links.Titles;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class TitlesYard : SqliteYard
{
    protected override string[] Settings =>
        ["--SignIn:AllowSignUp=true", "--RateLimits:Enabled=false", "--Links:FetchTitles=true"];
}

/// <summary>The fetcher against a real web server. Its address is none of the internet: the tests say that it is, and of no other.</summary>
public sealed class FetchingTitles(TitlesYard yard) : IClassFixture<TitlesYard>, IAsyncLifetime
{
    private static readonly IPAddress Here = IPAddress.Parse("127.0.0.1");

    private readonly PagesWithTitles web = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Port => web.Port;

    private ConcurrentQueue<string> Asked => web.Asked;

    private Reach OnlyHere => new((_, _) => Task.FromResult<IPAddress[]>([Here]), Here.Equals, port => port == Port);

    public ValueTask InitializeAsync() => web.Start(Stop);

    public ValueTask DisposeAsync() => web.DisposeAsync();

    [Theory]
    [InlineData("/plain", "가을 답사 & 지도")]
    [InlineData("/og", "og 제목")]
    [InlineData("/header-euc-kr", "한글 똠방각하")]
    [InlineData("/meta-cp949", "한글 똠방각하")]
    [InlineData("/redirect/5", "가을 답사 & 지도")]
    [InlineData("/redirect/6", null)]
    [InlineData("/gzip", "압축된 제목")]
    [InlineData("/json", null)]
    [InlineData("/missing", null)]
    [InlineData("/nothing", null)]
    [InlineData("/hidden", "진짜")]
    [InlineData("/to-nowhere", null)]
    [InlineData("/odd-charset", "이상한 이름")]
    public async Task The_title_of_a_page_is_read_as_its_charset_says(string path, string? title) =>
        Assert.Equal(title, await Read(path, OnlyHere));

    [Fact]
    public async Task Nothing_inside_is_asked_by_its_address_its_name_or_another_port()
    {
        var asWeAre = Reach.Public with { MayUse = _ => true };
        foreach (
            var host in new[]
            {
                "127.0.0.1",
                "localhost",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "0.0.0.0",
                "0x7f.1",
                "2130706433",
            }
        )
        {
            using var fetcher = new TitleFetcher(TimeProvider.System) { Reach = asWeAre };
            Assert.Null(await fetcher.Read($"http://{host}:{Port}/plain", Stop));
        }
        // One public address beside one that is not: the whole name is refused.
        var both = OnlyHere with
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([Here, IPAddress.Loopback.MapToIPv6()]),
        };
        Assert.Null(await Read("/plain", both));
        using var usual = new TitleFetcher(TimeProvider.System);
        Assert.Null(await usual.Read($"http://127.0.0.1:{Port}/plain", Stop));
        Assert.Empty(Asked);
    }

    [Fact]
    public async Task The_address_that_was_looked_at_is_dialled_whatever_the_DNS_says_next()
    {
        using var inside = new TcpListener(IPAddress.Parse("127.0.0.2"), Port);
        inside.Start();
        var answers = 0;
        var changing = OnlyHere with
        {
            Resolve = (_, _) =>
                Task.FromResult<IPAddress[]>([
                    Interlocked.Increment(ref answers) == 1 ? Here : IPAddress.Parse("127.0.0.2"),
                ]),
        };
        // This name leads to 127.0.0.1 on every machine: who dialled by the name would come there, not where the first answer said.
        var name = new Reach(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2")]),
            IPAddress.Parse("127.0.0.2").Equals,
            _ => true
        );
        var accepted = inside.AcceptTcpClientAsync(Stop).AsTask();
        using (var fetcher = new TitleFetcher(TimeProvider.System) { Reach = name })
        {
            var reading = fetcher.Read($"http://localhost:{Port}/plain", Stop);
            await Task.WhenAny(accepted, reading);
            Assert.True(accepted.IsCompletedSuccessfully, "Another address was dialled.");
            (await accepted).Dispose();
            Assert.Null(await reading);
        }
        Assert.Empty(Asked);

        Assert.NotNull(await Read("/plain", changing));
        // The second answer would be looked at anew, and refused.
        Assert.Null(await Read("/plain", changing));
        Assert.Equal(["/plain"], Asked);
    }

    [Fact]
    public async Task A_redirect_to_the_inside_is_looked_at_anew_and_refused()
    {
        var reach = OnlyHere with
        {
            Resolve = (host, _) =>
                Task.FromResult<IPAddress[]>([
                    host == "public.example" ? Here : IPAddress.Parse("127.0.0.1").MapToIPv6(),
                ]),
        };
        Assert.Null(await Read("/to-inside", reach));
        Assert.Null(await Read("/to-other-port", reach));
        Assert.Null(await Read("/to-file", reach));
        Assert.Equal(["/to-inside", "/to-other-port", "/to-file"], Asked);
    }

    [Fact]
    public async Task A_bomb_is_read_to_256_KB_and_no_further()
    {
        Assert.Null(await Read("/bomb", OnlyHere));
        Assert.Equal("앞", await Read("/bomb-after-title", OnlyHere));
    }

    [Fact]
    public async Task A_page_that_drips_is_left_after_five_seconds_in_all()
    {
        var clock = new SteppedClock();
        using var fetcher = new TitleFetcher(clock) { Reach = OnlyHere };
        var reading = fetcher.Read($"http://public.example:{Port}/drip", Stop);
        await Probe.Until(() => Task.FromResult(Asked.Contains("/drip")), TimeSpan.FromSeconds(10));
        Assert.False(reading.IsCompleted);
        clock.Fire(TitleFetcher.Limit);
        Assert.Null(await reading.WaitAsync(TimeSpan.FromSeconds(10), Stop));
    }

    [Fact]
    public async Task A_link_gets_its_title_later_and_one_that_was_given_stays()
    {
        var fetcher = yard.Get<TitleFetcher>();
        fetcher.Reach = OnlyHere;
        var url = $"http://public.example:{Port}/plain?{Guid.NewGuid():N}";
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

    private async Task<string?> Read(string path, Reach reach)
    {
        using var fetcher = new TitleFetcher(TimeProvider.System) { Reach = reach };
        return await fetcher.Read($"http://public.example:{Port}{path}", Stop);
    }

    /// <summary>A clock whose timers come due when the test says so.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private readonly ConcurrentBag<(TimerCallback Run, object? State, TimeSpan Due)> timers = [];

        public void Fire(TimeSpan due)
        {
            foreach (var timer in timers.Where(timer => timer.Due == due))
            {
                timer.Run(timer.State);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            timers.Add((callback, state, dueTime));
            return TimeProvider.System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
