using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Memos.Pictures;

/// <summary>
/// Every line of SQL that removes pictures. First a picture's row goes (<c>removed_at</c>): it is found no more. A day later its file
/// goes, and what is left of the row.
/// </summary>
internal sealed class PictureHousework(Database db, FileStore files) : IHousework
{
    private const int Batch = 200;

    public async Task Tidy(CancellationToken stop)
    {
        await RemoveUnused(stop);
        await RemoveFiles(stop);
        await FinishOrDiscard(stop);
    }

    /// <summary>Takes away all pictures of a user.</summary>
    internal Task<int> RemoveAllOf(long owner, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Execute(
                    "UPDATE memo_pictures SET removed_at = @Now WHERE owner_id = @owner AND removed_at IS NULL",
                    new { owner, sql.Now }
                ),
            stop
        );

    /// <summary>Takes away what has been here for a day and stands in no memo.</summary>
    private async Task RemoveUnused(CancellationToken stop)
    {
        List<string> unused;
        do
        {
            unused = await db.Read(
                sql =>
                    sql.Query<string>(
                        """
                        SELECT id FROM memo_pictures
                        WHERE removed_at IS NULL AND created_at < @Before
                        AND NOT EXISTS (SELECT 1 FROM memo_picture_uses WHERE picture_id = memo_pictures.id)
                        ORDER BY created_at, id
                        LIMIT @Batch
                        """,
                        new { Before = sql.Now - FileStore.Grace, Batch }
                    ),
                stop
            );
        } while (unused.Count > 0 && await Remove(unused, stop) == Batch);
    }

    private Task<int> Remove(List<string> ids, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                if (sql.Dialect == Dialect.Postgres)
                {
                    // A memo that is being written with one of them holds it: then it is left for the next time. The look at its
                    // uses comes after, in a statement of its own, which sees what was written until then.
                    ids = await sql.Query<string>(
                        "SELECT id FROM memo_pictures WHERE id = ANY (@ids) ORDER BY id FOR UPDATE SKIP LOCKED",
                        new { ids }
                    );
                }
                return await sql.Execute(
                    $"""
                    UPDATE memo_pictures SET removed_at = @Now
                    WHERE {sql.In("id", "@ids")} AND removed_at IS NULL
                    AND NOT EXISTS (SELECT 1 FROM memo_picture_uses WHERE picture_id = memo_pictures.id)
                    """,
                    new { ids, sql.Now }
                );
            },
            stop
        );

    /// <summary>The file first: while it is there, its row is too.</summary>
    private async Task RemoveFiles(CancellationToken stop)
    {
        List<string> gone;
        do
        {
            gone = await db.Read(
                sql =>
                    sql.Query<string>(
                        """
                        SELECT id FROM memo_pictures
                        WHERE removed_at < @Before
                        ORDER BY removed_at, id
                        LIMIT @Batch
                        """,
                        new { Before = sql.Now - FileStore.Grace, Batch }
                    ),
                stop
            );
            foreach (var id in gone)
            {
                files.Remove(PictureStore.Room, PictureAddress.NameOf(id));
            }
            if (gone.Count > 0)
            {
                await db.Write(
                    sql => sql.Execute($"DELETE FROM memo_pictures WHERE {sql.In("id", "@gone")}", new { gone }),
                    stop
                );
            }
        } while (gone.Count == Batch);
    }

    /// <summary>Of what a crash left on its way, keeps what has a row and throws away the rest.</summary>
    private async Task FinishOrDiscard(CancellationToken stop)
    {
        foreach (var name in files.Left(PictureStore.Room))
        {
            var hasRow = await db.Read(
                sql =>
                    sql.First<string>(
                        "SELECT id FROM memo_pictures WHERE id > @name AND id < @Next LIMIT 1",
                        new { name = $"{name}-", Next = $"{name}." }
                    ),
                stop
            );
            if (hasRow is null)
            {
                files.Discard(PictureStore.Room, name);
            }
            else
            {
                files.Place(PictureStore.Room, name);
            }
        }
    }
}
