using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Memos.Pictures;

/// <summary>Every line of SQL that finds out whether a picture that an import brings is here already.</summary>
internal sealed class KnownPictures(Database db, PictureStore pictures)
{
    /// <returns>Those of some pictures that are the member's own and here.</returns>
    internal async Task<HashSet<string>> Owned(long owner, string[] ids, CancellationToken stop) =>
        [
            .. await db.Read(
                sql =>
                    sql.Query<string>(
                        $"""
                        SELECT id FROM memo_pictures
                        WHERE {sql.In("id", "@ids")} AND owner_id = @owner AND removed_at IS NULL
                        """,
                        new { owner, ids }
                    ),
                stop
            ),
        ];

    /// <summary>Whether a picture is a member's own and here; it stays until this write ends.</summary>
    internal static async Task<bool> IsThere(Sql sql, long owner, string id) =>
        await sql.First<string>(
            $"""
            SELECT id FROM memo_pictures
            WHERE id = @id AND owner_id = @owner AND removed_at IS NULL
            {sql.For("", "FOR SHARE")}
            """,
            new { owner, id }
        )
            is not null;

    /// <returns>The id of a picture of the member that is the same byte for byte, or null.</returns>
    internal async Task<string?> FindSame(long owner, ArrivedPicture arrived, CancellationToken stop)
    {
        var alike = await db.Read(
            sql =>
                sql.Query<Picture>(
                    $"""
                    SELECT {PictureStore.Columns} FROM memo_pictures
                    WHERE owner_id = @owner AND removed_at IS NULL AND bytes = @Bytes
                    ORDER BY created_at, id
                    LIMIT 20
                    """,
                    new { owner, arrived.Bytes }
                ),
            stop
        );
        foreach (var picture in alike.Where(picture => picture.MediaType == arrived.Facts.MediaType))
        {
            await using var kept = pictures.Open(picture);
            await using var file = arrived.Open();
            if (kept is not null && await AreSame(kept, file, stop))
            {
                return picture.Id;
            }
        }
        return null;
    }

    private static async Task<bool> AreSame(FileStream one, FileStream other, CancellationToken stop)
    {
        const int Piece = 64 * 1024;
        var (here, there) = (new byte[Piece], new byte[Piece]);
        for (int read; (read = await one.ReadAtLeastAsync(here, Piece, false, stop)) > 0; )
        {
            if (
                await other.ReadAtLeastAsync(there, Piece, false, stop) != read
                || !here.AsSpan(0, read).SequenceEqual(there.AsSpan(0, read))
            )
            {
                return false;
            }
        }
        return one.Length == other.Length;
    }
}
