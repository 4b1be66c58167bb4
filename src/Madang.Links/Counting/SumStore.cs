using Madang.Foundation.Data;

namespace Madang.Links.Counting;

/// <summary>
/// Every line of SQL that adds to the roll-ups. Lines are added in the order of their keys, so that two processes that write the same
/// ones wait for each other and not in a circle, and pages of the file are met one after another.
/// </summary>
internal static class SumStore
{
    internal static async Task Add(Sql sql, Rollup sum)
    {
        if (sql.Dialect == Dialect.Sqlite)
        {
            OneByOne(sql, sum);
            return;
        }
        await InColumns(sql, sum);
    }

    private static void OneByOne(Sql sql, Rollup sum)
    {
        sql.ForEach(
            "UPDATE links SET visits = visits + ?2 WHERE id = ?1 AND deleted_at IS NULL",
            sum.Unused(),
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
            sum.Totals(),
            Put
        );
        sql.ForEach(
            """
            INSERT INTO link_details (link_id, span, at, people, bots, kind, name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (link_id, span, at, kind, name)
            DO UPDATE SET people = people + excluded.people, bots = bots + excluded.bots
            """,
            sum.Details(),
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

    private static async Task InColumns(Sql sql, Rollup sum)
    {
        var links = sum.Unused();
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
            SELECT * FROM unnest(@Link, @Span, @At, @People, @Bots)
            ON CONFLICT (link_id, span, at) DO UPDATE SET
                people = link_totals.people + excluded.people, bots = link_totals.bots + excluded.bots
            """,
            Columns(sum.Totals())
        );
        await sql.Execute(
            """
            INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
            SELECT * FROM unnest(@Link, @Span, @At, @Kind, @Name, @People, @Bots)
            ON CONFLICT (link_id, span, at, kind, name) DO UPDATE SET
                people = link_details.people + excluded.people, bots = link_details.bots + excluded.bots
            """,
            Columns(sum.Details())
        );
    }

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
