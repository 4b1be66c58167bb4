using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Memos.Pictures;
using Madang.Memos.Writing;

namespace Madang.Memos.Moving;

/// <summary>Every line of SQL that takes memos in with their own times: those imported, and sample data.</summary>
public sealed class IncomingStore(Database db)
{
    /// <returns>Of each memo whether it is there already: imported before, or just the same, one before it in this list included.</returns>
    internal Task<List<bool>> AreThere(long owner, IReadOnlyList<IncomingMemo> memos, CancellationToken stop) =>
        db.Read(sql => AreThere(sql, owner, memos), stop);

    /// <summary>
    /// Writes those that are not there yet, each whole and with its pictures, all or none of them, together with what
    /// <paramref name="also"/> writes.
    /// </summary>
    /// <returns>How many were new.</returns>
    internal Task<int> Add(
        long owner,
        IReadOnlyList<IncomingMemo> memos,
        IncomingPictures? pictures,
        Func<Sql, int, Task> also,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                pictures?.Begin();
                await (pictures is { AreWaiting: true } ? sql.MustStandAlone(owner) : sql.MustStand(owner));
                var areThere = await AreThere(sql, owner, memos);
                foreach (var (memo, isThere) in memos.Zip(areThere))
                {
                    if (!isThere)
                    {
                        await Add(sql, owner, memo, pictures is null ? memo.Text : await pictures.Write(sql, memo));
                    }
                }
                var added = areThere.Count(isThere => !isThere);
                await also(sql, added);
                return added;
            },
            stop
        );

    private static async Task Add(Sql sql, long owner, IncomingMemo incoming, string text)
    {
        var memo = await sql.Single<Memo>(
            $"""
            INSERT INTO memos (owner_id, text, text_key, visibility, pinned_at, archived_at, created_at, updated_at)
            VALUES (@owner, @text, @Key, @Visibility, @PinnedAt, @ArchivedAt, @CreatedAt, @UpdatedAt)
            RETURNING {MemoStore.Columns}
            """,
            new
            {
                owner,
                text,
                Key = Fold.Key(text),
                incoming.Visibility,
                incoming.PinnedAt,
                incoming.ArchivedAt,
                incoming.CreatedAt,
                incoming.UpdatedAt,
            }
        );
        // No word to the others that it is there: it is no news.
        await MemoIndex.AddTags(sql, memo);
        await PictureUses.Set(sql, memo, null);
        if (memo.Visibility == Visibility.Team)
        {
            await MemoIndex.AddGrams(sql, memo);
        }
        await sql.Execute(
            "INSERT INTO memo_origins (owner_id, origin, memo_id) VALUES (@owner, @Origin, @Id)",
            new
            {
                owner,
                incoming.Origin,
                memo.Id,
            }
        );
    }

    private static async Task<List<bool>> AreThere(Sql sql, long owner, IReadOnlyList<IncomingMemo> memos)
    {
        var origins = await sql.Query<string>(
            $"SELECT origin FROM memo_origins WHERE owner_id = @owner AND {sql.In("origin", "@origins")}",
            new { owner, origins = memos.Select(memo => memo.Origin).ToArray() }
        );
        var own = await sql.Query<Known>(
            $"SELECT id, created_at, text FROM memos WHERE owner_id = @owner AND {sql.In("id", "@ids")}",
            new { owner, ids = memos.Select(memo => memo.OwnId ?? 0).ToArray() }
        );
        // In use, put away, in the trash: each has an index of its own.
        var alike = await sql.Query<Known>(
            $"""
            SELECT id, created_at, text FROM memos
            WHERE owner_id = @owner AND {sql.In("created_at", "@times")} AND deleted_at IS NULL AND archived_at IS NULL
            UNION ALL
            SELECT id, created_at, text FROM memos
            WHERE owner_id = @owner AND {sql.In(
                "created_at",
                "@times"
            )} AND deleted_at IS NULL AND archived_at IS NOT NULL
            UNION ALL
            SELECT id, created_at, text FROM memos
            WHERE owner_id = @owner AND {sql.In("created_at", "@times")} AND deleted_at IS NOT NULL
            """,
            AtTimes(sql, owner, memos)
        );
        var byOrigin = origins.ToHashSet();
        var byId = own.Select(memo => (memo.Id, memo.CreatedAt)).ToHashSet();
        var byText = alike.Select(memo => (memo.CreatedAt, memo.Text)).ToHashSet();
        return
        [
            .. memos.Select(memo =>
                !byOrigin.Add(memo.Origin)
                | byId.Contains((memo.OwnId ?? 0, memo.CreatedAt))
                | !byText.Add((memo.CreatedAt, memo.Text))
            ),
        ];
    }

    /// <summary>The handler that turns our times into the database's sees single values only.</summary>
    private static object AtTimes(Sql sql, long owner, IReadOnlyList<IncomingMemo> memos)
    {
        var times = memos.Select(memo => memo.CreatedAt.UtcDateTime);
        return sql.Dialect == Dialect.Postgres
            ? new { owner, times = times.ToArray() }
            : new
            {
                owner,
                times = times
                    .Select(time => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)
                    .ToArray(),
            };
    }

    private sealed record Known
    {
        public required long Id { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required string Text { get; init; }
    }
}
