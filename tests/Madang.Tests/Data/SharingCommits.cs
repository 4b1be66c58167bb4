using System.Diagnostics.Metrics;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Data;

/// <summary>Many writes at once on the embedded database: few commits, each durable before its answer.</summary>
public sealed class SharingCommits : IAsyncLifetime
{
    private readonly BareSqlite bare = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Database Db => bare.Database;

    public async ValueTask InitializeAsync()
    {
        await bare.InitializeAsync();
        await Db.Write(sql => sql.Execute("CREATE TABLE things (name text NOT NULL)"), Stop);
    }

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task Sixty_four_writes_that_wait_together_share_one_commit()
    {
        await using var held = await HeldWriter.Of(Db);
        using var commits = new CommitsOf(held.Thread);
        var writes = Enumerable.Range(0, 64).Select(Add).ToArray();
        await held.Release();
        await Task.WhenAll(writes);

        Assert.Equal([1, 64], commits.Sizes);
        Assert.Equal(64, bare.FromOutside<int>("SELECT count(*) FROM things"));
    }

    [Fact]
    public async Task A_batch_stays_short_enough_for_those_who_come_after_it()
    {
        await using var held = await HeldWriter.Of(Db);
        using var commits = new CommitsOf(held.Thread);
        var writes = Enumerable.Range(0, 600).Select(Add).ToArray();
        await held.Release();
        await Task.WhenAll(writes);

        Assert.Equal([1, 256, 256, 88], commits.Sizes);
    }

    [Fact]
    public async Task Nobody_is_answered_before_the_commit_that_holds_his_write()
    {
        await using var held = await HeldWriter.Of(Db);
        var first = Add(1);
        using var gate = new ManualResetEventSlim();
        var hasBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = Db.Write(
            _ =>
            {
                hasBegun.SetResult();
                gate.Wait(Stop);
                return Task.FromResult(2);
            },
            Stop
        );
        await held.Release();
        await hasBegun.Task;

        Assert.False(first.IsCompleted);
        Assert.Equal(0, bare.FromOutside<int>("SELECT count(*) FROM things"));
        gate.Set();
        await first;
        Assert.Equal(1, bare.FromOutside<int>("SELECT count(*) FROM things"));
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task What_is_queued_when_the_server_stops_is_still_written()
    {
        var other = bare.Open();
        var held = await HeldWriter.Of(other);
        var writes = Enumerable
            .Range(0, 50)
            .Select(number =>
                other.Write(sql => sql.Execute("INSERT INTO things VALUES (@number)", new { number }), Stop)
            )
            .ToArray();
        var end = Task.Run(async () => await other.DisposeAsync(), Stop);
        await held.DisposeAsync();
        await end;

        Assert.All(
            await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(10), Stop),
            changed => Assert.Equal(1, changed)
        );
        Assert.Equal(50, bare.FromOutside<int>("SELECT count(*) FROM things"));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => other.Write(_ => Task.FromResult(0), Stop));
    }

    private Task<int> Add(int number) =>
        Db.Write(sql => sql.Execute("INSERT INTO things VALUES (@number)", new { number }), Stop);

    /// <summary>The sizes of the batches that one writer commits; the meter is the same for all of this process.</summary>
    private sealed class CommitsOf : IDisposable
    {
        private readonly MeterListener listener = new();

        internal CommitsOf(int thread)
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "madang.sqlite.writes_per_commit")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<int>(
                (_, size, _, _) =>
                {
                    if (Environment.CurrentManagedThreadId == thread)
                    {
                        Sizes.Add(size);
                    }
                }
            );
            listener.Start();
        }

        internal List<int> Sizes { get; } = [];

        public void Dispose() => listener.Dispose();
    }
}
