using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;

namespace Madang.Foundation.Backups;

/// <summary>Which scripts had run on a database when it was backed up, and what that means for this release.</summary>
internal static class SchemaLevel
{
    internal static Version Release { get; } = new(typeof(SchemaLevel).Assembly.GetName().Version!.ToString(3));

    internal static string NameOf(Dialect dialect) => dialect == Dialect.Sqlite ? "sqlite" : "postgres";

    /// <returns>The scripts that have run here.</returns>
    /// <exception cref="StartupException">There is no schema yet, or one that this release does not know whole.</exception>
    internal static async Task<List<ManifestScript>> Of(Sql sql, IReadOnlyList<IModule> rooms)
    {
        var applied = await SchemaRunner.IsFresh(sql) ? [] : await SchemaRunner.Applied(sql);
        if (applied.Count == 0)
        {
            throw new StartupException("The database is empty: there is nothing to back up yet.");
        }
        var known = SchemaRunner.Scripts(sql.Dialect, rooms).Select(script => (script.Room, script.Number)).ToHashSet();
        var unknown = applied.Find(script => !known.Contains((script.Room, script.Number)));
        return unknown is null
            ? applied.ConvertAll(one => new ManifestScript(one.Room, one.Number, one.Name, one.Checksum))
            : throw new StartupException(
                $"The database has the schema of a newer Madang ({unknown.Label}): use that release."
            );
    }

    /// <returns>Those tables of a database that are ours and hold something of their own.</returns>
    internal static List<string> Tables(IEnumerable<string> names, Dialect dialect, IReadOnlyList<IModule> rooms)
    {
        var derived = rooms.SelectMany(room => room.DerivedTables).Select(table => table.Name);
        return [.. names.Intersect(AllTables(dialect, rooms)).Except(derived).Except(["schema_scripts"])];
    }

    /// <returns>Every table that any script ever made.</returns>
    internal static IEnumerable<string> AllTables(Dialect dialect, IReadOnlyList<IModule> rooms) =>
        SchemaRunner.Scripts(dialect, rooms).SelectMany(script => script.Tables).Append("schema_scripts").Distinct();

    /// <returns>Every table that the scripts which ran here made; none where none of ours ran.</returns>
    internal static async Task<List<string>> MadeHere(Sql sql, IReadOnlyList<IModule> rooms)
    {
        // Another program may have a table of that name.
        string[] ours = ["room", "number", "name", "checksum", "oldest_release"];
        var columns = await SchemaRunner.IsFresh(sql)
            ? []
            : (await Backups.Tables.Of(sql).Columns("schema_scripts")).ConvertAll(column => column.Name);
        if (ours.Except(columns).Any())
        {
            return [];
        }
        var ran = (await SchemaRunner.Applied(sql)).Select(script => (script.Room, script.Number)).ToHashSet();
        return
        [
            "schema_scripts",
            .. SchemaRunner
                .Scripts(sql.Dialect, rooms)
                .Where(script => ran.Contains((script.Room, script.Number)))
                .SelectMany(script => script.Tables)
                .Distinct(),
        ];
    }

    /// <returns>This release's scripts that bring an empty database to the backup's level.</returns>
    /// <exception cref="StartupException">The backup's schema is not one of this release's past or present.</exception>
    internal static List<SchemaScript> Scripts(Manifest manifest, Dialect target, IReadOnlyList<IModule> rooms)
    {
        var source = manifest.Database == NameOf(Dialect.Sqlite) ? Dialect.Sqlite : Dialect.Postgres;
        var known = SchemaRunner.Scripts(source, rooms).ToDictionary(script => (script.Room, script.Number));
        foreach (var ran in manifest.Scripts)
        {
            if (!known.TryGetValue((ran.Room, ran.Number), out var script))
            {
                throw new StartupException(
                    $"The backup has the schema of a newer Madang ({ran.Label}, made by {manifest.Madang}): restore it with that release or a newer one."
                );
            }
            if (script.Checksum != ran.Checksum)
            {
                throw new StartupException(
                    $"The schema script {ran.Label} is another here than where the backup was made: restore it with Madang {manifest.Madang}."
                );
            }
        }
        var level = manifest.Scripts.Select(script => (script.Room, script.Number)).ToHashSet();
        return SchemaRunner.Scripts(target, rooms).FindAll(script => level.Contains((script.Room, script.Number)));
    }
}
