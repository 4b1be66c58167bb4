using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Library.Covers;

/// <summary>
/// Removes what covers leave behind. A cover's row goes with the book, or when another takes its place (<c>removed_at</c>); a day later its
/// file goes, and what is left of the row: so a backup that copies the database first and the files after it is whole. The row of a cover
/// that never came all the way begins as a removed one, and goes with its file in the same way.
/// </summary>
internal sealed class CoverHousework(Database db, FileStore files, KeptFiles kept) : IHousework
{
    private const int Batch = 200;

    public async Task Tidy(CancellationToken stop)
    {
        await RemoveFiles(stop);
        await FinishOrDiscard(stop);
    }

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
                        SELECT id FROM book_covers
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
                await kept.Remove(CoverStore.Room, id, stop);
            }
            if (gone.Count > 0)
            {
                await db.Write(
                    sql => sql.Execute($"DELETE FROM book_covers WHERE {sql.In("id", "@gone")}", new { gone }),
                    stop
                );
            }
        } while (gone.Count == Batch);
    }

    /// <summary>Of what a crash left on its way, keeps what has a row and throws away the rest.</summary>
    private async Task FinishOrDiscard(CancellationToken stop)
    {
        foreach (var name in files.Left(CoverStore.Room))
        {
            var row = await db.Read(
                sql => sql.First<string>("SELECT id FROM book_covers WHERE id = @name", new { name }),
                stop
            );
            if (row is null)
            {
                await kept.Remove(CoverStore.Room, name, stop);
            }
            else
            {
                kept.Place(CoverStore.Room, name);
            }
        }
    }
}
