using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Library.Moving;

/// <summary>
/// The files of imports, which only pass through. A member has one here at a time, and one that nobody goes on with goes after an hour;
/// the rows stay for thirty days, and tell what came of them.
/// </summary>
public sealed class BookImportFiles(Database db, FileStore files, TimeProvider clock) : IHousework
{
    private const int Batch = 200;

    /// <summary>What is known of one may be megabytes of lines.</summary>
    private const int MostForgotten = 10;

    private static readonly TimeSpan Stay = TimeSpan.FromHours(1);
    private static readonly TimeSpan StayOfRows = TimeSpan.FromDays(30);

    private readonly FileStore passing = files.Passing;

    /// <returns>The files of a user's imports that are at their end; their rows let go of them.</returns>
    internal static async Task<List<string>> LetGoOf(Sql sql, long owner) =>
        await LetGo(
            sql,
            await sql.Query<Kept>(
                """
                SELECT id, file FROM book_imports
                WHERE owner_id = @owner AND file IS NOT NULL AND state IN ('done', 'failed')
                """,
                new { owner }
            )
        );

    /// <inheritdoc />
    public async Task Tidy(CancellationToken stop)
    {
        for (var gone = new List<string> { "" }; gone.Count > 0; )
        {
            gone = await LetGo(clock.GetUtcNow() - Stay, stop);
            gone.ForEach(Remove);
        }
        while (await Forget(clock.GetUtcNow() - StayOfRows, stop) > 0)
        {
            // Short writes, so that nobody waits for a long one.
        }
        // A day old: no row names it any more.
        foreach (var left in passing.Left(BookImporting.Files).Concat(passing.Old(BookImporting.Files)))
        {
            Remove(left);
        }
    }

    /// <summary>Takes away all that is known of a user's imports; doing it twice does nothing more.</summary>
    internal async Task ForgetAllOf(long owner, CancellationToken stop)
    {
        for (var gone = new List<string?> { null }; gone.Count > 0; )
        {
            gone = await db.Write(
                sql =>
                    sql.Query<string?>(
                        """
                        DELETE FROM book_imports
                        WHERE id IN (SELECT id FROM book_imports WHERE owner_id = @owner ORDER BY id LIMIT @MostForgotten)
                        RETURNING file
                        """,
                        new { owner, MostForgotten }
                    ),
                stop
            );
            // One that is left by a kill is a day old some time: the housework finds it.
            gone.OfType<string>().ToList().ForEach(Remove);
        }
    }

    private void Remove(string name) => passing.Remove(BookImporting.Files, name);

    /// <summary>The oldest come first by their ids; one that was gone on with later waits for the next time.</summary>
    private Task<int> Forget(DateTimeOffset before, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Execute(
                    """
                    DELETE FROM book_imports
                    WHERE id IN (SELECT id FROM book_imports ORDER BY id LIMIT @MostForgotten)
                    AND file IS NULL AND updated_at < @before
                    """,
                    new { before, MostForgotten }
                ),
            stop
        );

    /// <returns>The files of imports that nobody has gone on with since <paramref name="before"/>; their rows let go of them.</returns>
    private Task<List<string>> LetGo(DateTimeOffset before, CancellationToken stop) =>
        db.Write(
            async sql =>
                await LetGo(
                    sql,
                    await sql.Query<Kept>(
                        """
                        SELECT id, file FROM book_imports
                        WHERE file IS NOT NULL AND updated_at < @before
                        ORDER BY updated_at
                        LIMIT @Batch
                        """,
                        new { before, Batch }
                    )
                ),
            stop
        );

    private static async Task<List<string>> LetGo(Sql sql, List<Kept> rows)
    {
        foreach (var row in rows)
        {
            await sql.Execute("UPDATE book_imports SET file = NULL WHERE id = @Id", new { row.Id });
        }
        return rows.ConvertAll(row => row.File);
    }

    private sealed record Kept
    {
        public required long Id { get; init; }
        public required string File { get; init; }
    }
}
