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
        // Whole days of UTC, and the quarter-hours before and after them.
        var firstDay = (from + Rollup.QuartersOfDay - 1) / Rollup.QuartersOfDay;
        var lastDay = Math.Max(firstDay, to / Rollup.QuartersOfDay);
        var size = buckets.AreWholeHours ? Rollup.QuartersOfHour : 1;
        var values = new
        {
            link,
            TotalSpan = (long)(buckets.AreWholeHours ? Span.Hour : Span.Quarter),
            TotalFrom = from / size,
            TotalTo = to / size,
            Quarter = (long)Span.Quarter,
            Day = (long)Span.Day,
            from,
            to,
            firstDay,
            lastDay,
            BeforeDays = Math.Min(to, firstDay * Rollup.QuartersOfDay),
            AfterDays = Math.Max(Math.Min(to, firstDay * Rollup.QuartersOfDay), lastDay * Rollup.QuartersOfDay),
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
                            WHERE link_id = @link AND span = @Day AND at >= @firstDay AND at < @lastDay
                            UNION ALL
                            SELECT kind, name, people, bots FROM link_details
                            WHERE link_id = @link AND span = @Quarter AND at >= @from AND at < @BeforeDays
                            UNION ALL
                            SELECT kind, name, people, bots FROM link_details
                            WHERE link_id = @link AND span = @Quarter AND at >= @AfterDays AND at < @to
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
}
