using System.Diagnostics;
using Madang.Foundation.Data;
using Madang.Tests.Yards;
using Npgsql;

namespace Madang.Tests.Data;

/// <summary>What becomes of a write when PostgreSQL refuses it, loses it, or goes away.</summary>
public sealed class PostgresFaults(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deadlock_is_tried_again_and_both_writes_are_kept()
    {
        await Make("deadlock_rows");
        await yard.Database.Write(sql => sql.Execute("INSERT INTO deadlock_rows VALUES (1, 0), (2, 0)"), Stop);
        using var both = new Barrier(2);
        var runs = 0;
        await Task.WhenAll(
            Task.Run(() =>
                Cross(
                    "UPDATE deadlock_rows SET value = value + 1 WHERE id = 1",
                    "UPDATE deadlock_rows SET value = value + 1 WHERE id = 2"
                )
            ),
            Task.Run(() =>
                Cross(
                    "UPDATE deadlock_rows SET value = value + 1 WHERE id = 2",
                    "UPDATE deadlock_rows SET value = value + 1 WHERE id = 1"
                )
            )
        );

        Assert.Equal(3, runs);
        Assert.Equal(
            [2, 2],
            await yard.Database.Read(sql => sql.Query<long>("SELECT value FROM deadlock_rows ORDER BY id"), Stop)
        );

        Task<int> Cross(string first, string second) =>
            yard.Database.Write(
                async sql =>
                {
                    var isAgain = Interlocked.Increment(ref runs) > 2;
                    await sql.Execute(first);
                    if (!isAgain)
                    {
                        both.SignalAndWait(Stop);
                    }
                    return await sql.Execute(second);
                },
                Stop
            );
    }

    [Fact]
    public async Task A_connection_lost_before_the_commit_is_tried_again()
    {
        await Make("lost_rows");
        var runs = 0;
        await yard.Database.Write(
            async sql =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    await Terminate(await sql.Single<int>("SELECT pg_backend_pid()"));
                }
                return await sql.Execute("INSERT INTO lost_rows VALUES (1, 0)");
            },
            Stop
        );

        Assert.Equal(2, runs);
        Assert.Equal(1, await yard.Database.Read(sql => sql.Single<long>("SELECT count(*) FROM lost_rows"), Stop));
    }

    [Fact]
    public async Task A_connection_lost_during_the_commit_is_told_and_not_tried_again()
    {
        await Make("fate_rows");
        // A deferred trigger runs inside COMMIT, and ends its own connection there.
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    """
                    CREATE FUNCTION end_connection() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END';
                    CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON fate_rows
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_connection();
                    """
                ),
            Stop
        );
        var runs = 0;
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
            yard.Database.Write(
                sql =>
                {
                    runs++;
                    return sql.Execute("INSERT INTO fate_rows VALUES (1, 0)");
                },
                Stop
            )
        );
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_broken_rule_is_no_fault_of_the_database_and_not_tried_again()
    {
        await Make("rule_rows");
        var runs = 0;
        await Assert.ThrowsAsync<PostgresException>(() =>
            yard.Database.Write(
                sql =>
                {
                    runs++;
                    return sql.Execute("INSERT INTO rule_rows VALUES (1, 0), (1, 0)");
                },
                Stop
            )
        );
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_within_its_time_limit()
    {
        using var nobody = new NobodysPort();
        await using var nowhere = Database.OpenPostgres(
            $"Host=127.0.0.1;Port={nobody.Number};Username=postgres;Database=none",
            TimeProvider.System
        );
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
            nowhere.Read(sql => sql.Single<int>("SELECT 1"), Stop)
        );
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
            nowhere.Write(sql => sql.Execute("SELECT 1"), Stop)
        );
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(40), $"{watch.Elapsed}");
    }

    private Task<int> Make(string table) =>
        yard.Database.Write(
            sql =>
                table switch
                {
                    "deadlock_rows" => sql.Execute("CREATE TABLE deadlock_rows (id int PRIMARY KEY, value int)"),
                    "lost_rows" => sql.Execute("CREATE TABLE lost_rows (id int PRIMARY KEY, value int)"),
                    "fate_rows" => sql.Execute("CREATE TABLE fate_rows (id int PRIMARY KEY, value int)"),
                    _ => sql.Execute("CREATE TABLE rule_rows (id int PRIMARY KEY, value int)"),
                },
            Stop
        );

    private Task<bool> Terminate(int process) =>
        yard.Database.Read(sql => sql.Single<bool>("SELECT pg_terminate_backend(@process)", new { process }), Stop);
}
