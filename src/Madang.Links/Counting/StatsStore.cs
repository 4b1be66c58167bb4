using Madang.Foundation.Data;

namespace Madang.Links.Counting;

/// <summary>Every line of SQL that reads visits.</summary>
public sealed class StatsStore(Database db)
{
    /// <summary>So many names of each kind are told, those with the most visits.</summary>
    internal const int MostNames = 100;

    /// <returns>The totals in order of time, by hours where those will do, and the details of the whole span.</returns>
    internal Task<(List<Line> Totals, List<Line> Details)> Read(long link, Buckets buckets, CancellationToken stop)
    {
        var (from, to) = (buckets.Starts[0], buckets.End);
        // The fewest lines that cover the span: 32 days each in the middle, days before and after them, quarter-hours at the ends.
        var (firstDay, lastDay) = Whole(from, to, Rollup.QuartersOfDay);
        var (firstBlock, lastBlock) = Whole(firstDay, lastDay, Rollup.QuartersOfBlock);
        var size = buckets.AreWholeHours ? Rollup.QuartersOfHour : 1;
        var values = new
        {
            link,
            TotalSpan = (long)(buckets.AreWholeHours ? Span.Hour : Span.Quarter),
            TotalFrom = from / size,
            TotalTo = to / size,
            Quarter = (long)Span.Quarter,
            Day = (long)Span.Day,
            Block = (long)Span.Block,
            from,
            to,
            DaysFrom = firstDay,
            DaysTo = lastDay,
            FirstDay = firstDay / Rollup.QuartersOfDay,
            DaysBefore = firstBlock / Rollup.QuartersOfDay,
            DaysAfter = lastBlock / Rollup.QuartersOfDay,
            LastDay = lastDay / Rollup.QuartersOfDay,
            FirstBlock = firstBlock / Rollup.QuartersOfBlock,
            LastBlock = lastBlock / Rollup.QuartersOfBlock,
        };
        return db.Read(
            async sql =>
                (
                    await sql.Rows(
                        """
                        SELECT at, people, bots FROM link_totals
                        WHERE link_id = @link AND span = @TotalSpan AND at >= @TotalFrom AND at < @TotalTo
                        ORDER BY at
                        """,
                        values,
                        row => new Line(link, 0, row.Number(0) * size, 0, "")
                        {
                            People = row.Number(1),
                            Bots = row.Number(2),
                        }
                    ),
                    await sql.Rows(
                        """
                        SELECT kind, name, CAST(sum(people) AS bigint), CAST(sum(bots) AS bigint) FROM (
                            SELECT kind, name, people, bots FROM link_details
                            WHERE link_id = @link AND span = @Block AND at >= @FirstBlock AND at < @LastBlock
                            UNION ALL
                            SELECT kind, name, people, bots FROM link_details
                            WHERE link_id = @link AND span = @Day AND at >= @FirstDay AND at < @DaysBefore
                            UNION ALL
                            SELECT kind, name, people, bots FROM link_details
                            WHERE link_id = @link AND span = @Day AND at >= @DaysAfter AND at < @LastDay
                            UNION ALL
                            SELECT kind, name, people, bots FROM link_details
                            WHERE link_id = @link AND span = @Quarter AND at >= @from AND at < @DaysFrom
                            UNION ALL
                            SELECT kind, name, people, bots FROM link_details
                            WHERE link_id = @link AND span = @Quarter AND at >= @DaysTo AND at < @to
                        ) AS found
                        GROUP BY kind, name
                        """,
                        values,
                        row => new Line(link, 0, 0, row.Number(0), row.Text(1))
                        {
                            People = row.Number(2),
                            Bots = row.Number(3),
                        }
                    )
                ),
            stop
        );
    }

    /// <returns>The whole lengths within, or where there is none, no span at all that divides it in two.</returns>
    private static (long First, long Last) Whole(long from, long to, int length)
    {
        var first = Math.Min(to, (from + length - 1) / length * length);
        return (first, Math.Max(first, to / length * length));
    }
}
