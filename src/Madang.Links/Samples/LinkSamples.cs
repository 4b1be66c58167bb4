using Madang.Foundation.Data;
using Madang.Foundation.Samples;
using Madang.Links.Counting;
using Madang.Links.Shortening;

namespace Madang.Links.Samples;

/// <summary>Sample links with visits of the last weeks or months, remembered as such so that they can be taken away again.</summary>
internal sealed class LinkSamples(
    Database db,
    LinkStore links,
    LinkChanges changes,
    VisitStore visits,
    TimeProvider clock
) : ISampleSource
{
    public Task<SampleState> State(long user, CancellationToken stop) =>
        db.Read(
            async sql =>
                await sql.Single<string>(
                    """
                    SELECT CASE
                    WHEN EXISTS (SELECT 1 FROM link_samples WHERE owner_id = @user) THEN 'samples'
                    WHEN EXISTS (SELECT 1 FROM links WHERE owner_id = @user AND deleted_at IS NULL AND archived_at IS NULL) THEN 'own'
                    WHEN EXISTS (SELECT 1 FROM links WHERE owner_id = @user AND deleted_at IS NULL AND archived_at IS NOT NULL) THEN 'own'
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
        var now = clock.GetUtcNow();
        var added = 0;
        for (var at = 0; at < people.Count; at++)
        {
            var samples = SampleLinks.Of(people, at, size);
            var made = await Make(people[at].Id, samples, now, size, stop);
            if (made.Count > 0)
            {
                var all = made.SelectMany((link, place) => SampleVisits.Of(link, at, place, size, now)).ToList();
                var batch = new Batch(Guid.CreateVersion7().ToString("N"), all);
                var sum = new Rollup(new());
                all.ForEach(sum.Add);
                await visits.Write(batch, sum.Sums([batch.Name]), stop);
            }
            added += made.Count;
            progress(at + 1, people.Count);
        }
        return added;
    }

    public Task<int> Remove(long user, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var found = await sql.Query<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE id IN (SELECT link_id FROM link_samples WHERE owner_id = @user)
                    AND deleted_at IS NULL AND updated_at = created_at
                    """,
                    new { user }
                );
                foreach (var link in found)
                {
                    await changes.Remove(sql, link);
                }
                await sql.Execute("DELETE FROM link_samples WHERE owner_id = @user", new { user });
                return found.Count;
            },
            stop
        );

    /// <summary>All of one person, or none where he has samples already.</summary>
    private Task<List<LinkRow>> Make(
        long owner,
        IReadOnlyList<LinkInput> samples,
        DateTimeOffset now,
        SampleSize size,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                var made = new List<LinkRow>();
                if (
                    await sql.First<long?>(
                        "SELECT link_id FROM link_samples WHERE owner_id = @owner LIMIT 1",
                        new { owner }
                    )
                    is not null
                )
                {
                    return made;
                }
                for (var at = 0; at < samples.Count; at++)
                {
                    var link = (await links.Add(sql, owner, samples[at]))!;
                    var age = SampleVisits.DaysOf(size) * (at + 1) / samples.Count;
                    link = link with { CreatedAt = LinkStore.Utc(now.AddDays(-age).AddMinutes(-37 * at))!.Value };
                    await sql.Execute(
                        "UPDATE links SET created_at = @CreatedAt, updated_at = @CreatedAt WHERE id = @Id",
                        new { link.Id, link.CreatedAt }
                    );
                    await sql.Execute(
                        "INSERT INTO link_samples (link_id, owner_id) VALUES (@Id, @owner)",
                        new { link.Id, owner }
                    );
                    made.Add(link);
                }
                return made;
            },
            stop
        );
}
