using Madang.Foundation.Data;
using Madang.Foundation.Modules;

namespace Madang.Foundation.Backups;

/// <summary>The database that a restore finds in its place: who may not lose it, and which ids it has given.</summary>
internal sealed class RestoreTarget(IReadOnlyList<IModule> rooms, bool hasUploads, bool mayReplace)
{
    /// <returns>
    /// The highest id that each table ever gave: links, logs and caches of others know it, so that it is never given to another thing.
    /// </returns>
    /// <exception cref="StartupException">It may not be replaced.</exception>
    internal async Task<Dictionary<string, long>> Look(Sql sql)
    {
        var access = Tables.Of(sql);
        var there = await access.Names();
        var made = await SchemaLevel.MadeHere(sql, rooms);
        // On SQLite the whole file is given up, on PostgreSQL those tables alone that are in our way: they must be ours, whatever is allowed.
        if (sql.Dialect == Dialect.Postgres)
        {
            RefuseOthers(there.Intersect(SchemaLevel.AllTables(sql.Dialect, rooms)).Except(made));
        }
        if (!mayReplace)
        {
            RefuseOthers(made.Count == 0 && sql.Dialect == Dialect.Sqlite ? there : []);
            RefuseWithUploads();
            if (
                made.Contains("users")
                && there.Contains("users")
                && await sql.Single<bool>("SELECT EXISTS (SELECT 1 FROM users)")
            )
            {
                throw InUse("are users in this database");
            }
        }
        var given = new Dictionary<string, long>();
        foreach (var table in there.Intersect(made))
        {
            if (await access.LastId(table) is { } lastId)
            {
                given.Add(table, lastId);
            }
        }
        return given;
    }

    /// <summary>Uploads alone are enough to be careful.</summary>
    internal void RefuseWithUploads()
    {
        if (hasUploads && !mayReplace)
        {
            throw InUse("are uploads in this data directory");
        }
    }

    /// <summary>Their caches would speak of what is gone. One that was just stopped may take a moment to go.</summary>
    internal static async Task RefuseWhileOthersWork(Sql sql, CancellationToken stop)
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

    private static void RefuseOthers(IEnumerable<string> tables)
    {
        if (tables.FirstOrDefault() is { } table)
        {
            throw new StartupException(
                $"The database has a table '{table}' that is not Madang's: a yard wants a database of its own."
            );
        }
    }

    private static StartupException InUse(string what) =>
        new($"There {what} already: --replace takes the backup's place for all of it.");
}
