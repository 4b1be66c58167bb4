using Madang.Foundation.Data;
using Madang.Tests.Yards;
using Microsoft.Data.Sqlite;

namespace Madang.Tests.Data;

/// <summary>Writes that share a commit on the embedded database and nothing else: each has an outcome of its own.</summary>
public sealed class FailingAlone : IAsyncLifetime
{
    private readonly BareSqlite bare = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Database Db => bare.Database;

    private string Names =>
        bare.FromOutside<string?>("SELECT group_concat(name, ' ') FROM (SELECT name FROM things ORDER BY name)") ?? "";

    public async ValueTask InitializeAsync()
    {
        await bare.InitializeAsync();
        await Db.Write(sql => sql.Execute("CREATE TABLE things (name text NOT NULL UNIQUE)"), Stop);
    }

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task A_write_that_fails_is_undone_alone()
    {
        await using var held = await HeldWriter.Of(Db);
        var before = Add("a");
        var failing = Db.Write<int>(
            async sql =>
            {
                await Insert(sql, "b");
                throw new InvalidOperationException("Changed my mind.");
            },
            Stop
        );
        var twice = Add("a");
        var after = Add("c");
        await held.Release();

        Assert.Equal(1, await before);
        Assert.Equal(1, await after);
        Assert.Equal("Changed my mind.", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal(19, (await Assert.ThrowsAsync<SqliteException>(() => twice)).SqliteErrorCode);
        Assert.Equal("a c", Names);
    }

    [Fact]
    public async Task A_caller_who_leaves_the_queue_is_never_run_and_harms_nobody()
    {
        using var leaving = new CancellationTokenSource();
        var hasRun = false;
        await using var held = await HeldWriter.Of(Db);
        var before = Add("a");
        var cancelled = Db.Write(
            sql =>
            {
                hasRun = true;
                return Insert(sql, "b");
            },
            leaving.Token
        );
        var after = Add("c");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await held.Release();
        await Task.WhenAll(before, after);

        Assert.False(hasRun);
        Assert.Equal("a c", Names);
    }

    [Fact]
    public async Task A_caller_who_leaves_once_his_write_began_still_learns_what_became_of_it()
    {
        using var leaving = new CancellationTokenSource();
        await using var held = await HeldWriter.Of(Db);
        var begun = Db.Write(
            async sql =>
            {
                leaving.Cancel();
                return await Insert(sql, "a");
            },
            leaving.Token
        );
        var after = Add("b");
        await held.Release();

        Assert.Equal(1, await begun);
        Assert.Equal(1, await after);
        Assert.Equal("a b", Names);
    }

    [Fact]
    public async Task A_write_that_rolls_back_answers_and_keeps_nothing()
    {
        var isAfterCommit = false;
        await using var held = await HeldWriter.Of(Db);
        var undone = Db.Write(
            async sql =>
            {
                sql.AfterCommit(() => isAfterCommit = true);
                sql.RollBack();
                return await Insert(sql, "a");
            },
            Stop
        );
        var after = Add("b");
        await held.Release();

        Assert.Equal(1, await undone);
        await after;
        Assert.False(isAfterCommit);
        Assert.Equal("b", Names);
    }

    [Fact]
    public async Task What_follows_a_commit_runs_after_it_and_not_for_a_write_that_failed()
    {
        var seen = new List<string>();
        await using var held = await HeldWriter.Of(Db);
        var kept = Db.Write(
            sql =>
            {
                sql.AfterCommit(() => seen.Add(Names));
                return Insert(sql, "a");
            },
            Stop
        );
        var failing = Db.Write(
            sql =>
            {
                sql.AfterCommit(() => seen.Add("failed"));
                return Insert(sql, "a");
            },
            Stop
        );
        await held.Release();
        await kept;

        await Assert.ThrowsAsync<SqliteException>(() => failing);
        Assert.Equal(["a"], seen);
    }

    [Fact]
    public async Task What_follows_a_commit_and_throws_fails_its_own_caller_only()
    {
        await using var held = await HeldWriter.Of(Db);
        var careless = Db.Write(
            sql =>
            {
                sql.AfterCommit(() => throw new InvalidOperationException("Careless."));
                return Insert(sql, "a");
            },
            Stop
        );
        var neighbour = Add("b");
        await held.Release();

        Assert.Equal("Careless.", (await Assert.ThrowsAsync<InvalidOperationException>(() => careless)).Message);
        Assert.Equal(1, await neighbour);
        Assert.Equal(1, await Add("c"));
        Assert.Equal("a b c", Names);
    }

    [Fact]
    public async Task A_write_that_waits_for_anything_but_the_database_is_refused()
    {
        var other = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread? writer = null;
        var refused = Db.Write(
            async sql =>
            {
                await Insert(sql, "a");
                writer = Thread.CurrentThread;
                await other.Task;
                return 1;
            },
            Stop
        );
        await Probe.Until(() => writer?.ThreadState.HasFlag(ThreadState.WaitSleepJoin) == true);
        other.SetResult();

        Assert.Contains(
            "other than SQL",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => refused)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, await Add("b"));
        Assert.Equal("b", Names);
    }

    private Task<int> Add(string name) => Db.Write(sql => Insert(sql, name), Stop);

    private static Task<int> Insert(Sql sql, string name) =>
        sql.Execute("INSERT INTO things VALUES (@name)", new { name });
}
