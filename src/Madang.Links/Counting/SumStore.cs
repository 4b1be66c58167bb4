using Madang.Foundation.Data;

namespace Madang.Links.Counting;

/// <summary>
/// The SQL that adds visits to the roll-ups. Lines are added in the order of their keys, so that two processes that write the same
/// ones wait for each other and not in a circle, and pages of the file are met one after another.
/// </summary>
internal static class SumStore
{
    internal static async Task Add(Sql sql, Sums sums)
    {
        if (sql.Dialect == Dialect.Sqlite)
        {
            OneByOne(sql, sums);
            return;
        }
        await InColumns(sql, sums);
    }

    private static void OneByOne(Sql sql, Sums sums)
    {
        sql.ForEach(
            "UPDATE links SET visits = visits + ?2 WHERE id = ?1 AND deleted_at IS NULL",
            sums.Unused,
            (places, link) =>
            {
                places.Number(1, link.Key);
                places.Number(2, link.Value);
            }
        );
        sql.ForEach(
            """
            INSERT INTO link_totals (link_id, span, at, people, bots) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (link_id, span, at) DO UPDATE SET people = people + excluded.people, bots = bots + excluded.bots
            """,
            TotalsOf(sums),
            Put
        );
        sql.ForEach(
            """
            INSERT INTO link_details (link_id, span, at, people, bots, kind, name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (link_id, span, at, kind, name)
            DO UPDATE SET people = people + excluded.people, bots = bots + excluded.bots
            """,
            DetailsOf(sums),
            (places, line) =>
            {
                Put(places, line);
                places.Number(6, line.Kind);
                places.Text(7, line.Name);
            }
        );
    }

    private static void Put(Places places, Line line)
    {
        places.Number(1, line.Link);
        places.Number(2, line.Span);
        places.Number(3, line.At);
        places.Number(4, line.People);
        places.Number(5, line.Bots);
    }

    private static async Task InColumns(Sql sql, Sums sums)
    {
        var links = sums.Unused;
        await sql.Execute(
            """
            WITH given AS MATERIALIZED (
                SELECT links.id, more FROM unnest(@Ids, @More) AS given (id, more)
                JOIN links ON links.id = given.id AND deleted_at IS NULL
                ORDER BY links.id
                FOR UPDATE OF links
            )
            UPDATE links SET visits = visits + more FROM given WHERE links.id = given.id
            """,
            new { Ids = Array.ConvertAll(links, one => one.Key), More = Array.ConvertAll(links, one => one.Value) }
        );
        await sql.Execute(
            """
            INSERT INTO link_totals (link_id, span, at, people, bots)
            SELECT link, span, at, CAST(sum(people) AS bigint), CAST(sum(bots) AS bigint)
            FROM unnest(@Link, @Span, @At, @People, @Bots) AS given (link, span, at, people, bots)
            GROUP BY link, span, at ORDER BY link, span, at
            ON CONFLICT (link_id, span, at) DO UPDATE SET
                people = link_totals.people + excluded.people, bots = link_totals.bots + excluded.bots
            """,
            Columns([.. TotalsOf(sums)])
        );
        await sql.Execute(
            """
            INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
            SELECT link, span, at, kind, name, CAST(sum(people) AS bigint), CAST(sum(bots) AS bigint)
            FROM unnest(@Link, @Span, @At, @Kind, @Name, @People, @Bots) AS given (link, span, at, kind, name, people, bots)
            GROUP BY link, span, at, kind, name ORDER BY link, span, at, kind, name
            ON CONFLICT (link_id, span, at, kind, name) DO UPDATE SET
                people = link_details.people + excluded.people, bots = link_details.bots + excluded.bots
            """,
            Columns([.. DetailsOf(sums)])
        );
    }

    private static IEnumerable<Line> TotalsOf(Sums sums) =>
        Rollup.WithLonger(sums.Totals, (Span.Hour, Rollup.QuartersOfHour));

    private static IEnumerable<Line> DetailsOf(Sums sums) =>
        Rollup.WithLonger(sums.Details, (Span.Day, Rollup.QuartersOfDay), (Span.Block, Rollup.QuartersOfBlock));

    private static object Columns(Line[] lines) =>
        new
        {
            Link = Array.ConvertAll(lines, line => line.Link),
            Span = Array.ConvertAll(lines, line => line.Span),
            At = Array.ConvertAll(lines, line => line.At),
            Kind = Array.ConvertAll(lines, line => line.Kind),
            Name = Array.ConvertAll(lines, line => line.Name),
            People = Array.ConvertAll(lines, line => line.People),
            Bots = Array.ConvertAll(lines, line => line.Bots),
        };
}
