using System.Collections.Concurrent;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Tests.Yards;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Accounts;

public sealed class ReadingKeysOnSqlite() : ReadingKeys(NewYards.OnSqlite);

public sealed class ReadingKeysOnPostgres(PostgresServer postgres) : ReadingKeys(NewYards.OnPostgres(postgres));

/// <summary>What many do at once who all find that the keys they know are too old.</summary>
public abstract class ReadingKeys(NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_at_once_share_one_read_and_the_first_who_gives_up_ends_it_for_nobody_else()
    {
        await using var yard = await yards.Start();
        yard.Clock.Stand();
        var (database, keys) = Of(yard);
        var kid = (await database.LetGo(keys.ForSigning(Stop))).Kid;
        yard.Clock.Advance(SigningKeys.Patience + TimeSpan.FromMilliseconds(1));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var first = keys.Find(kid, patience.Token).AsTask();
        var others = Enumerable.Range(0, 20).Select(_ => keys.Find(kid, Stop).AsTask()).ToList();
        await Probe.Until(() => !database.Held.IsEmpty);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(2, database.Reads);
        database.LetGo();

        Assert.All(await Task.WhenAll(others), Assert.NotNull);
        Assert.Equal(2, database.Reads);
    }

    [Fact]
    public async Task A_read_that_takes_too_long_is_waited_for_no_more_and_brings_no_older_keys_back()
    {
        await using var yard = await yards.Start();
        yard.Clock.Stand();
        var (database, keys) = Of(yard);
        var leaked = (await database.LetGo(keys.ForSigning(Stop))).Kid;
        yard.Clock.Advance(SigningKeys.Patience + TimeSpan.FromMilliseconds(1));
        var slow = keys.Find(leaked, Stop).AsTask();
        await Probe.Until(() => !database.Held.IsEmpty);
        Assert.True(database.Held.TryDequeue(out var held));

        await yard.Get<SigningKeys>().Rotate(isLeaked: true, Stop);
        yard.Clock.Advance(SigningKeys.Patience + TimeSpan.FromMilliseconds(1));
        Assert.Null(await database.LetGo(keys.Find(leaked, Stop)));
        held.SetResult();
        Assert.Null(await slow);
        Assert.Null(await keys.Find(leaked, Stop));
    }

    private static (HeldDatabase Database, SigningKeys Keys) Of(Yard yard)
    {
        var database = new HeldDatabase(yard.Database);
        return (database, new(database, yard.Get<IOptions<SignInSettings>>(), yard.Clock));
    }

    /// <summary>Keeps what was read until the test lets it go.</summary>
    private sealed class HeldDatabase(Database inner) : Database(inner.Clock)
    {
        private int reads;

        public override Dialect Dialect => inner.Dialect;

        internal int Reads => reads;

        /// <summary>Reads that have found what they looked for, oldest first.</summary>
        internal ConcurrentQueue<TaskCompletionSource> Held { get; } = [];

        internal void LetGo()
        {
            while (Held.TryDequeue(out var one))
            {
                one.SetResult();
            }
        }

        internal async Task<T> LetGo<T>(ValueTask<T> asked)
        {
            var task = asked.AsTask();
            await Probe.Until(() => !Held.IsEmpty || task.IsCompleted);
            LetGo();
            return await task;
        }

        public override async Task<T> Read<T>(Func<Sql, Task<T>> work, CancellationToken stop)
        {
            Interlocked.Increment(ref reads);
            var found = await inner.Read(work, stop);
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Held.Enqueue(held);
            await held.Task.WaitAsync(stop);
            return found;
        }

        public override Task<T> Write<T>(Func<Sql, Task<T>> work, CancellationToken stop) => inner.Write(work, stop);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        internal override Task<T> Migrate<T>(Func<Sql, Task<T>> work, CancellationToken stop) =>
            inner.Migrate(work, stop);

        internal override Task<T> Snapshot<T>(string scratch, Func<Sql, Task<T>> work, CancellationToken stop) =>
            inner.Snapshot(scratch, work, stop);
    }
}
