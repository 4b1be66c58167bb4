using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Schema;

/// <summary>The program itself, when it migrates together with another or is killed while it does.</summary>
public sealed class MigratingProcesses(PostgresServer postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_and_a_migration_that_start_on_one_empty_folder_both_succeed()
    {
        using var folder = new TemporaryFolder();
        await using var server = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", folder.Setting);
        await using var migration = MadangProcess.Start("migrate", folder.Setting);
        await server.Url;
        await server.Signal("TERM");

        Assert.Equal(0, (await server.Ended()).Code);
        Assert.Equal((0, ""), await migration.Ended());
        await using var database = Database.OpenSqlite(folder.File("madang.db"), null, TimeProvider.System);
        Assert.Equal(SchemaRunner.Scripts(database, Modules.All).Count, await Applied(database));
    }

    [Fact]
    public async Task Two_migrations_of_one_empty_PostgreSQL_database_both_succeed()
    {
        await using var bare = new BarePostgres(postgres);
        await bare.InitializeAsync();
        await using var one = MadangProcess.Start(["migrate", .. bare.Settings]);
        await using var other = MadangProcess.Start(["migrate", .. bare.Settings]);

        Assert.Equal(((0, ""), (0, "")), (await one.Ended(), await other.Ended()));
        Assert.Equal(SchemaRunner.Scripts(bare.Database, Modules.All).Count, await Applied(bare.Database));
    }

    [Fact]
    public async Task Killed_in_the_middle_on_PostgreSQL_it_leaves_the_old_schema()
    {
        await using var bare = new BarePostgres(postgres);
        await bare.InitializeAsync();
        var old = SchemaRunner
            .Scripts(bare.Database, Modules.All)
            .FindAll(script => script.Room != "memos" || script.Number < 2);
        await new SchemaRunner(bare.Database, old, new Version(0, 1, 0)).Migrate(Stop);
        await bare.Database.Write(
            async sql =>
            {
                // The next script refers to memos, and so waits within its transaction.
                await sql.Execute("LOCK TABLE memos IN EXCLUSIVE MODE");
                await using var killed = MadangProcess.Start(["migrate", .. bare.Settings]);
                await Probe.Until(async () =>
                    await bare.Ask<int>(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'memos'::regclass"
                    ) > 0
                );
                await killed.Signal("KILL");
                await killed.Ended();
                return 0;
            },
            Stop
        );
        await Probe.Until(async () =>
            await bare.Ask<int>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE '%transaction%'"
            ) == 0
        );

        Assert.Equal(old.Count, await Applied(bare.Database));
        Assert.Null(await bare.Ask<string?>("SELECT to_regclass('memo_versions')::text"));
        await using var next = MadangProcess.Start(["migrate", .. bare.Settings]);
        Assert.Equal((0, ""), await next.Ended());
        Assert.Equal("memo_versions", await bare.Ask<string?>("SELECT to_regclass('memo_versions')::text"));
    }

    [Fact]
    public async Task Killed_in_the_middle_on_SQLite_it_leaves_the_old_schema()
    {
        await using var bare = new BareSqlite();
        await bare.InitializeAsync();
        using var left = new TemporaryFolder();
        var all = SchemaRunner.Scripts(bare.Database, Modules.All);
        var old = all.FindAll(script => script.Room != "memos" || script.Number < 2);
        await new SchemaRunner(bare.Database, old, new Version(0, 1, 0)).Migrate(Stop);
        await bare.Database.Migrate(
            async sql =>
            {
                await sql.Execute("PRAGMA cache_size = 1; PRAGMA cache_spill = 1");
                await sql.Execute(all.Single(script => (script.Room, script.Number) == ("memos", 2)).Text);
                await sql.Execute(
                    """
                    WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < 20000)
                    INSERT INTO workspace (name, value) SELECT 'half ' || n, 'way' FROM some
                    """
                );
                // What a kill would leave at this moment: files that hold a part of the transaction, and no end of it.
                foreach (var file in Directory.GetFiles(bare.Folder))
                {
                    File.Copy(file, left.File(Path.GetFileName(file)));
                }
                return 0;
            },
            Stop
        );
        Assert.True(new FileInfo(left.File("madang.db-wal")).Length > 100_000);

        await using (var database = Database.OpenSqlite(left.File("madang.db"), null, TimeProvider.System))
        {
            Assert.Equal(old.Count, await Applied(database));
            Assert.Equal(
                0,
                await database.Read(
                    sql => sql.Single<int>("SELECT count(*) FROM workspace WHERE name LIKE 'half%'"),
                    Stop
                )
            );
        }
        await using var next = MadangProcess.Start("migrate", left.Setting);
        Assert.Equal((0, ""), await next.Ended());
        await using var migrated = Database.OpenSqlite(left.File("madang.db"), null, TimeProvider.System);
        Assert.Equal(all.Count, await Applied(migrated));
    }

    private static Task<int> Applied(Database database) =>
        database.Read(sql => sql.Single<int>("SELECT count(*) FROM schema_scripts"), Stop);
}
