using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Tests.Yards;
using Npgsql;

namespace Madang.Tests.Verbs;

/// <summary>The connection breaks while PostgreSQL commits a restore: nobody here knows which state stands, so that both keep their uploads.</summary>
public sealed class LosingTheRestoresCommit(PostgresServer postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_uploads_of_both_states_stay_and_another_run_ends_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("source/uploads"));
        await File.WriteAllTextAsync(folder.File("source/uploads/new"), "new", Stop);
        await using var target = new BarePostgres(postgres);
        await target.InitializeAsync();
        await target.Build();
        await Backups.Write(target.Database, folder.File("source"), folder.File("b.zip"));
        Directory.CreateDirectory(folder.File("target/uploads"));
        await File.WriteAllTextAsync(folder.File("target/uploads/old"), "old", Stop);
        await target.Close();

        using (var backup = BackupFile.Open(folder.File("b.zip")))
        {
            // It waits for a standby that never comes: by then the commit is done where it is, and nobody was told.
            await using var waiting = Database.OpenPostgres(
                $"{target.Connection};Options='-c synchronous_commit=on'",
                TimeProvider.System
            );
            var restore = new Restore(backup, Host.Modules.All, folder.File("target"), Backups.Quietly).IntoPostgres(
                waiting,
                mayReplace: true,
                Stop
            );
            await Break(target.Connection);
            var unsure = await Assert.ThrowsAsync<StartupException>(() => restore);
            Assert.Contains("the old state stands, or the backup's", unsure.Message, StringComparison.Ordinal);
        }
        Assert.Equal(["new", "old"], Uploads());

        target.Reopen();
        await Backups.Restore(target, folder.File("target"), folder.File("b.zip"), mayReplace: true);
        Assert.Equal(["new"], Uploads());

        IEnumerable<string?> Uploads() =>
            Directory.GetFiles(folder.File("target/uploads")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
    }

    /// <summary>Ends the session that waits in its commit.</summary>
    private static async Task Break(string connectionString)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(Stop);
        await Probe.Until(async () =>
        {
            await using var end = connection.CreateCommand();
            end.CommandText =
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database()";
            return (long)(await end.ExecuteScalarAsync(Stop))! == 1;
        });
    }
}
