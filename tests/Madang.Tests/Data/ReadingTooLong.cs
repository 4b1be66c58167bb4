using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Data;

/// <summary>A statement of the embedded database that would go on for ever ends by itself, and burdens nobody else.</summary>
public sealed class ReadingTooLong : IAsyncLifetime
{
    private const string ForEver =
        // Of some seconds, so that a test that fails ends too.
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 30000000) SELECT count(*) FROM numbers";

    private readonly BareSqlite bare = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => bare.InitializeAsync();

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task At_the_time_limit_its_caller_is_told_that_there_was_no_answer()
    {
        await using var database = Database.OpenSqlite(bare.File, null, TimeProvider.System, TimeSpan.FromSeconds(0.3));
        var late = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Task.Run(() => Read(database, Stop)));

        Assert.Contains("within", late.Message, StringComparison.Ordinal);
        Assert.Equal(1, await database.Read(sql => sql.Single<long>("SELECT 1"), Stop));
    }

    [Fact]
    public async Task It_ends_when_its_caller_has_gone_and_a_write_beside_it_is_kept()
    {
        await bare.Do("CREATE TABLE things (name text)");
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var begun = new TaskCompletionSource();
        var read = Task.Run(() =>
            bare.Database.Read(
                sql =>
                {
                    begun.SetResult();
                    return sql.Single<long>(ForEver);
                },
                gone.Token
            )
        );
        await begun.Task;
        await bare.Do("INSERT INTO things VALUES ('kept')");
        Assert.False(read.IsCompleted);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal("kept", await bare.Ask<string>("SELECT name FROM things"));
    }

    [Fact]
    public async Task A_write_is_never_ended_half_way()
    {
        await using var database = Database.OpenSqlite(bare.File, null, TimeProvider.System, TimeSpan.FromSeconds(0.3));
        await bare.Do("CREATE TABLE things (n integer)");
        var write = database.Write(
            sql =>
                sql.Execute(
                    """
                    INSERT INTO things
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 3000000)
                    SELECT count(*) FROM numbers
                    """
                ),
            Stop
        );
        try
        {
            await write;
        }
        catch (DatabaseUnavailableException)
        {
            // Its caller waits no longer; it goes on all the same.
        }

        await Probe.Until(() => bare.FromOutside<long>("SELECT count(*) FROM things WHERE n = 3000000") == 1);
    }

    [Fact]
    public async Task After_a_burst_only_some_connections_stay_open()
    {
        var database = (SqliteDatabase)bare.Database;
        var gate = new TaskCompletionSource();
        var burst = Enumerable
            .Range(0, SqliteDatabase.MostIdleReaders + 5)
            .Select(_ =>
                database.Read(
                    async sql =>
                    {
                        await gate.Task;
                        return await sql.Single<long>("SELECT 1");
                    },
                    Stop
                )
            )
            .ToList();
        gate.SetResult();
        await Task.WhenAll(burst);

        Assert.Equal(SqliteDatabase.MostIdleReaders, database.IdleReaders);
    }

    private static Task<long> Read(Database database, CancellationToken stop) =>
        database.Read(sql => sql.Single<long>(ForEver), stop);
}
