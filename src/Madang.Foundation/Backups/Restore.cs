using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;
using Microsoft.Data.Sqlite;

namespace Madang.Foundation.Backups;

/// <summary>
/// Brings a backup's rows and files into a database and its data directory. Files come first, under names that nobody uses yet; then
/// one transaction, or one rename, makes the new state the state; what only the old one had goes last. Interrupted before that
/// moment it leaves the old state, and after it the new one.
/// </summary>
internal sealed class Restore(BackupFile backup, IReadOnlyList<IModule> rooms, string dataDirectory, Stage stage)
{
    private const string Title = "Restoring the database";

    private readonly Manifest manifest = backup.Manifest;
    private readonly Loading loading = new(backup, rooms, stage);
    private readonly RestoredUploads uploads = new(
        backup,
        new UploadFolder(Path.Combine(dataDirectory, UploadFolder.Name)),
        stage
    );

    /// <summary>Texts lost so many NULs, which the target cannot hold.</summary>
    internal long LostNuls => loading.LostNuls;

    /// <summary>The old database could not be read any more: ids that it gave after the backup may be given again.</summary>
    internal bool MayGiveIdsAgain { get; private set; }

    /// <summary>Into PostgreSQL, in one transaction.</summary>
    /// <exception cref="StartupException">The target will not do, or the backup; the message says what was changed, if anything.</exception>
    internal async Task IntoPostgres(Database db, bool mayReplace, CancellationToken stop)
    {
        SchemaLevel.Scripts(manifest, Dialect.Postgres, rooms);
        await Verify(stop);
        var target = new RestoreTarget(rooms, uploads.AreThere, mayReplace);
        try
        {
            await db.Migrate(
                async sql =>
                {
                    await RestoreTarget.RefuseWhileOthersWork(sql, stop);
                    var given = await target.Look(sql);
                    if (!await SchemaRunner.IsFresh(sql))
                    {
                        await SchemaLevel.Of(sql, rooms);
                    }
                    var access = Tables.Of(sql);
                    foreach (var table in SchemaLevel.AllTables(Dialect.Postgres, rooms))
                    {
                        await access.Drop(table);
                    }
                    await Load(db, sql, given, stop);
                    await uploads.Bring(stop);
                    return 0;
                },
                // What is interrupted is waited for: it must be over before its files are taken back.
                CancellationToken.None
            );
        }
        catch (DatabaseUnavailableException error) when (error.IsFateUnknown)
        {
            throw Unsure("The connection was lost during the commit: the old state stands, or the backup's.", error);
        }
        catch
        {
            uploads.TakeBack();
            throw;
        }
        Settle();
    }

    /// <summary>Into a new file, which then takes the old one's place. The caller has the data directory for itself.</summary>
    /// <exception cref="StartupException">The target will not do, or the backup; the message says what was changed, if anything.</exception>
    internal async Task IntoSqlite(
        string file,
        string? library,
        TimeProvider clock,
        bool mayReplace,
        CancellationToken stop
    )
    {
        SchemaLevel.Scripts(manifest, Dialect.Sqlite, rooms);
        await Verify(stop);
        var given = await Look(file, library, clock, mayReplace);
        var made = $"{file}.restoring";
        var isWhole = false;
        SqliteFile.Remove(made);
        try
        {
            await Durable.NewPrivate(made).DisposeAsync();
            await using (var db = Database.OpenSqlite(made, library, clock))
            {
                await db.Migrate(
                    async sql =>
                    {
                        await Load(db, sql, given, stop);
                        return 0;
                    },
                    stop
                );
            }
            SqliteFile.Close(made);
            SqliteFile.Check(made, stop);
            await uploads.Bring(stop);
            stop.ThrowIfCancellationRequested();
            isWhole = true;
            SqliteFile.Replace(file, made);
        }
        catch (Exception error) when (isWhole && !File.Exists(made))
        {
            throw Unsure(
                $"The backup's state is in place, but the disk does not say that it is kept: {error.Message}",
                error
            );
        }
        catch
        {
            uploads.TakeBack();
            SqliteFile.Remove(made);
            throw;
        }
        Settle();
    }

    /// <returns>The ids that the file has given; none when it is too damaged to be read and is given up.</returns>
    private async Task<Dictionary<string, long>> Look(string file, string? library, TimeProvider clock, bool mayReplace)
    {
        var target = new RestoreTarget(rooms, uploads.AreThere, mayReplace);
        if (!File.Exists(file))
        {
            target.RefuseWithUploads();
            return [];
        }
        try
        {
            await using var db = Database.OpenSqlite(file, library, clock);
            return await db.Read(target.Look, CancellationToken.None);
        }
        catch (Exception error)
            when (mayReplace && (error is SqliteException or StartupException or DatabaseUnavailableException))
        {
            MayGiveIdsAgain = true;
            return [];
        }
    }

    /// <summary>The new state stands: its uploads take their places, and those that were the old one's alone go.</summary>
    private void Settle()
    {
        try
        {
            uploads.Settle();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The database is restored, but not all uploads are in their places: {error.Message} Run the same restore again, with --replace.",
                error
            );
        }
    }

    /// <summary>Whichever state stands finds its files: those of both stay.</summary>
    private static StartupException Unsure(string what, Exception cause) =>
        new($"{what} The uploads of both were left; run the same restore again, with --replace.", cause);

    private Task Verify(CancellationToken stop) =>
        stage("Checking the backup", manifest.Size, step => backup.Verify(step, stop));

    private async Task Load(Database db, Sql sql, Dictionary<string, long> given, CancellationToken stop)
    {
        await loading.Load(db, sql, Title, stop);
        var access = Tables.Of(sql);
        foreach (var table in (await access.Names()).Where(given.ContainsKey))
        {
            await access.SetLastId(table, given[table]);
        }
        await loading.Derive(sql);
    }
}
