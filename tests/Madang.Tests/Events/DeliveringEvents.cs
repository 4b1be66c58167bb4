using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Tests.Yards;

namespace Madang.Tests.Events;

public sealed class DeliveringEventsOnSqlite(BareSqlite bare) : DeliveringEvents(bare), IClassFixture<BareSqlite>;

public sealed class DeliveringEventsOnPostgres(BarePostgres bare) : DeliveringEvents(bare), IClassFixture<BarePostgres>;

/// <summary>Handlers that fail, are slow, or are told to stop.</summary>
public abstract class DeliveringEvents(Bare bare) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await bare.Build();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_handler_that_fails_is_tried_again_ever_later_and_parked_after_ten_tries()
    {
        var calls = 0;
        await using var post = new Post(
            bare,
            new Listener("failing", (_, _) => throw new InvalidOperationException($"Broken {++calls}"))
        );
        // Else the next try comes by itself on a slow machine, before this one was looked at.
        bare.Clock.Stand();
        await post.Start();
        var from = bare.Clock.Now();
        await post.Happen();

        for (var tries = 1; tries < 10; tries++)
        {
            await Probe.Until(async () => (await post.Of("failing")).Error == $"Broken {tries}");
            var delivery = await post.Of("failing");
            var wait = TimeSpan.FromSeconds(Math.Pow(2, tries));
            Assert.Equal("waiting", delivery.State);
            Assert.InRange(delivery.NextAt, from + wait, bare.Clock.Now() + wait);
            from = bare.Clock.Now();
            post.Advance(wait);
        }
        await Probe.Until(async () => (await post.Of("failing")).State == "parked");
        Assert.Equal((10, "Broken 10"), ((await post.Of("failing")).Tries, (await post.Of("failing")).Error));
        Assert.Empty(await Claim("failing", TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task A_slow_handler_holds_up_nobody_but_itself()
    {
        var end = new TaskCompletionSource();
        var (begun, quick) = (0, 0);
        await using var post = new Post(
            bare,
            new Listener(
                "slow",
                (_, _) =>
                {
                    Interlocked.Increment(ref begun);
                    return end.Task;
                }
            ),
            new Listener(
                "quick",
                (_, _) =>
                {
                    Interlocked.Increment(ref quick);
                    return Task.CompletedTask;
                }
            )
        );
        await post.Start();
        for (var i = 0; i < 60; i++)
        {
            await post.Happen();
        }

        await Probe.Until(() => quick == 60);
        Assert.InRange(begun, 1, 8);
        end.SetResult();
        await Probe.Until(() => begun == 60);
    }

    [Fact]
    public async Task A_handler_that_takes_too_long_is_stopped_and_tried_again()
    {
        await using var post = new Post(
            bare,
            TimeSpan.FromMilliseconds(50),
            new Listener("endless", (_, stop) => Task.Delay(Timeout.Infinite, stop))
        );
        await post.Start();
        await post.Happen();

        await Probe.Until(async () => (await post.Of("endless")).Error is not null);
        Assert.StartsWith("It took longer than", (await post.Of("endless")).Error, StringComparison.Ordinal);
        Assert.Equal("waiting", (await post.Of("endless")).State);
    }

    [Fact]
    public async Task A_server_that_stops_lets_handlers_end_and_takes_nothing_more()
    {
        var end = new TaskCompletionSource();
        var hasBegun = false;
        var wasStopped = false;
        await using var post = new Post(
            bare,
            new Listener(
                "held",
                async (_, stop) =>
                {
                    hasBegun = true;
                    await end.Task;
                    wasStopped = stop.IsCancellationRequested;
                }
            )
        );
        await post.Start();
        await post.Happen();
        await Probe.Until(() => hasBegun);
        var stopped = post.Worker.StopAsync(CancellationToken.None);
        await post.Happen();

        Assert.False(stopped.IsCompleted);
        end.SetResult();
        await stopped;
        Assert.False(wasStopped);
        Assert.Empty(post.Complaints.All);
        Assert.Equal(1, await Count("held", "done"));
        Assert.Equal(("waiting", 0), ((await post.Of("held")).State, (await post.Of("held")).Tries));
    }

    [Fact]
    public async Task An_error_that_no_database_takes_as_it_is_is_kept_all_the_same()
    {
        await using var post = new Post(
            bare,
            new Listener(
                "odd",
                (_, _) =>
                    throw new InvalidOperationException("a\0b\ud800" + string.Concat(Enumerable.Repeat("😀", 600)))
            )
        );
        await post.Start();
        await post.Happen();

        await Probe.Until(async () => (await post.Of("odd")).Error is not null);
        Assert.StartsWith("ab\ufffd😀", (await post.Of("odd")).Error, StringComparison.Ordinal);
    }

    private Task<int> Count(string handler, string state) =>
        bare.Ask<int>(
            "SELECT count(*) FROM deliveries WHERE handler = @handler AND state = @state",
            new { handler, state }
        );

    private Task<List<Delivery>> Claim(string handler, TimeSpan later)
    {
        bare.Clock.Advance(later);
        return new DeliveryStore(bare.Database).Claim([handler], 10, CancellationToken.None);
    }
}
