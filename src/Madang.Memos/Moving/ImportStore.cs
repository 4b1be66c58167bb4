using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;

namespace Madang.Memos.Moving;

/// <summary>Every line of SQL about imports: who imports what, and how far it is.</summary>
public sealed class ImportStore(Database db)
{
    internal const string Table = "memo_imports";

    private const string Columns = """
        id, owner_id, file, file_name, author, is_dry_run, state, total, added, present, refused, pictures, pictures_refused,
        refusals, problem, detail, created_at, updated_at
        """;

    internal Task<ImportRow?> Find(long id, long owner, CancellationToken stop) =>
        db.Read(sql => Find(sql, id, owner), stop);

    /// <returns>A user's last imports, newest first.</returns>
    internal Task<List<ImportRow>> Last(long owner, int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ImportRow>(
                    $"SELECT {Columns} FROM memo_imports WHERE owner_id = @owner ORDER BY id DESC LIMIT @most",
                    new { owner, most }
                ),
            stop
        );

    /// <returns>Whether an import of a user is not at its end.</returns>
    internal Task<bool> IsOpen(long owner, CancellationToken stop) =>
        db.Read(
            async sql =>
                await sql.First<long?>(
                    """
                    SELECT id FROM memo_imports
                    WHERE owner_id = @owner AND state IN ('waiting', 'running') AND updated_at >= @Lost
                    """,
                    new { owner, Lost = sql.Now - ImportQueue.Patience }
                )
                    is not null,
            stop
        );

    /// <summary>Lets an import wait for its turn.</summary>
    /// <returns>Null while another of the same user is not at its end.</returns>
    internal static async Task<ImportRow?> Add(Sql sql, NewImport import)
    {
        await sql.MustStand(import.Owner);
        await ImportRows.CloseLost(sql, Table, import.Owner);
        return await sql.First<ImportRow>(
            $"""
            INSERT INTO memo_imports (
                owner_id, runner, file, file_name, author, is_dry_run, state, total, added, present, refused, refusals,
                created_at, updated_at
            )
            VALUES (@Owner, @Runner, @File, @FileName, @Author, @IsDryRun, 'waiting', 0, 0, 0, 0, '[]', @Now, @Now)
            ON CONFLICT DO NOTHING
            RETURNING {Columns}
            """,
            new
            {
                import.Owner,
                import.Runner,
                import.File,
                import.FileName,
                import.Author,
                import.IsDryRun,
                sql.Now,
            }
        );
    }

    /// <summary>Makes a dry run that went well a real import. One that is already is left as it is.</summary>
    /// <returns>The import, and whether it must be begun; null when there is none, or nothing that could be begun.</returns>
    internal Task<(ImportRow? Row, bool MustBegin)> MakeReal(
        long id,
        long owner,
        string runner,
        CancellationToken stop
    ) =>
        db.Write<(ImportRow?, bool)>(
            async sql =>
            {
                var mustBegin = await ImportRows.MakeReal(sql, Table, id, owner, runner);
                if (mustBegin)
                {
                    await Tell(sql, id, ImportCount.None);
                }
                var row = await Find(sql, id, owner);
                return (row is { IsDryRun: false } ? row : null, mustBegin);
            },
            stop
        );

    /// <returns>The import, now running; null when it isn't this process's or doesn't wait.</returns>
    internal Task<ImportRow?> Begin(long id, string runner, CancellationToken stop) =>
        db.Write(
            async sql =>
                await ImportRows.Begin(sql, Table, id, runner)
                    ? await sql.First<ImportRow>($"SELECT {Columns} FROM memo_imports WHERE id = @id", new { id })
                    : null,
            stop
        );

    internal static async Task Progress(Sql sql, long id, ImportCount count) =>
        await sql.Execute(
            """
            UPDATE memo_imports SET
                total = @Total, added = @Added, present = @Present, refused = @Refused,
                pictures = @Pictures, pictures_refused = @PicturesRefused, updated_at = @Now
            WHERE id = @id
            """,
            new
            {
                id,
                count.Total,
                count.Added,
                count.Present,
                count.Refused,
                count.Pictures,
                count.PicturesRefused,
                sql.Now,
            }
        );

    internal Task<int> Progress(long id, ImportCount count, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                await Progress(sql, id, count);
                return 1;
            },
            stop
        );

    /// <summary>Ends an import.</summary>
    /// <param name="id">Which.</param>
    /// <param name="count">What came of it.</param>
    /// <param name="problem">Why it failed, or null.</param>
    /// <param name="detail">What belongs to that.</param>
    /// <param name="keepsFile">Whether it may go on from its file.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal Task<int> End(
        long id,
        ImportCount count,
        string? problem,
        string? detail,
        bool keepsFile,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                await Tell(sql, id, count);
                await sql.Execute("UPDATE memo_imports SET detail = @detail WHERE id = @id", new { id, detail });
                return await ImportRows.End(sql, Table, id, problem, keepsFile);
            },
            stop
        );

    /// <summary>Says of imports of this process that they are not lost.</summary>
    internal Task<int> Touch(string runner, IReadOnlyCollection<long> ids, CancellationToken stop) =>
        db.Write(sql => ImportRows.Touch(sql, Table, runner, ids), stop);

    private static async Task Tell(Sql sql, long id, ImportCount count)
    {
        await Progress(sql, id, count);
        await sql.Execute(
            "UPDATE memo_imports SET refusals = @Refusals WHERE id = @id",
            new { id, Refusals = JsonSerializer.Serialize([.. count.Refusals], MemosJson.Default.ListImportRefusal) }
        );
    }

    private static Task<ImportRow?> Find(Sql sql, long id, long owner) =>
        sql.First<ImportRow>(
            $"SELECT {Columns} FROM memo_imports WHERE id = @id AND owner_id = @owner",
            new { id, owner }
        );
}
