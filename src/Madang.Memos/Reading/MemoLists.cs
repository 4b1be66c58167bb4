using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Memos.Writing;

namespace Madang.Memos.Reading;

/// <summary>Every line of SQL that reads memos. Each list goes by (created_at, id) and is served by an index.</summary>
public sealed class MemoLists(Database db)
{
    /// <returns>The memo, when it is this reader's own or the team's.</returns>
    internal Task<Memo?> Find(long id, long reader, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<Memo>(
                    $"""
                    SELECT {MemoStore.Columns} FROM memos
                    WHERE id = @id AND deleted_at IS NULL AND (owner_id = @reader OR visibility = 'team')
                    """,
                    new { id, reader }
                ),
            stop
        );

    /// <returns>Newest first, or oldest first for a cursor that leads back; one more than asked for where there are more.</returns>
    internal Task<List<Memo>> List(MemoFilter filter, long reader, Cursor? cursor, int size, CancellationToken stop) =>
        db.Read(sql => List(sql, filter, reader, cursor, size), stop);

    internal static async Task<List<Memo>> List(Sql sql, MemoFilter filter, long reader, Cursor? cursor, int size)
    {
        var query = string.IsNullOrEmpty(filter.Query) ? null : Fold.Key(filter.Query);
        var tag = string.IsNullOrEmpty(filter.Tag) ? null : Fold.Key(filter.Tag.TrimStart('#'));
        var values = new
        {
            reader,
            tag,
            query,
            Grams = query is null ? null : Grams(sql, query),
            cursor?.At,
            cursor?.Id,
            filter.From,
            filter.Until,
            Limit = size + 1,
        };
        if (
            sql.Dialect == Dialect.Sqlite
            && filter.IsTeam
            && query is not null
            && tag is null
            && cursor is not { IsBackward: true }
        )
        {
            // FTS5 gives the latest ids first and stops when there are enough, however many memos have a common word.
            var latest = await sql.Rows(Text(sql, filter, query, tag, cursor, isById: true), values, MemoStore.Of);
            if (latest.Count <= size || await AreNewest(sql, latest))
            {
                latest.Sort((one, other) => (other.CreatedAt, other.Id).CompareTo((one.CreatedAt, one.Id)));
                return latest;
            }
        }
        return await sql.Rows(Text(sql, filter, query, tag, cursor, isById: false), values, MemoStore.Of);
    }

