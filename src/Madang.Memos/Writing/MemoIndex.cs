using Madang.Foundation.Data;
using Madang.Memos.Pictures;

namespace Madang.Memos.Writing;

/// <summary>Every line of SQL that keeps what memos are found by: their tags, and the bigrams of those that the team may read.</summary>
internal static class MemoIndex
{
    internal static async Task AddTags(Sql sql, Memo memo)
    {
        var rows = new Dictionary<string, (string Name, bool IsWritten)>();
        foreach (var tag in memo.Tags)
        {
            foreach (var key in MemoTags.KeysOf(tag))
            {
                // A tag that others are nested in is found too, but is shown only where it is written itself.
                var isWritten = key == Fold.Key(tag);
                if (isWritten || !rows.ContainsKey(key))
                {
                    rows[key] = (isWritten ? tag : key, isWritten);
                }
            }
        }
        foreach (var (key, (name, isWritten)) in rows)
        {
            await sql.Execute(
                """
                INSERT INTO memo_tags (memo_id, key, name, is_written, owner_id, created_at)
                VALUES (@Id, @key, @name, @isWritten, @AuthorId, @CreatedAt)
                """,
                new
                {
                    memo.Id,
                    key,
                    name,
                    isWritten,
                    memo.AuthorId,
                    memo.CreatedAt,
                }
            );
        }
    }

    internal static Task<int> AddGrams(Sql sql, Memo memo) => AddGrams(sql, memo.Id, memo.Text);

    private static Task<int> AddGrams(Sql sql, long id, string text)
    {
        var grams = Bigrams.OfText(Fold.Key(text));
        return sql.Dialect == Dialect.Sqlite
            ? sql.Execute(
                "INSERT INTO memo_grams (rowid, grams) VALUES (@id, @Grams)",
                new { id, Grams = string.Join(' ', grams) }
            )
            : sql.Execute("INSERT INTO memo_grams (memo_id, grams) VALUES (@id, @grams)", new { id, grams });
    }

    /// <summary>Makes the bigrams of all memos anew, after a restore.</summary>
    internal static async Task FillGrams(Sql sql)
    {
        const int batch = 500;
        for (long last = 0; ; )
        {
            var memos = await sql.Query<Kept>(
                "SELECT id, text FROM memos WHERE visibility = 'team' AND id > @last ORDER BY id LIMIT @batch",
                new { last, batch }
            );
            foreach (var memo in memos)
            {
                await AddGrams(sql, memo.Id, memo.Text);
            }
            if (memos.Count < batch)
            {
                return;
            }
            last = memos[^1].Id;
        }
    }

    /// <summary>An FTS5 table that keeps no content is told what to forget; it must be just what it was given.</summary>
    internal static Task<int> RemoveGrams(Sql sql, long id, string text) =>
        sql.Dialect == Dialect.Sqlite
            ? sql.Execute(
                "INSERT INTO memo_grams (memo_grams, rowid, grams) VALUES ('delete', @id, @Grams)",
                new { id, Grams = string.Join(' ', Bigrams.OfText(Fold.Key(text))) }
            )
            : sql.Execute("DELETE FROM memo_grams WHERE memo_id = @id", new { id });

    internal static async Task Change(Sql sql, Memo before, Memo after)
    {
        var isRewritten = before.Text != after.Text;
        if (isRewritten)
        {
            await sql.Execute("DELETE FROM memo_tags WHERE memo_id = @Id", new { after.Id });
            await AddTags(sql, after);
            await PictureUses.Set(sql, after, before.Text);
        }
        if (!isRewritten && before.Visibility == after.Visibility)
        {
            return;
        }
        if (before.Visibility == Visibility.Team)
        {
            await RemoveGrams(sql, before.Id, before.Text);
        }
        if (after.Visibility == Visibility.Team)
        {
            await AddGrams(sql, after);
        }
    }

    private sealed record Kept
    {
        public required long Id { get; init; }
        public required string Text { get; init; }
    }
}
