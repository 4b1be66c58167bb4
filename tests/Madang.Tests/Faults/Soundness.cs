using Madang.Foundation.Data;

namespace Madang.Tests.Faults;

/// <summary>Whether a database is whole: by its own check, and by what must be true between its tables.</summary>
internal static class Soundness
{
    /// <summary>Every memo whose 201 arrived is there with its text.</summary>
    internal static async Task Has(this Database database, IReadOnlyDictionary<long, string> acknowledged)
    {
        var first = acknowledged.Count == 0 ? 0 : acknowledged.Keys.Min();
        var kept = (
            await database.Read(
                sql =>
                    sql.Query<(long Id, string Text)>("SELECT id, text FROM memos WHERE id >= @first", new { first }),
                CancellationToken.None
            )
        ).ToDictionary(memo => memo.Id, memo => memo.Text);
        var lost = acknowledged.Where(memo => kept.GetValueOrDefault(memo.Key)?.TrimEnd() != memo.Value.TrimEnd());
        Assert.Empty(lost);
    }

    internal static async Task IsSound(this Database database)
    {
        if (database.Dialect == Dialect.Sqlite)
        {
            Assert.Equal(
                "ok",
                await database.Ask<string>("SELECT group_concat(integrity_check) FROM pragma_integrity_check")
            );
            Assert.Equal(0, await database.Ask<long>("SELECT count(*) FROM pragma_foreign_key_check"));
            // The full-text index has a check of its own, which fails with an error.
            await database.Write(
                sql => sql.Execute("INSERT INTO memo_grams (memo_grams) VALUES ('integrity-check')"),
                CancellationToken.None
            );
        }
        else if (await database.Ask<bool>("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'amcheck')"))
        {
            await CheckPages(database);
        }
        // Each text bears two tags.
        Assert.Equal(
            0,
            await database.Ask<long>(
                "SELECT count(*) FROM memos WHERE (SELECT count(*) FROM memo_tags WHERE memo_id = memos.id) <> 2"
            )
        );
        Assert.Equal(
            0,
            await database.Ask<long>(
                "SELECT count(*) FROM memo_tags WHERE NOT EXISTS (SELECT 1 FROM memos WHERE id = memo_id AND text LIKE '%#' || name || ' %')"
            )
        );
        var shared = await database.Ask<long>("SELECT count(*) FROM memos WHERE visibility = 'team'");
        Assert.Equal(shared, await database.Ask<long>("SELECT count(*) FROM events WHERE type = 'memo_shared'"));
        // 모, which every text has.
        Assert.Equal(
            shared,
            await database.Ask<long>(
                database.Dialect == Dialect.Sqlite
                    ? "SELECT count(*) FROM memos JOIN memo_grams ON memo_grams.rowid = memos.id WHERE memo_grams MATCH 'xbaa8' AND visibility = 'team'"
                    : "SELECT count(*) FROM memos JOIN memo_grams ON memo_id = id WHERE grams @> ARRAY['xbaa8'] AND visibility = 'team'"
            )
        );
    }

    /// <returns>How many visits of links are summed up; each span must have the same.</returns>
    internal static async Task<long> Visits(this Database database)
    {
        var quarters = await database.Ask<long>(
            "SELECT CAST(coalesce(sum(people + bots), 0) AS bigint) FROM link_totals WHERE span = 0"
        );
        Assert.Equal(
            quarters,
            await database.Ask<long>(
                "SELECT CAST(coalesce(sum(people + bots), 0) AS bigint) FROM link_totals WHERE span = 1"
            )
        );
        Assert.Equal(quarters, await database.Ask<long>("SELECT count(*) FROM link_visits"));
        return quarters;
    }

    /// <returns>How many batches of visits are written and not summed up.</returns>
    internal static Task<long> Unsummed(this Database database) =>
        database.Ask<long>("SELECT count(*) FROM link_batches WHERE summed_at IS NULL");

    private static Task<T> Ask<T>(this Database database, string text) =>
        database.Read(sql => sql.Single<T>(text), CancellationToken.None);

    /// <summary>Every page of every table, and every row by every B-tree.</summary>
    private static async Task CheckPages(Database database)
    {
        await database.Write(sql => sql.Execute("CREATE EXTENSION IF NOT EXISTS amcheck"), CancellationToken.None);
        Assert.Equal(
            0,
            await database.Ask<long>(
                """
                SELECT count(*) FROM pg_class, verify_heapam(pg_class.oid)
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                """
            )
        );
        await database.Ask<long>(
            """
            SELECT count(bt_index_check(pg_class.oid, true)::text) FROM pg_class
            JOIN pg_am ON pg_am.oid = relam
            WHERE relkind = 'i' AND amname = 'btree' AND relnamespace = 'public'::regnamespace
            """
        );
    }
}
