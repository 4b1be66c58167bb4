using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>The rows of imports of books: who imports what, and how far it is. <see cref="BookImportFiles"/> and <see cref="BookImportLines"/> have what belongs to them.</summary>
public sealed class BookImportStore(Database db)
{
    internal const string Table = "book_imports";

    private const string Columns = $"{Head}, lines";

    private const string Head = """
        id, owner_id, file, file_name, source, is_dry_run, state, total, added, present, refused, problem, detail, created_at,
        updated_at
        """;

    internal Task<BookImportRow?> Find(long id, long owner, CancellationToken stop) =>
        db.Read(sql => Find(sql, id, owner), stop);

    /// <returns>A user's last imports, newest first, without what came of their lines, which may be megabytes.</returns>
    internal Task<List<BookImportRow>> Last(long owner, int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<BookImportRow>(
                    $"SELECT {Head}, '[]' AS lines FROM book_imports WHERE owner_id = @owner ORDER BY id DESC LIMIT @most",
                    new { owner, most }
                ),
            stop
        );

    /// <summary>Lets an import wait for its turn. What an earlier dry run of the user kept goes.</summary>
    /// <returns>Null while another of the same user is not at its end.</returns>
    internal static async Task<BookImportRow?> Add(
        Sql sql,
        long owner,
        string? source,
        BegunImport begun,
        string runner,
        string file,
        string fileName,
        bool isDryRun
    )
    {
        await sql.MustStand(owner);
        await ImportRows.CloseLost(sql, Table, owner);
        var row = await sql.First<BookImportRow>(
            $"""
            INSERT INTO book_imports (
                owner_id, runner, file, file_name, source, is_dry_run, state, total, added, present, refused, lines, created_at, updated_at
            )
            VALUES (@owner, @runner, @file, @fileName, @source, @isDryRun, 'waiting', 0, 0, 0, 0, '[]', @Now, @Now)
            ON CONFLICT DO NOTHING
            RETURNING {Columns}
            """,
            new
            {
                owner,
                source,
                runner,
                file,
                fileName,
                isDryRun,
                sql.Now,
            }
        );
        if (row is not null)
        {
            begun.Is(sql, row.Id, await ImportRows.LetGoOf(sql, Table, owner));
        }
        return row;
    }

    /// <summary>Makes a dry run that went well a real import. One that is already is left as it is.</summary>
    /// <returns>The import, and whether it must be begun; null when there is none, or nothing that could be begun.</returns>
    internal Task<(BookImportRow? Row, bool MustBegin)> MakeReal(
        long id,
        long owner,
        string runner,
        CancellationToken stop
    ) =>
        db.Write<(BookImportRow?, bool)>(
            async sql =>
            {
                var mustBegin = await ImportRows.MakeReal(sql, Table, id, owner, runner);
                if (mustBegin)
                {
                    await BookImportLines.Forget(sql, id);
                    await sql.Execute(
                        "UPDATE book_imports SET total = 0, added = 0, present = 0, refused = 0, lines = '[]' WHERE id = @id",
                        new { id }
                    );
                }
                var row = await Find(sql, id, owner);
                return (row is { IsDryRun: false } ? row : null, mustBegin);
            },
            stop
        );

    /// <returns>The import, now running; null when it isn't this process's or doesn't wait.</returns>
    internal Task<BookImportRow?> Begin(long id, string runner, CancellationToken stop) =>
        db.Write(
            async sql =>
                await ImportRows.Begin(sql, Table, id, runner)
                    ? await sql.First<BookImportRow>($"SELECT {Columns} FROM book_imports WHERE id = @id", new { id })
                    : null,
            stop
        );

    /// <summary>Tells how far an import is, and what became of the lines that came last.</summary>
    internal static async Task Progress(Sql sql, long id, BookImportCount count, IReadOnlyList<BookImportLine> lines)
    {
        await BookImportLines.Keep(sql, id, lines);
        await Progress(sql, id, count);
    }

    private static Task<int> Progress(Sql sql, long id, BookImportCount count) =>
        sql.Execute(
            """
            UPDATE book_imports SET
                total = @Total, added = @Added, present = @Present, refused = @Refused, updated_at = @Now
            WHERE id = @id
            """,
            new
            {
                id,
                count.Total,
                count.Added,
                count.Present,
                count.Refused,
                sql.Now,
            }
        );

    internal Task<int> Progress(
        long id,
        BookImportCount count,
        IReadOnlyList<BookImportLine> lines,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                await Progress(sql, id, count, lines);
                return 1;
            },
            stop
        );

    /// <summary>Ends an import.</summary>
    /// <param name="id">Which.</param>
    /// <param name="count">What came of it; null where its parts have written that themselves.</param>
    /// <param name="lines">The first lines of each outcome.</param>
    /// <param name="problem">Why it failed, or null.</param>
    /// <param name="detail">What belongs to that.</param>
    /// <param name="keepsFile">Whether it may go on from its file.</param>
    internal Task<int> End(
        long id,
        BookImportCount? count,
        string lines,
        string? problem,
        string? detail,
        bool keepsFile
    ) =>
        db.Write(
            async sql =>
            {
                if (count is not null)
                {
                    await Progress(sql, id, count);
                }
                await sql.Execute(
                    "UPDATE book_imports SET lines = @lines, detail = @detail WHERE id = @id",
                    new
                    {
                        id,
                        lines,
                        detail,
                    }
                );
                return await ImportRows.End(sql, Table, id, problem, keepsFile);
            },
            CancellationToken.None
        );

    /// <summary>Says of imports of this process that they are not lost.</summary>
    internal Task<int> Touch(string runner, IReadOnlyCollection<long> ids, CancellationToken stop) =>
        db.Write(sql => ImportRows.Touch(sql, Table, runner, ids), stop);

    private static Task<BookImportRow?> Find(Sql sql, long id, long owner) =>
        sql.First<BookImportRow>(
            $"SELECT {Columns} FROM book_imports WHERE id = @id AND owner_id = @owner",
            new { id, owner }
        );
}
