using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Backups;

/// <summary>
/// Loads a finished backup into an embedded database that is thrown away after: every checksum, row, type, count, uniqueness and
/// reference is looked at as by a restore. Only what a restore makes anew, the search index, is left out.
/// </summary>
internal sealed class Trial(BackupFile backup, IReadOnlyList<IModule> rooms, Stage stage)
{
    /// <param name="scratch">A file that is not there; the caller removes it.</param>
    /// <param name="library">Another SQLite library than the system's, or null.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="StartupException">The backup does not load.</exception>
    /// <exception cref="DatabaseUnavailableException">There is no room for the trial.</exception>
    internal async Task Run(string scratch, string? library, CancellationToken stop)
    {
        await Durable.NewPrivate(scratch).DisposeAsync();
        try
        {
            await using var db = Database.OpenSqlite(scratch, library, TimeProvider.System);
            var settings = new SqliteConnectionStringBuilder
            {
                DataSource = scratch,
                ForeignKeys = true,
                Pooling = false,
            };
            await using var connection = new SqliteConnection(settings.ToString());
            await connection.OpenAsync(stop);
            await using var interruption = stop.UnsafeRegister(_ => raw.sqlite3_interrupt(connection.Handle), null);
            await Load(db, new Sql(db, connection, null, stop), stop);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException(error.Message, error, stop);
        }
        catch (SqliteException error) when (SqliteDatabase.IsUnavailable(error))
        {
            throw SqliteDatabase.Unavailable(error);
        }
        catch (SqliteException error)
        {
            throw new StartupException(
                $"The backup does not load, so it was not kept: the database holds what its own schema refuses ({error.Message}).",
                error
            );
        }
    }

    private async Task Load(Database db, Sql sql, CancellationToken stop)
    {
        // Nobody goes back to an earlier state of it: so it needs no log, which would take as much room again, and no flush.
        await sql.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384; BEGIN");
        await new Loading(backup, rooms, stage).Load(db, sql, "Trying the backup", stop);
        await sql.Execute("COMMIT");
        if (await sql.Query<string>("PRAGMA integrity_check") is not ["ok"])
        {
            throw new StartupException("The backup, loaded again, does not pass the integrity check: it was not kept.");
        }
    }
}
