using Madang.Foundation.Data;

namespace Madang.Links.Counting;

/// <summary>Visits that are written together, under a name by which a second try is known.</summary>
internal sealed record Batch(string Name, List<Visit> Visits);

/// <summary>
/// Batches that are summed up, and their sums as they are then: nothing of it changes, so that a write that was given up and goes on
/// nevertheless, and the next try, do not meet.
/// </summary>
/// <param name="Batches">Their names.</param>
/// <param name="Unused">Of each link the visits that its own row doesn't count yet, in the order of its id.</param>
/// <param name="Totals">Totals by quarter-hour, in the order of the table's key.</param>
/// <param name="Details">Details by quarter-hour, in the order of the table's key.</param>
internal sealed record Sums(string[] Batches, KeyValuePair<long, long>[] Unused, Line[] Totals, Line[] Details);

/// <summary>
/// The SQL that writes visits. A batch of visits is written as it is, and its sums with it or later, with those of others: each
/// batch remembers whether it was summed up, so that whoever does it, it is done once.
/// </summary>
public sealed class VisitStore(Database db)
{
    /// <summary>Writes a batch once, however often it is tried: a commit may have come to pass though nobody heard of it.</summary>
    /// <param name="batch">The visits, or null when there are none.</param>
    /// <param name="due">Batches, with this one or without, that are summed up in the same commit; or null.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal Task Write(Batch? batch, Sums? due, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                if (batch is not null)
                {
                    await AddVisits(sql, batch);
                }
                if (due is null)
                {
                    return 0;
                }
                var left = await sql.Query<string>(
                    // Locked, so that who sums one of them up at this moment is waited for.
                    $"""
                    SELECT name FROM link_batches WHERE {sql.In("name", "@Batches")} AND summed_at IS NULL
                    ORDER BY number {sql.For("", "FOR UPDATE")}
                    """,
                    new { due.Batches }
                );
                // Some, but not all: another process took this one for dead. What is left of its batches is summed up as theirs are.
                if (left.Count == due.Batches.Length)
                {
                    await Take(sql, due.Batches);
                    await SumStore.Add(sql, due);
                }
                return 0;
            },
            stop
        );

    /// <summary>Sums up what was written before, and by whoever wrote it never summed up: he was killed.</summary>
    internal async Task SumUpLeftOver(TimeSpan since, CancellationToken stop)
    {
        var left = await db.Read(
            sql =>
                sql.Query<LeftOver>(
                    """
                    SELECT number, name, first_visit, visits FROM link_batches
                    WHERE summed_at IS NULL AND at <= @Before
                    ORDER BY at
                    """,
                    new { Before = sql.Now - since }
                ),
            stop
        );
        DatabaseUnavailableException? failure = null;
        foreach (var batch in left)
        {
            try
            {
                await db.Write(
                    async sql =>
                    {
                        if (await Take(sql, [batch.Name]) == 1)
                        {
                            await SumStore.Add(sql, (await Read(sql, batch)).Sums([batch.Name]));
                        }
                        return 0;
                    },
                    stop
                );
            }
            catch (DatabaseUnavailableException error)
            {
                // One that takes too long must not keep the others.
                failure = error;
            }
        }
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static Task<int> Take(Sql sql, string[] names) =>
        sql.Execute(
            $"UPDATE link_batches SET summed_at = @Now WHERE {sql.In("name", "@Names")} AND summed_at IS NULL",
            new { sql.Now, Names = names }
        );

    private static async Task<Rollup> Read(Sql sql, LeftOver batch)
    {
        var visits = await sql.Rows(
            """
            SELECT link_id, at, CASE WHEN is_used THEN 1 ELSE 0 END, CASE WHEN is_bot THEN 1 ELSE 0 END,
                referrer, browser, system, device, language, country
            FROM link_visits
            WHERE id >= @FirstVisit AND batch = @Number
            ORDER BY id
            LIMIT @Visits
            """,
            batch,
            row => new Visit(
                row.Number(0),
                (row.Time(1).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
                row.Number(2) == 1,
                new(row.Number(3) == 1, row.Text(5), row.Text(6), row.Text(7)),
                row.Text(4),
                row.Text(8),
                row.Text(9),
                0,
                true
            )
        );
        var sum = new Rollup(new());
        visits.ForEach(sum.Add);
        return sum;
    }

    private static async Task AddVisits(Sql sql, Batch batch)
    {
        var number = await sql.First<long?>(
            """
            INSERT INTO link_batches (name, at, first_visit, visits)
            VALUES (@Name, @Now, (SELECT coalesce(max(id), 0) + 1 FROM link_visits), @Count)
            ON CONFLICT DO NOTHING
            RETURNING number
            """,
            new
            {
                batch.Name,
                sql.Now,
                batch.Visits.Count,
            }
        );
        if (number is null)
        {
            return;
        }
        var visits = batch.Visits;
        if (sql.Dialect == Dialect.Sqlite)
        {
            Visit? before = null;
            sql.ForEach(
                """
                INSERT INTO link_visits (batch, link_id, at, is_used, is_bot, referrer, browser, system, device, language, country, network)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                """,
                visits,
                (places, visit) =>
                {
                    Put(places, number.Value, visit, before);
                    before = visit;
                }
            );
            return;
        }
        await sql.Execute(
            """
            INSERT INTO link_visits
                (batch, link_id, at, is_used, is_bot, referrer, browser, system, device, language, country, network)
            SELECT @number, link, timestamptz '1970-01-01Z' + at * interval '1 microsecond',
                used, bot, referrer, browser, system, device, language, country, network
            FROM unnest(@Link, @At, @Used, @Bot, @Referrer, @Browser, @System, @Device, @Language, @Country, @Network)
                AS given (link, at, used, bot, referrer, browser, system, device, language, country, network)
            """,
            new
            {
                number,
                Link = visits.ConvertAll(visit => visit.Link).ToArray(),
                At = visits.ConvertAll(visit => visit.At).ToArray(),
                Used = visits.ConvertAll(visit => visit.IsUsed).ToArray(),
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

    /// <summary>Texts are most of the work, and many visits say the same: what stands in a place from the visit before stays there.</summary>
    private static void Put(Places places, long batch, Visit visit, Visit? before)
    {
        if (before is null)
        {
            places.Number(1, batch);
        }
        places.Number(2, visit.Link);
        places.Number(3, visit.At);
        places.Number(4, visit.IsUsed ? 1 : 0);
        if (!ReferenceEquals(visit.Agent, before?.Agent))
        {
            places.Number(5, visit.Agent.IsBot ? 1 : 0);
            places.Text(7, visit.Agent.Browser);
            places.Text(8, visit.Agent.System);
            places.Text(9, visit.Agent.Device);
        }
        if (visit.Referrer != before?.Referrer)
        {
            places.Text(6, visit.Referrer);
        }
        if (visit.Language != before?.Language)
        {
            places.Text(10, visit.Language);
        }
        if (visit.Country != before?.Country)
        {
            places.Text(11, visit.Country);
        }
        if (visit.Address != before?.Address || visit.IsIPv4 != before?.IsIPv4)
        {
            places.Text(12, visit.Network);
        }
    }

    private sealed record LeftOver
    {
        public required long Number { get; init; }
        public required string Name { get; init; }
        public required long FirstVisit { get; init; }

        /// <summary>How many they are: once they are found, nobody looks further.</summary>
        public required long Visits { get; init; }
    }
}
