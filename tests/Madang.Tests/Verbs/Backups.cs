using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>Backups and restores without processes: their parts called as the verbs call them, showing nothing.</summary>
internal static class Backups
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static Task Quietly(string title, long total, Func<Action<long>, Task> work) => work(_ => { });

    internal static Task<Manifest> Write(Database db, string directory, string file) =>
        new Backup(db, Modules.All, directory, null, Quietly).Write(file, false, Stop);

    /// <summary>As the verb does it: while nobody else has the database open.</summary>
    /// <returns>How many NULs were left out.</returns>
    internal static async Task<long> Restore(
        Bare target,
        string directory,
        string file,
        bool mayReplace = false,
        Stage? stage = null
    )
    {
        await target.Close();
        try
        {
            using var backup = BackupFile.Open(file);
            var restore = new Restore(backup, Modules.All, directory, stage ?? Quietly);
            if (target is BareSqlite sqlite)
            {
                await restore.IntoSqlite(sqlite.File, null, target.Clock, mayReplace, Stop);
            }
            else
            {
                await using var db = target.Open();
                await restore.IntoPostgres(db, mayReplace, Stop);
            }
            return restore.LostNuls;
        }
        finally
        {
            target.Reopen();
        }
    }

    /// <summary>Whatever is wrong with a file is found before anything is changed.</summary>
    internal static async Task Verify(string file)
    {
        using var backup = BackupFile.Open(file);
        await backup.Verify(_ => { }, Stop);
    }

    /// <returns>A database at the level before a room's newest script.</returns>
    internal static Task BuildOld(this Bare bare) =>
        new SchemaRunner(bare.Database, Old(bare), new Version(0, 1, 0)).Migrate(Stop);

    private static List<SchemaScript> Old(Bare bare) =>
        SchemaRunner
            .Scripts(bare.Database, Modules.All)
            .FindAll(script => (script.Room, script.Number) != ("memos", 2));

    /// <returns>Every row of a table as one text each, in the order of its first column.</returns>
    internal static Task<List<string>> Dump(this Database db, string table) =>
        db.Read(
            async sql =>
            {
                var access = Tables.Of(sql);
                var columns = (await access.Columns(table))
                    .OrderBy(column => column.Name, StringComparer.Ordinal)
                    .ToList();
                var rows = new List<string>();
                await foreach (var row in access.Rows(table, columns, Stop))
                {
                    rows.Add(
                        string.Join('|', row.Select(value => value is byte[] b ? Convert.ToHexString(b) : $"{value}"))
                    );
                }
                return rows.Order(StringComparer.Ordinal).ToList();
            },
            Stop
        );
}
