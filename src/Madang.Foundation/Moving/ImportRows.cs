using Madang.Foundation.Data;

namespace Madang.Foundation.Moving;

/// <summary>
/// What the rooms' tables of imports have alike: a row for each import with its owner, the process that runs it, its file while it has one,
/// and how far it is. What is counted, and what is told, is each room's own.
/// </summary>
public static class ImportRows
{
    private const int Batch = 200;

    /// <summary>What is known of one may be megabytes.</summary>
    private const int MostForgotten = 10;

    /// <summary>Ends those of a user whose process has lost them.</summary>
    public static Task<int> CloseLost(Sql sql, string table, long owner)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return sql.Execute(
            $"""
            UPDATE {table} SET state = 'failed', problem = 'interrupted'
            WHERE owner_id = @owner AND state IN ('waiting', 'running') AND updated_at < @Lost
            """,
            new { owner, Lost = sql.Now - ImportQueue.Patience }
        );
    }

    /// <summary>Makes a dry run that went well wait as a real import; what it counted and told is taken back by the room.</summary>
    /// <returns>Whether it does; false when there is none that could be begun.</returns>
    public static async Task<bool> MakeReal(Sql sql, string table, long id, long owner, string runner)
    {
        ArgumentNullException.ThrowIfNull(sql);
        await CloseLost(sql, table, owner);
        return await sql.Execute(
                $"""
                UPDATE {table} SET state = 'waiting', is_dry_run = @No, runner = @runner, updated_at = @Now
                WHERE id = @id AND owner_id = @owner AND state = 'done' AND is_dry_run = @Yes AND file IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM {table} WHERE owner_id = @owner AND state IN ('waiting', 'running'))
                """,
                new
                {
                    id,
                    owner,
                    runner,
                    sql.Now,
                    Yes = true,
                    No = false,
                }
            ) == 1;
    }

    /// <returns>Whether the import runs now; false when it isn't this process's or doesn't wait.</returns>
    public static async Task<bool> Begin(Sql sql, string table, long id, string runner)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return await sql.Execute(
                $"""
                UPDATE {table} SET state = 'running', updated_at = @Now
                WHERE id = @id AND runner = @runner AND state = 'waiting'
                """,
                new
                {
                    id,
                    runner,
                    sql.Now,
                }
            ) == 1;
    }

    /// <summary>Says of imports of a process that they are not lost.</summary>
    public static Task<int> Touch(Sql sql, string table, string runner, IReadOnlyCollection<long> ids)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return sql.Execute(
            $"""
            UPDATE {table} SET updated_at = @Now
            WHERE {sql.In("id", "@Ids")} AND runner = @runner AND state IN ('waiting', 'running')
            """,
            new
            {
                Ids = ids.ToArray(),
                runner,
                sql.Now,
            }
        );
    }

    /// <summary>Ends an import.</summary>
    /// <param name="sql">The write.</param>
    /// <param name="table">The room's.</param>
    /// <param name="id">Which.</param>
    /// <param name="problem">Why it failed, or null.</param>
    /// <param name="keepsFile">Whether it may go on from its file.</param>
    public static Task<int> End(Sql sql, string table, long id, string? problem, bool keepsFile)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return sql.Execute(
            $"""
            UPDATE {table} SET state = @State, problem = @problem, updated_at = @Now {(
                keepsFile ? "" : ", file = NULL"
            )}
            WHERE id = @id
            """,
            new
            {
                id,
                State = problem is null ? "done" : "failed",
                problem,
                sql.Now,
            }
        );
    }

    /// <summary>A member has one file here at a time: what an earlier dry run kept goes when another import begins.</summary>
    /// <returns>The files of a user's imports that are at their end; their rows let go of them.</returns>
    public static async Task<List<string>> LetGoOf(Sql sql, string table, long owner)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return await LetGo(
            sql,
            table,
            await sql.Query<Kept>(
                $"""
                SELECT id, file FROM {table}
                WHERE owner_id = @owner AND file IS NOT NULL AND state IN ('done', 'failed')
                {sql.For("", "FOR UPDATE")}
                """,
                new { owner }
            )
        );
    }

    /// <returns>The files of imports that nobody has gone on with since <paramref name="before"/>, some at a time; their rows let go of them.</returns>
    public static async Task<List<string>> LetGo(Sql sql, string table, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return await LetGo(
            sql,
            table,
            await sql.Query<Kept>(
                $"""
                SELECT id, file FROM {table}
                WHERE file IS NOT NULL AND updated_at < @before
                ORDER BY updated_at
                LIMIT @Batch {sql.For("", "FOR UPDATE")}
                """,
                new { before, Batch }
            )
        );
    }

    /// <summary>Forgets some of those that nobody has gone on with since <paramref name="before"/>. The oldest come first by their ids; one that was
    /// gone on with later waits for the next time.</summary>
    internal static Task<int> Forget(Sql sql, string table, DateTimeOffset before) =>
        sql.Execute(
            $"""
            DELETE FROM {table}
            WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT @MostForgotten)
            AND file IS NULL AND updated_at < @before
            """,
            new { before, MostForgotten }
        );

    /// <returns>Of some of a user's imports, which are forgotten, the files or null; none when there are no more.</returns>
    internal static Task<List<string?>> ForgetSomeOf(Sql sql, string table, long owner) =>
        sql.Query<string?>(
            $"""
            DELETE FROM {table}
            WHERE id IN (SELECT id FROM {table} WHERE owner_id = @owner ORDER BY id LIMIT @MostForgotten)
            RETURNING file
            """,
            new { owner, MostForgotten }
        );

    /// <param name="sql">The write.</param>
    /// <param name="table">The room's.</param>
    /// <param name="rows">Under their locks: nobody goes on with one of them once it was looked at.</param>
    private static async Task<List<string>> LetGo(Sql sql, string table, List<Kept> rows)
    {
        foreach (var row in rows)
        {
            await sql.Execute($"UPDATE {table} SET file = NULL WHERE id = @Id", new { row.Id });
        }
        return rows.ConvertAll(row => row.File);
    }

    private sealed record Kept
    {
        public required long Id { get; init; }
        public required string File { get; init; }
    }
}
