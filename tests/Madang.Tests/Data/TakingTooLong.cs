using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Data;

/// <summary>A visit to the database that is not over in time: whoever asked is told so, and nothing is done behind his back.</summary>
public sealed class TakingTooLong(PostgresServer postgres)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_whose_turn_did_not_come_is_told_so_and_is_not_made_later()
    {
        await using var bare = new BareSqlite();
        await bare.InitializeAsync();
        await bare.Do("CREATE TABLE things (name text)");
        await using var database = Database.OpenSqlite(bare.File, null, TimeProvider.System, TimeLimit);
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var held = database.Write(
            async sql =>
            {
                await sql.Execute("INSERT INTO things VALUES ('begun')");
                begun.SetResult();
                gate.Wait(Stop);
                return 0;
            },
            Stop
        );
        await begun.Task;
        var waiting = database.Write(sql => sql.Execute("INSERT INTO things VALUES ('waiting')"), Stop);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => held);
        gate.Set();
        await database.Write(sql => sql.Execute("INSERT INTO things VALUES ('next')"), Stop);
        // The fate of what had begun was unknown to whoever asked; what had not is not there.
        Assert.Equal("begun next", bare.FromOutside<string>("SELECT group_concat(name, ' ') FROM things"));
    }

    [Fact]
    public async Task Another_process_that_keeps_the_lock_of_the_file_holds_up_nobody_for_longer()
    {
        await using var bare = new BareSqlite();
        await bare.InitializeAsync();
        await bare.Do("CREATE TABLE things (name text)");
        await using var database = Database.OpenSqlite(bare.File, null, TimeProvider.System, TimeLimit);
        using (var gate = new ManualResetEventSlim())
        {
            var begun = new TaskCompletionSource();
            var held = bare.Database.Write(
                async sql =>
                {
                    await sql.Execute("INSERT INTO things VALUES ('held')");
                    begun.SetResult();
                    gate.Wait(Stop);
                    return 0;
                },
                Stop
            );
            await begun.Task;
            var waiting = Enumerable.Range(0, 5).Select(_ => Add(database)).ToArray();
            foreach (var write in waiting)
            {
                await Assert.ThrowsAsync<DatabaseUnavailableException>(() => write);
            }
            gate.Set();
            await held;
        }
        // An attempt at the lock may be on its way still, and is over soon.
        await Probe.Until(async () =>
        {
            try
            {
                return await Add(database) == 1;
            }
            catch (DatabaseUnavailableException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task On_PostgreSQL_a_write_that_was_given_up_stops_before_its_next_statement()
    {
        await using var bare = new BarePostgres(postgres);
        await bare.InitializeAsync();
        await bare.Do("CREATE TABLE things (name text)");
        await using var database = Database.OpenPostgres(bare.Connection, TimeProvider.System, TimeLimit);
        var gate = new TaskCompletionSource();
        var hasEnded = new TaskCompletionSource<Exception?>();
        var write = database.Write(
            async sql =>
            {
                await sql.Execute("INSERT INTO things VALUES ('first')");
                await gate.Task;
                hasEnded.SetResult(
                    await Record.ExceptionAsync(() => sql.Execute("INSERT INTO things VALUES ('second')"))
                );
                return 0;
            },
            Stop
        );

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => write);
        gate.SetResult();
        Assert.IsType<OperationCanceledException>(await hasEnded.Task);
        await Probe.Until(async () =>
            await bare.Ask<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            ) == 0
        );
        Assert.Equal(0, await bare.Ask<long>("SELECT count(*) FROM things"));
    }

    private static Task<int> Add(Database database) =>
        database.Write(sql => sql.Execute("INSERT INTO things VALUES ('more')"), Stop);
}