    /// <returns>One's own memos in use: those that are pinned before the others, each newest first.</returns>
    internal Task<List<Memo>> PinnedAndNewest(long owner, int most, CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                // One question: each costs as much as reading a few memos.
                var pinned = Text(sql, new MemoFilter(IsPinned: true), null, null, null, isById: false);
                var others = Text(sql, new MemoFilter(IsPinned: false), null, null, null, isById: false);
                var memos = await sql.Rows(
                    $"SELECT * FROM ({pinned}) AS pinned UNION ALL SELECT * FROM ({others}) AS others",
                    new { reader = owner, Limit = most },
                    MemoStore.Of
                );
                return memos
                    .OrderBy(memo => memo.PinnedAt is null)
                    .ThenByDescending(memo => (memo.CreatedAt, memo.Id))
                    .Take(most)
                    .ToList();
            },
            stop
        );

    private static string Text(Sql sql, MemoFilter filter, string? query, string? tag, Cursor? cursor, bool isById) =>
        $"""
            SELECT memos.id, text, visibility, pinned_at, archived_at, memos.created_at, updated_at, memos.owner_id AS author_id
            FROM memos
            {(tag is null ? "" : Tagged(filter))}
            {(query is null || !filter.IsTeam ? "" : Searched(sql))}
            WHERE {(filter.IsTeam ? "visibility = 'team'" : "memos.owner_id = @reader")}
            AND {(filter.IsDeleted ? "deleted_at IS NOT NULL" : "deleted_at IS NULL")}
            {Archived(filter)}
            {Pinned(filter)}
            {Within(filter)}
            {(query is null ? "" : $"AND {sql.Contains("text_key", "@query")}")}
            {Places(
                tag is null ? "memos.created_at, memos.id" : "memo_tags.created_at, memo_tags.memo_id",
                cursor,
                isById
            )}
            LIMIT @Limit
            """;

    /// <summary>
    /// Memos come in the order of their ids, but for those that were written elsewhere before and brought here. So the latest ids are
    /// the newest memos, unless one with a lower id, which was not looked at, was written later than one of these.
    /// </summary>
    private static async Task<bool> AreNewest(Sql sql, List<Memo> latest)
    {
        // By the index of times, or SQLite would go through all memos with a lower id.
        var newerBefore = await sql.First<long?>(
            """
            SELECT id FROM memos INDEXED BY memos_of_team
            WHERE visibility = 'team' AND deleted_at IS NULL AND created_at > @Oldest AND id < @Lowest
            LIMIT 1
            """,
            new { Oldest = latest.Min(memo => memo.CreatedAt), Lowest = latest.Min(memo => memo.Id) }
        );
        return newerBefore is null;
    }

    /// <returns>One's own tags that are written in memos in use, by name, each with how many memos have it.</returns>
    internal Task<List<TagCount>> Tags(long owner, int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<TagCount>(
                    """
                    SELECT min(name) AS name, count(*) AS count
                    FROM memo_tags
                    JOIN memos ON memos.id = memo_id
                    WHERE memo_tags.owner_id = @owner AND is_written AND deleted_at IS NULL AND archived_at IS NULL
                    GROUP BY key
                    ORDER BY count(*) DESC, key
                    LIMIT @most
                    """,
                    new { owner, most }
                ),
            stop
        );

    /// <returns>The earlier texts, newest first; null when the memo is not the reader's to see.</returns>
    internal Task<List<MemoVersion>?> History(long id, long reader, Cursor? cursor, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var exists = await sql.First<long?>(
                    """
                    SELECT id FROM memos
                    WHERE id = @id AND deleted_at IS NULL AND owner_id = @reader
                    """,
                    new { id, reader }
                );
                return exists is null
                    ? null
                    : await sql.Query<MemoVersion>(
                        $"""
                        SELECT id, text, written_at FROM memo_versions
                        WHERE memo_id = @memo
                        {Places("written_at, id", cursor)}
                        LIMIT @Limit
                        """,
                        new
                        {
                            memo = id,
                            cursor?.At,
                            cursor?.Id,
                            Limit = size + 1,
                        }
                    );
            },
            stop
        );

    private static string Tagged(MemoFilter filter) =>
        filter.IsTeam
            ? "JOIN memo_tags ON memo_tags.memo_id = memos.id AND key = @tag"
            : "JOIN memo_tags ON memo_tags.memo_id = memos.id AND key = @tag AND memo_tags.owner_id = @reader";

    private static string Searched(Sql sql) =>
        sql.For(
            "JOIN memo_grams ON memo_grams.rowid = memos.id AND memo_grams MATCH @Grams",
            "JOIN memo_grams ON memo_grams.memo_id = memos.id AND grams @> @Grams"
        );

    private static object Grams(Sql sql, string query) =>
        sql.Dialect == Dialect.Sqlite ? string.Join(" AND ", Bigrams.OfQuery(query)) : Bigrams.OfQuery(query);

    private static string Archived(MemoFilter filter) =>
        filter switch
        {
            { IsDeleted: true } => "",
            { IsArchived: true } => "AND archived_at IS NOT NULL",
            _ => "AND archived_at IS NULL",
        };

    private static string Pinned(MemoFilter filter) =>
        filter.IsPinned switch
        {
            null => "",
            true => "AND pinned_at IS NOT NULL",
            false => "AND pinned_at IS NULL",
        };

    private static string Within(MemoFilter filter) =>
        filter.From is null ? "" : "AND memos.created_at >= @From AND memos.created_at < @Until";

    /// <summary>From the cursor on, in its direction; without one from the newest.</summary>
    private static string Places(string place, Cursor? cursor, bool isById = false)
    {
        var isBackward = cursor?.IsBackward ?? false;
        var after = cursor is null ? "" : $"AND ({place}) {(isBackward ? ">" : "<")} (@At, @Id)";
        return isById
            ? $"{after} ORDER BY memo_grams.rowid DESC"
            : $"{after} ORDER BY {(isBackward ? place : place.Replace(",", " DESC,", StringComparison.Ordinal) + " DESC")}";
    }
}

/// <summary>A tag and how many memos have it.</summary>
public sealed record TagCount
{
    /// <summary>The tag, without #.</summary>
    public required string Name { get; init; }

    /// <summary>How many memos in use have it.</summary>
    public required long Count { get; init; }
}

/// <summary>An earlier text of a memo.</summary>
public sealed record MemoVersion
{
    /// <summary>The id.</summary>
    public required long Id { get; init; }

    /// <summary>The text as it was.</summary>
    public required string Text { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset WrittenAt { get; init; }
}
