using System.Text.Json;
using Madang.Foundation.Data;
using Madang.Foundation.Web;

namespace Madang.Memos.Reading;

/// <summary>On which days of the last year somebody wrote, by the days of a time zone.</summary>
public sealed class MemoDays(Database db)
{
    internal const int Weeks = 53;

    /// <returns>Every day of the last 53 weeks, the current one included, oldest first, each with how many memos in use are of it.</returns>
    internal async Task<List<DayCount>> Year(long owner, TimeZoneInfo zone, DateOnly today, CancellationToken stop)
    {
        var first = today.AddDays(-(int)today.DayOfWeek - (7 * (Weeks - 1)));
        var days = Enumerable.Range(0, today.DayNumber - first.DayNumber + 1).Select(first.AddDays).ToList();
        var spans = days.ConvertAll(day => SpanOf(day, zone));
        var counts = await db.Read(sql => Counts(sql, owner, spans), stop);
        return [.. days.Zip(counts, (day, count) => new DayCount(day, count))];
    }

    /// <returns>When a day begins and ends; midnight, or the first moment after it where clocks are put forward over it.</returns>
    internal static (DateTimeOffset From, DateTimeOffset Until) SpanOf(DateOnly day, TimeZoneInfo zone) =>
        (StartOf(day, zone), StartOf(day.AddDays(1), zone));

    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone) =>
        Moments.At(day.ToDateTime(TimeOnly.MinValue), zone).ToUniversalTime();

    /// <summary>One range of the index for each day: so zones of any offset and days of any length come out right.</summary>
    private static async Task<int[]> Counts(
        Sql sql,
        long owner,
        List<(DateTimeOffset From, DateTimeOffset Until)> spans
    )
    {
        var rows = await sql.Query<PlaceCount>(
            sql.For(
                """
                SELECT key AS place, (
                    SELECT count(*) FROM memos
                    WHERE owner_id = @owner AND deleted_at IS NULL AND archived_at IS NULL
                    AND created_at >= json_extract(value, '$[0]') AND created_at < json_extract(value, '$[1]')
                ) AS count
                FROM json_each(@Spans)
                """,
                """
                SELECT place - 1 AS place, (
                    SELECT count(*) FROM memos
                    WHERE owner_id = @owner AND deleted_at IS NULL AND archived_at IS NULL
                    AND created_at >= day.start AND created_at < day.finish
                ) AS count
                FROM unnest(@Starts, @Finishes) WITH ORDINALITY AS day (start, finish, place)
                """
            ),
            sql.Dialect == Dialect.Sqlite
                ? new { owner, Spans = Json(spans) }
                : new
                {
                    owner,
                    Starts = spans.Select(span => span.From.UtcDateTime).ToArray(),
                    Finishes = spans.Select(span => span.Until.UtcDateTime).ToArray(),
                }
        );
        var counts = new int[spans.Count];
        foreach (var row in rows)
        {
            counts[row.Place] = (int)row.Count;
        }
        return counts;
    }

    private static string Json(List<(DateTimeOffset From, DateTimeOffset Until)> spans) =>
        JsonSerializer.Serialize(
            spans.ConvertAll<long[]>(span => [Microseconds(span.From), Microseconds(span.Until)]),
            MemosJson.Default.ListInt64Array
        );

    private static long Microseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private sealed record PlaceCount
    {
        public required long Place { get; init; }
        public required long Count { get; init; }
    }
}

/// <summary>A day and how many memos are of it.</summary>
/// <param name="Day">The day.</param>
/// <param name="Count">How many memos.</param>
public sealed record DayCount(DateOnly Day, int Count);
