using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;

namespace Madang.Links.Moving;

/// <summary>Every line of SQL about imports of links: who imports what, and how far it is.</summary>
public sealed class LinkImportStore(Database db)
{
    internal const string Table = "link_imports";

    private const string Columns = $"{Head}, lines";

    private const string Head = """
        id, owner_id, file, file_name, source, new_slugs, own_url, is_dry_run, state, total, added, renamed, present, refused,
        problem, created_at, updated_at
        """;

    internal Task<ImportRow?> Find(long id, long owner, CancellationToken stop) =>
        db.Read(sql => Find(sql, id, owner), stop);

    /// <returns>A user's last imports, newest first, without what came of their lines, which may be megabytes.</returns>
    internal Task<List<ImportRow>> Last(long owner, int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ImportRow>(
                    $"SELECT {Head}, '[]' AS lines FROM link_imports WHERE owner_id = @owner ORDER BY id DESC LIMIT @most",
                    new { owner, most }
                ),
            stop
        );

    /// <summary>Lets an import wait for its turn. What an earlier dry run of the user kept goes.</summary>
    /// <returns>Null while another of the same user is not at its end.</returns>
    internal static async Task<ImportRow?> Add(
        Sql sql,
        ImportPlan plan,
        BegunImport begun,
        string runner,
        string file,
        string fileName,
        bool isDryRun
    )
    {
        await sql.MustStand(plan.Owner);
        await ImportRows.CloseLost(sql, Table, plan.Owner);
        var row = await sql.First<ImportRow>(
            $"""
            INSERT INTO link_imports (
                owner_id, runner, file, file_name, source, new_slugs, own_url, is_dry_run, state,
                total, added, renamed, present, refused, lines, created_at, updated_at
            )
            VALUES (
                @Owner, @runner, @file, @fileName, @Source, @DrawsSlugs, @OwnUrl, @isDryRun, 'waiting',
                0, 0, 0, 0, 0, '[]', @Now, @Now
            )
            ON CONFLICT DO NOTHING
            RETURNING {Columns}
            """,
            new
            {
                plan.Owner,
                plan.Source,
                plan.DrawsSlugs,
                plan.OwnUrl,
                runner,
                file,
                fileName,
                isDryRun,
                sql.Now,
            }
        );
        if (row is not null)
        {
            begun.Is(sql, row.Id, await ImportRows.LetGoOf(sql, Table, plan.Owner));
        }
        return row;
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
                    await sql.Execute(
                        "UPDATE link_imports SET total = 0, added = 0, renamed = 0, present = 0, refused = 0, lines = '[]' WHERE id = @id",
                        new { id }
                    );
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
                    ? await sql.First<ImportRow>($"SELECT {Columns} FROM link_imports WHERE id = @id", new { id })
                    : null,
            stop
        );

    internal static Task<int> Progress(Sql sql, long id, ImportCount count) =>
        sql.Execute(
            """
            UPDATE link_imports SET
                total = @Total, added = @Added, renamed = @Renamed, present = @Present, refused = @Refused, updated_at = @Now
            WHERE id = @id
            """,
            new
            {
                id,
                count.Total,
                count.Added,
                count.Renamed,
                count.Present,
                count.Refused,
                sql.Now,
            }
        );

    internal Task<int> Progress(long id, ImportCount count, CancellationToken stop) =>
        db.Write(sql => Progress(sql, id, count), stop);

    /// <summary>Ends an import.</summary>
    internal Task<int> End(long id, ImportCount count, string lines, string? problem, bool keepsFile) =>
        db.Write(
            async sql =>
            {
                await Progress(sql, id, count);
                await sql.Execute("UPDATE link_imports SET lines = @lines WHERE id = @id", new { id, lines });
                return await ImportRows.End(sql, Table, id, problem, keepsFile);
            },
            CancellationToken.None
        );

    /// <summary>Says of imports of this process that they are not lost.</summary>
    internal Task<int> Touch(string runner, IReadOnlyCollection<long> ids, CancellationToken stop) =>
        db.Write(sql => ImportRows.Touch(sql, Table, runner, ids), stop);

    private static Task<ImportRow?> Find(Sql sql, long id, long owner) =>
        sql.First<ImportRow>(
            $"SELECT {Columns} FROM link_imports WHERE id = @id AND owner_id = @owner",
            new { id, owner }
        );
}
