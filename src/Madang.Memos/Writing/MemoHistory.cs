using Madang.Foundation.Data;

namespace Madang.Memos.Writing;

/// <summary>Every line of SQL that adds to the earlier texts of memos.</summary>
internal static class MemoHistory
{
    /// <summary>Keeps a text that is being replaced; it was written when the one before it was replaced, or with the memo.</summary>
    internal static async Task<int> Keep(Sql sql, Memo before)
    {
        var replaced = await sql.First<DateTimeOffset?>(
            """
            SELECT replaced_at FROM memo_versions
            WHERE memo_id = @Id
            ORDER BY written_at DESC, id DESC
            LIMIT 1
            """,
            new { before.Id }
        );
        return await sql.Execute(
            """
            INSERT INTO memo_versions (memo_id, text, written_at, replaced_at)
            VALUES (@Id, @Text, @Written, @Now)
            """,
            new
            {
                before.Id,
                before.Text,
                Written = replaced ?? before.CreatedAt,
                sql.Now,
            }
        );
    }
}
