using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;
using static Madang.Foundation.Data.Identifier;

namespace Madang.Foundation.Backups;

/// <summary>Brings a backup's rows into a database without tables of ours, in a transaction that the caller ends.</summary>
internal sealed class Loading(BackupFile backup, IReadOnlyList<IModule> rooms, Stage stage)
{
    private readonly Manifest manifest = backup.Manifest;

    /// <summary>Texts lost so many NULs, which the target cannot hold.</summary>
    internal long LostNuls { get; private set; }

    /// <summary>The schema of the backup's level, its rows, and what this release has added since.</summary>
    /// <exception cref="StartupException">The backup is not what its manifest and this release's schema say.</exception>
    internal async Task Load(Database db, Sql sql, string title, CancellationToken stop)
    {
        await new SchemaRunner(db, SchemaLevel.Scripts(manifest, sql.Dialect, rooms), SchemaLevel.Release).Migrate(sql);
        var access = Tables.Of(sql);
        var names = SchemaLevel.Tables(await access.Names(), sql.Dialect, rooms);
        if (!names.Order().SequenceEqual(manifest.Tables.Select(table => table.Name).Order()))
        {
            throw new StartupException("The backup has other tables than its schema: it was changed by hand.");
        }
        await stage(
            title,
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
    }

    /// <summary>Makes anew what only repeats other tables.</summary>
    internal async Task Derive(Sql sql)
    {
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
}
