using Madang.Foundation.Data;

namespace Madang.Links.Counting;

/// <summary>Every line of SQL that writes visits.</summary>
public sealed class VisitStore(Database db)
{
    /// <summary>Writes a batch of visits once, however often it is tried: a commit may have come to pass though nobody heard of it.</summary>
    internal async Task Write(Batch batch, CancellationToken stop)
    {
        var sum = new Rollup(batch.Visits);
        await db.Write(
            async sql =>
            {
                var isNew = await sql.Execute(
                    "INSERT INTO link_batches (id, at) VALUES (@Id, @Now) ON CONFLICT DO NOTHING",
                    new { batch.Id, sql.Now }
                );
                if (isNew == 1)
                {
                    await (sql.Dialect == Dialect.Sqlite ? OneByOne(sql, batch, sum) : InColumns(sql, batch, sum));
                }
                return isNew;
            },
            stop
        );
    }

    private static async Task OneByOne(Sql sql, Batch batch, Rollup sum)
    {
        await sql.Execute(
            """
            INSERT INTO link_totals (link_id, span, at, people, bots) VALUES (@Link, @Span, @At, @People, @Bots)
            ON CONFLICT (link_id, span, at) DO UPDATE SET people = people + excluded.people, bots = bots + excluded.bots
            """,
            sum.Totals
        );
        await sql.Execute(
            """
            INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
            VALUES (@Link, @Span, @At, @Kind, @Name, @People, @Bots)
            ON CONFLICT (link_id, span, at, kind, name)
            DO UPDATE SET people = people + excluded.people, bots = bots + excluded.bots
            """,
            sum.Details
        );
        await sql.Execute(
            "UPDATE links SET visits = visits + @Value WHERE id = @Key AND deleted_at IS NULL",
            sum.Unused
        );
        await sql.Execute(
            """
            INSERT INTO link_visits
                (link_id, at, is_bot, referrer, browser, system, device, language, country, network)
            VALUES (@Link, @At, @IsBot, @Referrer, @Browser, @System, @Device, @Language, @Country, @Network)
            """,
            batch.Visits.Select(visit => new
            {
                visit.Link,
                visit.At,
                visit.Agent.IsBot,
                visit.Referrer,
                visit.Agent.Browser,
                visit.Agent.System,
                visit.Agent.Device,
                visit.Language,
                visit.Country,
                visit.Network,
            })
        );
    }

    /// <summary>In the order of the keys, so that two processes that write the same lines wait for each other and not in a circle.</summary>
    private static async Task InColumns(Sql sql, Batch batch, Rollup sum)
    {
        var links = sum.Unused.OrderBy(one => one.Key).ToArray();
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
        var totals = sum.Totals.OrderBy(line => (line.Link, line.Span, line.At)).ToArray();
        await sql.Execute(
            """
            INSERT INTO link_totals (link_id, span, at, people, bots)
            SELECT * FROM unnest(@Link, @Span, @At, @People, @Bots)
            ON CONFLICT (link_id, span, at) DO UPDATE SET
                people = link_totals.people + excluded.people, bots = link_totals.bots + excluded.bots
            """,
            Columns(totals)
        );
        var details = sum
            .Details.OrderBy(line => (line.Link, line.Span, line.At, line.Kind))
            .ThenBy(line => line.Name, StringComparer.Ordinal)
            .ToArray();
        await sql.Execute(
            """
            INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
            SELECT * FROM unnest(@Link, @Span, @At, @Kind, @Name, @People, @Bots)
            ON CONFLICT (link_id, span, at, kind, name) DO UPDATE SET
                people = link_details.people + excluded.people, bots = link_details.bots + excluded.bots
            """,
            Columns(details)
        );
        var visits = batch.Visits;
        await sql.Execute(
            """
            INSERT INTO link_visits
                (link_id, at, is_bot, referrer, browser, system, device, language, country, network)
            SELECT link, timestamptz '1970-01-01Z' + at * interval '1 microsecond',
                bot, referrer, browser, system, device, language, country, network
            FROM unnest(@Link, @At, @Bot, @Referrer, @Browser, @System, @Device, @Language, @Country, @Network)
                AS given (link, at, bot, referrer, browser, system, device, language, country, network)
            """,
            new
            {
                Link = visits.ConvertAll(visit => visit.Link).ToArray(),
                At = visits.ConvertAll(visit => visit.At).ToArray(),
                Bot = visits.ConvertAll(visit => visit.Agent.IsBot).ToArray(),
                Referrer = visits.ConvertAll(visit => visit.Referrer).ToArray(),
                Browser = visits.ConvertAll(visit => visit.Agent.Browser).ToArray(),
                System = visits.ConvertAll(visit => visit.Agent.System).ToArray(),
                Device = visits.ConvertAll(visit => visit.Agent.Device).ToArray(),
                Language = visits.ConvertAll(visit => visit.Language).ToArray(),
                Country = visits.ConvertAll(visit => visit.Country).ToArray(),
                Network = visits.ConvertAll(visit => visit.Network).ToArray(),
            }
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
