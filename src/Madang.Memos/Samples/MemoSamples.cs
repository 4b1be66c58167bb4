using Madang.Foundation.Data;
using Madang.Foundation.Samples;
using Madang.Memos.Leaving;
using Madang.Memos.Moving;

namespace Madang.Memos.Samples;

/// <summary>Sample memos, kept as if they had been imported: so they are added once and found again.</summary>
internal sealed class MemoSamples(Database db, IncomingStore store, MemoPurge purge, TimeProvider clock) : ISampleSource
{
    private const int BatchSize = 50;

    public Task<SampleState> State(long user, CancellationToken stop) =>
        db.Read(
            async sql =>
                await sql.Single<string>(
                    """
                    SELECT CASE
                    WHEN EXISTS (SELECT 1 FROM memo_origins WHERE owner_id = @user AND origin >= 'sample:' AND origin < 'sample;') THEN 'samples'
                    WHEN EXISTS (SELECT 1 FROM memos WHERE owner_id = @user AND deleted_at IS NULL AND archived_at IS NULL) THEN 'own'
                    WHEN EXISTS (SELECT 1 FROM memos WHERE owner_id = @user AND deleted_at IS NULL AND archived_at IS NOT NULL) THEN 'own'
                    ELSE 'nothing' END
                    """,
                    new { user }
                ) switch
                {
                    "samples" => SampleState.HasSamples,
                    "own" => SampleState.OwnOnly,
                    _ => SampleState.Empty,
                },
            stop
        );

    public async Task<int> Add(
        IReadOnlyList<SamplePerson> people,
        SampleSize size,
        Action<int, int> progress,
        CancellationToken stop
    )
    {
        var all = SampleTexts.Of(people, size, clock.GetUtcNow());
        var total = all.Sum(memos => memos.Count);
        var (done, added) = (0, 0);
        foreach (var (person, memos) in people.Zip(all))
        {
            foreach (var batch in memos.Chunk(BatchSize))
            {
                added += await store.Add(person.Id, batch, null, (_, _) => Task.CompletedTask, stop);
                progress(done += batch.Length, total);
            }
        }
        return added;
    }

    public Task<int> Remove(long user, CancellationToken stop) => purge.RemoveSamplesOf(user, stop);
}
