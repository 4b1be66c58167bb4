using System.Diagnostics;
using Madang.Foundation.Data;

namespace Madang.HttpBench;

/// <summary>Fills a yard with links, and with the visits of two years to one of them.</summary>
internal static class FillLinks
{
    internal const string Busy = "busy";

    internal static string Slug(int number) => $"s{number:D7}";

    /// <summary>Makes a yard whose first user has so many links. They can be followed; for search they are not there.</summary>
    internal static async Task Prepare(string published, string data, int links)
    {
        var watch = Stopwatch.StartNew();
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={data}"))
        {
            await Users.SignUp(server);
        }
        await using var db = Open(data);
        await db.Write(
            async sql =>
            {
                await sql.Execute(
                    """
                    INSERT INTO links (slug, owner_id, url, url_hash, text_key, tags, visibility, visits, redirect_status, forward_query, created_at, updated_at)
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @links)
                    SELECT printf('s%07d', n), 1, 'https://www.example.com/articles/' || n || '/how-to-keep-a-yard', n, printf('s%07d', n), '[]', 'private', 0, 308, 0, @Start + n, @Start + n
                    FROM numbers
                    UNION ALL SELECT @Busy, 1, 'https://www.example.com/busy', 0, @Busy, '[]', 'private', 0, 308, 0, @Start, @Start
                    """,
                    new
                    {
                        links,
                        Busy,
                        Start = sql.Now.AddDays(-Days),
                    }
                );
                return 0;
            },
            default
        );
        await db.Write(BusyVisits, default);
        Console.Error.WriteLine($"{links:N0} links: {watch.Elapsed.TotalSeconds:F0} s");
    }

    /// <summary>How many visits are summed up.</summary>
    internal static async Task<long> Visits(string data)
    {
        await using var db = Open(data);
        return await db.Read(
            sql =>
                sql.Single<long>(
                    "SELECT CAST(coalesce(sum(people + bots), 0) AS bigint) FROM link_totals WHERE span = 0"
                ),
            default
        );
    }

    private const int Days = 730;

    private static Database Open(string data) =>
        Database.OpenSqlite(Path.Combine(data, "madang.db"), null, TimeProvider.System, TimeSpan.FromMinutes(5));

    /// <summary>143 visits in each quarter-hour of two years are ten million; of each kind a fifth of the names come in one quarter-hour.</summary>
    private static async Task<int> BusyVisits(Sql sql)
    {
        var values = new
        {
            Busy,
            Last = (sql.Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.FromMinutes(15).Ticks,
            Quarters = Days * 96,
        };
        await sql.Execute(
            """
            INSERT INTO link_totals (link_id, span, at, people, bots)
            WITH RECURSIVE quarters (at) AS (SELECT @Last - @Quarters UNION ALL SELECT at + 1 FROM quarters WHERE at < @Last - 1)
            SELECT id, 0, at, 133, 10 FROM quarters, links WHERE slug = @Busy
            """,
            values
        );
        await sql.Execute(
            """
            INSERT INTO link_totals (link_id, span, at, people, bots)
            SELECT link_id, 1, at / 4, sum(people), sum(bots) FROM link_totals WHERE span = 0 GROUP BY link_id, at / 4
            """
        );
        await sql.Execute(
            """
            INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
            WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 14),
            kinds (kind) AS (VALUES (1), (2), (3), (4), (5), (6))
            SELECT link_id, 0, at, kind, 'name ' || n, 44, 3 FROM link_totals, kinds, numbers
            WHERE span = 0 AND (at + n) % 5 = 0
            ORDER BY link_id, at, kind, 'name ' || n
            """
        );
        await sql.Execute(
            """
            INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
            SELECT link_id, 2, at / 96, kind, name, sum(people), sum(bots) FROM link_details WHERE span = 0
            GROUP BY link_id, at / 96, kind, name
            """
        );
        return await sql.Execute(
            """
            INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
            SELECT link_id, 3, at / 32, kind, name, sum(people), sum(bots) FROM link_details WHERE span = 2
            GROUP BY link_id, at / 32, kind, name
            """
        );
    }
}
