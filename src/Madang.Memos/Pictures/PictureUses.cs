using Madang.Foundation.Data;

namespace Madang.Memos.Pictures;

/// <summary>
/// Every line of SQL that keeps which pictures a memo shows. Only its author's own count: whoever writes the address of another's
/// picture into a memo opens it to nobody.
/// </summary>
internal static class PictureUses
{
    /// <summary>Keeps what a memo's text shows now. What an earlier text showed stays a use, so that history stays whole.</summary>
    internal static async Task Set(Sql sql, Memo memo, string? before)
    {
        var ids = PictureAddress.In(memo.Text);
        if (before is not null && PictureAddress.In(before).Length > 0)
        {
            await sql.Execute("UPDATE memo_picture_uses SET is_current = false WHERE memo_id = @Id", new { memo.Id });
        }
        if (ids.Length == 0)
        {
            return;
        }
        // Locked, so that housework, which takes away what nobody shows, sees the use or comes before it.
        await sql.Execute(
            $"""
            INSERT INTO memo_picture_uses (memo_id, picture_id, is_current)
            SELECT @Id, id, true FROM memo_pictures
            WHERE {sql.In("id", "@ids")} AND owner_id = @AuthorId AND removed_at IS NULL
            {sql.For("", "FOR SHARE")}
            ON CONFLICT (memo_id, picture_id) DO UPDATE SET is_current = true
            """,
            new
            {
                memo.Id,
                memo.AuthorId,
                ids,
            }
        );
    }
}
