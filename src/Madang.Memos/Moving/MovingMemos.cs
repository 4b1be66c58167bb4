using System.Runtime.CompilerServices;
using Madang.Foundation.Data;

namespace Madang.Memos.Moving;

/// <summary>Every line of SQL that reads all memos of a user, in small parts: an export takes no more memory than one of them.</summary>
public sealed class MovingMemos(Database db)
{
    /// <summary>Each may have 100,000 characters.</summary>
    private const int Batch = 50;

    /// <returns>Oldest first: those in use, those put away, then those in the trash when they are asked for.</returns>
    internal async IAsyncEnumerable<MovedMemo> All(
        long owner,
        bool withTrash,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        // One that is put away while this goes on is met in both places.
        var seen = new HashSet<long>();
        foreach (var kind in withTrash ? new[] { 0, 1, 2 } : [0, 1])
        {
            var (at, id) = (DateTimeOffset.UnixEpoch, -1L);
            for (var isMore = true; isMore; )
            {
                var memos = await Next(owner, kind, at, id, stop);
                foreach (var memo in memos.Where(memo => seen.Add(memo.Id)))
                {
                    yield return memo;
                }
                isMore = memos.Count == Batch;
                (at, id) = memos.Count > 0 ? (memos[^1].CreatedAt, memos[^1].Id) : (at, id);
            }
        }
    }

    /// <returns>How many there are, the trash left out.</returns>
    internal Task<long> Count(long owner, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM memos WHERE owner_id = @owner AND deleted_at IS NULL",
                    new { owner }
                ),
            stop
        );

    private Task<List<MovedMemo>> Next(long owner, int kind, DateTimeOffset at, long id, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<MovedMemo>(
                    $"""
                    SELECT id, text, visibility, pinned_at, archived_at, deleted_at, created_at, updated_at,
                        EXISTS (SELECT 1 FROM memo_versions WHERE memo_id = memos.id) AS has_earlier
                    FROM memos
                    WHERE owner_id = @owner AND {Kept(kind)}
                    AND (created_at, id) > (@at, @id)
                    ORDER BY created_at, id
                    LIMIT @Batch
                    """,
                    new
                    {
                        owner,
                        at,
                        id,
                        Batch,
                    }
                ),
            stop
        );

    /// <summary>In use, put away, in the trash: each has an index of its own.</summary>
    private static string Kept(int kind) =>
        kind switch
        {
            0 => "deleted_at IS NULL AND archived_at IS NULL",
            1 => "deleted_at IS NULL AND archived_at IS NOT NULL",
            _ => "deleted_at IS NOT NULL",
        };

    /// <returns>The earlier texts of a memo, newest first.</returns>
    internal async IAsyncEnumerable<MovedVersion> Earlier(long memo, [EnumeratorCancellation] CancellationToken stop)
    {
        MovedVersion? last = null;
        for (var isMore = true; isMore; )
        {
            var versions = await db.Read(
                sql =>
                    sql.Query<MovedVersion>(
                        """
                        SELECT memo_id, text, written_at, id FROM memo_versions
                        WHERE memo_id = @memo AND (written_at, id) < (@At, @Id)
                        ORDER BY written_at DESC, id DESC
                        LIMIT @Batch
                        """,
                        new
                        {
                            memo,
                            At = last?.WrittenAt ?? new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero),
                            Id = last?.Id ?? long.MaxValue,
                            Batch,
                        }
                    ),
                stop
            );
            foreach (var version in versions)
            {
                yield return version;
            }
            isMore = versions.Count == Batch;
            last = isMore ? versions[^1] : null;
        }
    }
}
