using Madang.Foundation.Data;
using Madang.Memos.Writing;

namespace Madang.Memos.Leaving;

/// <summary>Every line of SQL that removes memos for good.</summary>
public sealed class MemoPurge(Database db) : IHousework
{
    /// <summary>How long a memo stays in the trash.</summary>
    internal static readonly TimeSpan Stay = TimeSpan.FromDays(30);

    /// <summary>Short transactions, so that nobody waits for a long one.</summary>
    private const int Batch = 200;

    /// <inheritdoc />
    public Task Tidy(CancellationToken stop) => EmptyTrash(stop);

    /// <summary>Removes what has been in the trash for 30 days.</summary>
    /// <returns>How many memos went.</returns>
    internal Task<int> EmptyTrash(CancellationToken stop) =>
        InBatches(
            sql =>
                // Locked, since a memo that its owner restores at this moment must stay.
                sql.Query<Gone>(
                    $"""
                    SELECT id, text, visibility FROM memos
                    WHERE deleted_at < @Before
                    ORDER BY deleted_at
                    LIMIT @Batch
                    {sql.For("", "FOR UPDATE SKIP LOCKED")}
                    """,
                    new { Before = sql.Now - Stay, Batch }
                ),
            stop
        );

    /// <summary>Removes all memos of a user, shared ones too.</summary>
    /// <returns>How many memos went.</returns>
    internal Task<int> RemoveAllOf(long owner, CancellationToken stop) =>
        InBatches(
            sql =>
                // In use, put away, in the trash: each has an index of its own, and none is of all.
                sql.Query<Gone>(
                    """
                    SELECT id, text, visibility FROM memos
                    WHERE owner_id = @owner AND deleted_at IS NULL AND archived_at IS NULL
                    UNION ALL
                    SELECT id, text, visibility FROM memos
                    WHERE owner_id = @owner AND deleted_at IS NULL AND archived_at IS NOT NULL
                    UNION ALL
                    SELECT id, text, visibility FROM memos
                    WHERE owner_id = @owner AND deleted_at IS NOT NULL
                    LIMIT @Batch
                    """,
                    new { owner, Batch }
                ),
            stop
        );

    /// <summary>Removes a user's sample memos. One that he has changed is his own: it stays, and is no sample any more.</summary>
    /// <returns>How many memos went.</returns>
    internal async Task<int> RemoveSamplesOf(long owner, CancellationToken stop)
    {
        var count = await InBatches(
            sql =>
                sql.Query<Gone>(
                    $"""
                    SELECT memos.id, text, visibility FROM memo_origins
                    JOIN memos ON memos.id = memo_id
                    WHERE memo_origins.owner_id = @owner AND origin >= 'sample:' AND origin < 'sample;'
                    AND updated_at = created_at
                    LIMIT @Batch
                    {sql.For("", "FOR UPDATE OF memos")}
                    """,
                    new { owner, Batch }
                ),
            stop
        );
        await db.Write(
            sql =>
                sql.Execute(
                    "DELETE FROM memo_origins WHERE owner_id = @owner AND origin >= 'sample:' AND origin < 'sample;'",
                    new { owner }
                ),
            stop
        );
        return count;
    }

    private async Task<int> InBatches(Func<Sql, Task<List<Gone>>> next, CancellationToken stop)
    {
        var count = 0;
        for (int removed; ; count += removed)
        {
            removed = await db.Write(
                async sql =>
                {
                    var batch = await next(sql);
                    foreach (var memo in batch)
                    {
                        if (memo.Visibility == Visibility.Team)
                        {
                            await MemoIndex.RemoveGrams(sql, memo.Id, memo.Text);
                        }
                        await sql.Execute("DELETE FROM memos WHERE id = @Id", new { memo.Id });
                    }
                    return batch.Count;
                },
                stop
            );
            if (removed == 0)
            {
                return count;
            }
        }
    }

    private sealed record Gone
    {
        public required long Id { get; init; }
        public required string Text { get; init; }
        public required string Visibility { get; init; }
    }
}
