using System.Globalization;
using Madang.Foundation.Data;

namespace Madang.Links.Counting;

/// <summary>The SQL of statistics.</summary>
public sealed class StatsStore(Database db)
{
    /// <summary>So many names of each kind are told, those with the most visits.</summary>
    internal const int MostNames = 100;

    /// <param name="link">The link.</param>
    /// <param name="buckets">The span and its parts.</param>
    /// <param name="isAll">Whether nothing was counted before the span, or after it: then its ends need not be cut exactly.</param>
    /// <param name="pending">Names of batches.</param>
    /// <param name="stop">Heeded between statements.</param>
    /// <returns>The totals of each bucket in turn, the details of the whole span, and whether one of the batches is in them.</returns>
    internal Task<((Sum[] Totals, List<Line> Details) Read, bool IsAnySummed)> Read(
        long link,
        Buckets buckets,
        (bool Before, bool After) isAll,
        string[] pending,
        CancellationToken stop
    )
    {
        var from = isAll.Before ? 0 : buckets.Starts[0];
        var to = isAll.After ? (buckets.End / Rollup.QuartersOfBlock + 1) * Rollup.QuartersOfBlock : buckets.End;
        // The fewest lines that cover the span: 32 days each in the middle, days before and after them, quarter-hours at the ends.
        var (firstDay, lastDay) = Whole(from, to, Rollup.QuartersOfDay);
        var (firstBlock, lastBlock) = Whole(firstDay, lastDay, Rollup.QuartersOfBlock);
        var values = new
        {
            link,
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
            {
                var totals = new Sum[buckets.Starts.Count];
                foreach (var run in buckets.Runs())
                {
                    // Each step is looked up by itself: grouped, the rows of two years would be sorted first. Both of its sums come as
                    // one text, so that its rows are read once.
                    var sums = await sql.Rows(
                        """
                        WITH RECURSIVE steps (begins, ends) AS (
                            SELECT CAST(@First AS bigint), CAST(@Second AS bigint)
                            UNION ALL
                            SELECT ends, CASE WHEN ends + @Step < @End THEN ends + @Step ELSE @End END
                            FROM steps WHERE ends < @End
                        )
                        SELECT begins, coalesce((
                            SELECT CAST(sum(people) AS text) || ' ' || CAST(sum(bots) AS text) FROM link_totals
                            WHERE link_id = @link AND span = @TotalSpan AND at >= begins AND at < ends
                        ), '0 0')
                        FROM steps
                        """,
                        new
                        {
                            link,
                            TotalSpan = (long)(run.Unit == 1 ? Span.Quarter : Span.Hour),
                            First = run.From / run.Unit,
                            Second = run.FirstEnd / run.Unit,
                            End = run.To / run.Unit,
                            Step = (long)(run.Step / run.Unit),
                        },
                        row => (At: row.Number(0) * run.Unit, Sum: Both(row.Text(1)))
                    );
                    var place = 0;
                    foreach (var (at, sum) in sums)
                    {
                        place = buckets.PlaceOf(at, place);
                        totals[place].Add(sum.People, sum.Bots);
                    }
                }
                var details = await sql.Rows(
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
                    row => new Line(link, 0, 0, row.Number(0), row.Text(1), row.Number(2), row.Number(3))
                );
                // Looked at last: what another process sums up between the rest and this is told a moment late, and nothing twice.
                var isAnySummed =
                    pending.Length > 0
                    && await sql.Single<long>(
                        $"SELECT count(*) FROM link_batches WHERE {sql.In("name", "@pending")} AND summed_at IS NOT NULL",
                        new { pending }
                    ) > 0;
                return ((totals, details), isAnySummed);
            },
            stop
        );
    }

    private static Sum Both(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return new(
            long.Parse(text.AsSpan(0, space), CultureInfo.InvariantCulture),
            long.Parse(text.AsSpan(space + 1), CultureInfo.InvariantCulture)
        );
    }

    /// <returns>The whole lengths within, or where there is none, no span at all that divides it in two.</returns>
    private static (long First, long Last) Whole(long from, long to, int length)
    {
        var first = Math.Min(to, (from + length - 1) / length * length);
        return (first, Math.Max(first, to / length * length));
    }
}
