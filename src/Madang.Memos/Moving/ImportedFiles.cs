using Madang.Foundation.Data;

namespace Madang.Memos.Moving;

/// <summary>Every line of SQL that lets go of the files of imports: the rows stay, and tell what came of them.</summary>
internal sealed class ImportedFiles(Database db)
{
    private const int Batch = 200;

    /// <returns>The files of imports that nobody has gone on with since <paramref name="before"/>; their rows let go of them.</returns>
    internal Task<List<string>> LetGo(DateTimeOffset before, CancellationToken stop) =>
        db.Write(
            async sql =>
                await LetGo(
                    sql,
                    await sql.Query<Kept>(
                        """
                        SELECT id, file FROM memo_imports
                        WHERE file IS NOT NULL AND updated_at < @before
                        ORDER BY updated_at
                        LIMIT @Batch
                        """,
                        new { before, Batch }
                    )
                ),
            stop
        );

    /// <returns>Those of some files that no row names.</returns>
    internal async Task<List<string>> Unnamed(IEnumerable<string> files, CancellationToken stop)
    {
        var unnamed = new List<string>();
        foreach (var names in files.Chunk(Batch))
        {
            var named = await db.Read(
                sql =>
                    sql.Query<string>(
                        $"SELECT file FROM memo_imports WHERE file IS NOT NULL AND {sql.In("file", "@names")}",
                        new { names }
                    ),
                stop
            );
            unnamed.AddRange(names.Except(named));
        }
        return unnamed;
    }

    /// <summary>A member has one file here at a time: what an earlier dry run kept goes when another import begins.</summary>
    /// <returns>The files of a user's imports that are at their end; their rows let go of them.</returns>
    internal static async Task<List<string>> LetGoOf(Sql sql, long owner) =>
        await LetGo(
            sql,
            await sql.Query<Kept>(
                """
                SELECT id, file FROM memo_imports
                WHERE owner_id = @owner AND file IS NOT NULL AND state IN ('done', 'failed')
                """,
                new { owner }
            )
        );

    private static async Task<List<string>> LetGo(Sql sql, List<Kept> rows)
    {
        foreach (var row in rows)
        {
            await sql.Execute("UPDATE memo_imports SET file = NULL WHERE id = @Id", new { row.Id });
        }
        return rows.ConvertAll(row => row.File);
    }

    private sealed record Kept
    {
        public required long Id { get; init; }
        public required string File { get; init; }
    }
}
