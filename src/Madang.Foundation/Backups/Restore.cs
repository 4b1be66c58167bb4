using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;
using static Madang.Foundation.Data.Identifier;

namespace Madang.Foundation.Backups;

/// <summary>
/// Brings a backup's rows and files into a database and its data directory. Files come first, under names that nobody uses yet; then
/// one transaction, or one rename, makes the new state the state; what only the old one had goes last. Interrupted before that
/// moment it leaves the old state, and after it the new one.
/// </summary>
internal sealed class Restore(BackupFile backup, IReadOnlyList<IModule> rooms, string dataDirectory, Stage stage)
{
    private readonly Manifest manifest = backup.Manifest;
    private readonly RestoredUploads uploads = new(
        backup,
        new UploadFolder(Path.Combine(dataDirectory, UploadFolder.Name)),
        stage
    );

    /// <summary>Texts lost so many NULs, which the target cannot hold.</summary>
    internal long LostNuls { get; private set; }

    /// <summary>Into PostgreSQL, in one transaction.</summary>
    /// <exception cref="StartupException">The target will not do, or the backup; nothing was changed.</exception>
    internal async Task IntoPostgres(Database db, bool mayReplace, CancellationToken stop)
    {
        SchemaLevel.Scripts(manifest, Dialect.Postgres, rooms);
        await Verify(stop);
        try
        {
            await db.Migrate(
                async sql =>
                {
                    await RefuseWhileOthersWork(sql, stop);
                    if (!await SchemaRunner.IsFresh(sql))
                    {
                        await SchemaLevel.Of(sql, rooms);
                    }
                    await RefuseWhatIsThere(sql, mayReplace);
                    var access = Tables.Of(sql);
                    foreach (var table in SchemaLevel.AllTables(Dialect.Postgres, rooms))
                    {
                        await access.Drop(table);
                    }
                    await Load(db, sql, stop);
                    await uploads.Bring(stop);
                    return 0;
                },
                // What is interrupted is waited for: it must be over before its files are taken back.
                CancellationToken.None
            );
        }
        catch
        {
            uploads.TakeBack();
            throw;
        }
        uploads.Settle();
    }

    /// <summary>Into a new file, which then takes the old one's place. The caller has the data directory for itself.</summary>
    /// <exception cref="StartupException">The target will not do, or the backup; nothing was changed.</exception>
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
        await RefuseWhatIsThere(file, library, clock, mayReplace);
        var made = $"{file}.restoring";
        SqliteFile.Remove(made);
        try
        {
            await Durable.NewPrivate(made).DisposeAsync();
            await using (var db = Database.OpenSqlite(made, library, clock))
            {
                await db.Migrate(
                    async sql =>
                    {
                        await Load(db, sql, stop);
                        return 0;
                    },
                    stop
                );
                if (await db.Read(sql => sql.Query<string>("PRAGMA integrity_check"), stop) is not ["ok"])
                {
                    throw new StartupException("The restored database does not pass its integrity check.");
                }
            }
            SqliteFile.Close(made);
            await uploads.Bring(stop);
            stop.ThrowIfCancellationRequested();
            SqliteFile.Replace(file, made);
        }
        catch
        {
            uploads.TakeBack();
            SqliteFile.Remove(made);
            throw;
        }
        uploads.Settle();
    }

    private Task Verify(CancellationToken stop) =>
        stage("Checking the backup", manifest.Size, step => backup.Verify(step, stop));

    /// <summary>The schema of the backup's level, its rows, and what this release has added since.</summary>
    private async Task Load(Database db, Sql sql, CancellationToken stop)
    {
        await new SchemaRunner(db, SchemaLevel.Scripts(manifest, sql.Dialect, rooms), SchemaLevel.Release).Migrate(sql);
        var access = Tables.Of(sql);
        var names = SchemaLevel.Tables(await access.Names(), sql.Dialect, rooms);
        if (!names.Order().SequenceEqual(manifest.Tables.Select(table => table.Name).Order()))
        {
            throw new StartupException("The backup has other tables than its schema: it was changed by hand.");
        }
        await stage(
            "Restoring the database",
            manifest.Tables.Sum(table => table.Size),
            async step =>
            {
                await access.LetGoOfForeignKeys(names);
                foreach (var table in manifest.Tables)
                {
                    await Fill(access, sql, table, step, stop);
                }
                await access.HoldForeignKeys();
            }
        );
        LostNuls = access.LostNuls;
        await new SchemaRunner(db, rooms).Migrate(sql);
        foreach (var derived in rooms.SelectMany(room => room.DerivedTables))
        {
            await stage($"Making {derived.Name} anew", 0, _ => derived.Fill(sql));
        }
    }

    private async Task Fill(Tables access, Sql sql, ManifestTable table, Action<long> step, CancellationToken stop)
    {
        var columns = await access.Columns(table.Name);
        if (!columns.ToHashSet().SetEquals(table.Columns))
        {
            throw new StartupException($"The backup's table {table.Name} has other columns than its schema.");
        }
        // What a schema script put into its table is among the backup's rows, unless somebody took it out since.
        await sql.Execute($"DELETE FROM {Quoted(table.Name)}");
        await access.Fill(table.Name, table.Columns, backup.Rows(table, step, stop), stop);
        var count = await sql.Single<long>($"SELECT count(*) FROM {Quoted(table.Name)}");
        if (count != table.Rows)
        {
            throw new StartupException($"Of {table.Rows} rows of {table.Name} only {count} arrived.");
        }
        if (table.LastId is { } lastId)
        {
            await access.SetLastId(table.Name, lastId);
        }
    }

    private async Task RefuseWhatIsThere(string file, string? library, TimeProvider clock, bool mayReplace)
    {
        if (mayReplace || !File.Exists(file))
        {
            await RefuseWhatIsThere(null, mayReplace);
            return;
        }
        await using var db = Database.OpenSqlite(file, library, clock);
        await db.Read(
            async sql =>
            {
                await RefuseWhatIsThere(sql, mayReplace);
                return 0;
            },
            CancellationToken.None
        );
    }

    private async Task RefuseWhatIsThere(Sql? sql, bool mayReplace)
    {
        if (mayReplace)
        {
            return;
        }
        var hasUsers =
            sql is not null
            && (await Tables.Of(sql).Names()).Contains("users")
            && await sql.Single<long>("SELECT count(*) FROM users") > 0;
        if (hasUsers || uploads.AreThere)
        {
            throw new StartupException(
                $"There {(hasUsers ? "are users in this database" : "are uploads in this data directory")} already: --replace takes the backup's place for all of it."
            );
        }
    }

    /// <summary>Their caches would speak of what is gone. One that was just stopped may take a moment to go.</summary>
    private static async Task RefuseWhileOthersWork(Sql sql, CancellationToken stop)
    {
        for (var look = 0; look < 10; look++)
        {
            var others = await sql.Single<long>(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'madang' AND pid <> pg_backend_pid()
                """
            );
            if (others == 0)
            {
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
            await sql.Query<string>("SELECT pg_stat_clear_snapshot()::text");
        }
        throw new StartupException("Another process of Madang is connected to this database: stop the servers first.");
    }
}
