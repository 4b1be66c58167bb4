using System.Text;
using Madang.Tests.Yards;

namespace Madang.Tests.Caching;

public sealed class ComputingOnceOnSqlite() : ComputingOnce(new BareSqlite());

public sealed class ComputingOnceOnPostgres(PostgresServer postgres) : ComputingOnce(new BarePostgres(postgres));

/// <summary>Who asks at once waits for one computation; and no answer from before a write is served after it.</summary>
public abstract class ComputingOnce(Bare bare) : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OneCache one = null!;

    public async ValueTask InitializeAsync()
    {
        await OneCache.MakeTable(bare);
        one = await OneCache.Start(bare);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await bare.DisposeAsync();
    }

    [Fact]
    public async Task Two_hundred_first_requests_at_once_make_one_computation()
    {
        var reached = new TaskCompletionSource();
        var may = new TaskCompletionSource();
        var computations = 0;
        var answers = Enumerable
            .Range(0, 200)
            .Select(_ =>
                Task.Run(
                    () =>
                        one.Answer(compute: async stop =>
                        {
                            Interlocked.Increment(ref computations);
                            reached.TrySetResult();
                            await may.Task;
                            return await one.Read(stop);
                        }),
                    Stop
                )
            )
            .ToList();
        await reached.Task;
        await Probe.Until(() => one.Meter.Waits == 199);
        may.SetResult();

        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("first", answer));
        Assert.Equal(1, computations);
        Assert.Equal((1, 1), (one.Meter.Misses, one.Meter.Computations));
        Assert.NotNull(one.Cache.Find("key"));
        Assert.Equal(1, one.Meter.MemoryHits);
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_computation_to_the_others_and_the_last_one_ends_it()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var may = new TaskCompletionSource();
        CancellationToken given = default;
        async ValueTask<byte[]> Compute(CancellationToken stop)
        {
            given = stop;
            await may.Task.WaitAsync(stop);
            return "done"u8.ToArray();
        }
        var began = one.Answer(compute: Compute, stop: first.Token);
        var joined = one.Answer(compute: Compute, stop: second.Token);
        await Probe.Until(() => one.Meter.Waits == 1);

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => began);
        Assert.False(given.IsCancellationRequested);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joined);
        Assert.True(given.IsCancellationRequested);

        // Whoever comes then does not wait for what was ended.
        may.SetResult();
        Assert.Equal("done", await one.Answer(compute: Compute));
        Assert.Equal(2, one.Meter.Computations);
    }

    [Fact]
    public async Task A_computation_that_fails_fails_all_who_wait_for_it_and_nobody_after_them()
    {
        var may = new TaskCompletionSource();
        async ValueTask<byte[]> Fail(CancellationToken stop)
        {
            await may.Task;
            throw new InvalidDataException("broken");
        }
        var waiting = Enumerable.Range(0, 5).Select(_ => one.Answer(compute: Fail)).ToList();
        await Probe.Until(() => one.Meter.Waits == 4);
        may.SetResult();
        foreach (var answer in waiting)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => answer);
        }
        Assert.Equal("first", await one.Answer());
    }

    [Fact]
    public async Task The_next_request_after_a_write_sees_it_and_one_that_is_undone_changes_nothing()
    {
        for (var i = 0; i < 20; i++)
        {
            await one.Write($"value {i}");
            Assert.Equal($"value {i}", await one.Answer());
        }
        Assert.Equal(20, one.Meter.Computations);
        await one.Write("never", isUndone: true);
        Assert.Equal("value 19", await one.Answer());
        Assert.Equal(20, one.Meter.Computations);
    }

    [Fact]
    public async Task A_write_during_a_computation_keeps_its_answer_from_everybody_who_asks_later()
    {
        var read = new TaskCompletionSource();
        var may = new TaskCompletionSource();
        var early = one.Answer(compute: async stop =>
        {
            var old = await one.Read(stop);
            read.SetResult();
            await may.Task;
            return old;
        });
        await read.Task;
        await one.Write("second");

        // It doesn't wait for the computation under way, which has read what is old by now.
        Assert.Equal("second", await one.Answer());
        may.SetResult();
        Assert.Equal("first", await early);
        Assert.Equal("second", await one.Answer());
        Assert.Equal(2, one.Meter.Computations);
        Assert.Equal(1, one.Meter.MemoryHits);
    }

    [Fact]
    public async Task Another_process_sees_a_write_within_a_second_however_often_it_asks()
    {
        await using var other = await OneCache.Start(bare);
        for (var i = 0; i < 3; i++)
        {
            await one.Write($"value {i}");
            await other.Sees($"value {i}");
        }
    }

    [Fact]
    public async Task What_no_write_told_of_is_served_from_memory()
    {
        Assert.Equal("first", await one.Answer());
        await one.Write("untold", isTouched: false);
        Assert.Equal("first", await one.Answer());
    }

    [Fact]
    public async Task While_versions_cannot_be_read_answers_are_kept_for_less_than_a_second()
    {
        await bare.Do("ALTER TABLE cache_tags RENAME TO away");
        Assert.Equal("first", await one.Answer());
        await one.Write("second", isTouched: false);
        await one.Sees("second");
        Assert.Single(one.Log.Lines, line => line.Text.Contains("can't be read now", StringComparison.Ordinal));
        Assert.Null(one.Cache.Find("key"));

        await bare.Do("ALTER TABLE away RENAME TO cache_tags");
        await Probe.Until(async () => await one.Answer() == "second" && one.Cache.Find("key") is not null);
    }

    [Fact]
    public async Task Switched_off_every_request_computes_and_writes_are_told_all_the_same()
    {
        await using var off = await OneCache.Start(bare, isEnabled: false);
        await Task.WhenAll(off.Answer(), off.Answer());
        Assert.Equal(2, off.Meter.Computations);
        Assert.Equal(0, off.Cache.Bytes);
        Assert.Equal("first", await one.Answer());
        await off.Write("second");
        await one.Sees("second");
    }

    [Fact]
    public async Task Another_database_in_its_place_makes_all_that_was_kept_worthless()
    {
        await one.Write("mine");
        Assert.Equal("mine", await one.Answer());
        await bare.Do("UPDATE things SET value = 'theirs'");
        await bare.Do("UPDATE cache_tags SET version = 7");
        await one.Sees("theirs");
        await one.Write("newer");
        Assert.Equal(
            "newer",
            Encoding.UTF8.GetString((await one.Cache.Answer("key", OneCache.Tags, one.Read, Stop)).Body.Span)
        );
    }
}
