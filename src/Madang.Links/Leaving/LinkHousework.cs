using Madang.Foundation.Data;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Leaving;

/// <summary>
/// Throws away single visits after <c>Links:KeepVisitsDays</c>, the roll-ups of deleted links, and the notes by which
/// processes and second tries know what was done. Roll-ups of other links stay for ever.
/// </summary>
public sealed class LinkHousework(Database db, TimeProvider clock, IConfiguration configuration) : IHousework
{
    private const int UsualDays = 90;

    /// <summary>Short writes, so that nobody waits for a long one.</summary>
    private const int Batch = 1_000;

    /// <summary>By then every visit is summed up, by another process if need be.</summary>
    private static readonly TimeSpan LeastKept = TimeSpan.FromHours(1);

    private static readonly TimeSpan KeptNotes = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public async Task Tidy(CancellationToken stop)
    {
        var kept = TimeSpan.FromDays(configuration.GetValue("Links:KeepVisitsDays", UsualDays));
        kept = kept < LeastKept ? LeastKept : kept;
        // The oldest come first by their ids, but for some that were written a moment later: those wait for the next time.
        await InBatches(
            """
            DELETE FROM link_visits
            WHERE id IN (SELECT id FROM link_visits ORDER BY id LIMIT @Batch) AND at < @Before
            """,
            kept,
            stop
        );
        await InBatches(
            """
            DELETE FROM link_changes
            WHERE id IN (SELECT id FROM link_changes WHERE at < @Before ORDER BY at LIMIT @Batch)
            """,
            KeptNotes,
            stop
        );
        await InBatches(
            """
            DELETE FROM link_batches
            WHERE number IN (SELECT number FROM link_batches WHERE at < @Before AND summed_at IS NOT NULL ORDER BY at LIMIT @Batch)
            """,
            KeptNotes,
            stop
        );
        await ForgetDeleted(stop);
    }

    /// <summary>A day later, when no process follows the link or writes a visit of it any more.</summary>
    private async Task ForgetDeleted(CancellationToken stop)
    {
        var deleted = await db.Read(
            sql =>
                sql.Query<long>(
                    """
                    SELECT id FROM links
                    WHERE deleted_at IS NOT NULL AND deleted_at < @Before
                    AND EXISTS (SELECT 1 FROM link_totals WHERE link_id = links.id)
                    ORDER BY deleted_at
                    LIMIT @Batch
                    """,
                    new { Before = sql.Now - KeptNotes, Batch }
                ),
            stop
        );
        foreach (var link in deleted)
        {
            await InBatches(
                """
                DELETE FROM link_details
                WHERE link_id = @link AND (span, at, kind, name) IN (
                    SELECT span, at, kind, name FROM link_details WHERE link_id = @link LIMIT @Batch
                )
                """,
                new { link, Batch },
                stop
            );
            // Last: by them it is known that there is something left to do.
            await InBatches(
                """
                DELETE FROM link_totals
                WHERE link_id = @link AND (span, at) IN (
                    SELECT span, at FROM link_totals WHERE link_id = @link LIMIT @Batch
                )
                """,
                new { link, Batch },
                stop
            );
        }
    }

    private Task InBatches(string text, TimeSpan kept, CancellationToken stop) =>
        InBatches(text, new { Before = clock.GetUtcNow() - kept, Batch }, stop);

    private async Task InBatches(string text, object values, CancellationToken stop)
    {
        int count;
        do
        {
            count = await db.Write(sql => sql.Execute(text, values), stop);
        } while (count > 0);
    }
}
