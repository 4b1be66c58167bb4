using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Madang.Links.Titles;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>The fetcher against a real web server. Its address is none of the internet: the tests say that it is, and of no other.</summary>
public sealed class FetchingTitles : IAsyncLifetime
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
