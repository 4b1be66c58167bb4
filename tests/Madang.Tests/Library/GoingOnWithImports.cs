using System.Text;
using Madang.Foundation.Moving;
using Madang.Library.Moving;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>What becomes of an import when something goes wrong just beside it.</summary>
public sealed class GoingOnWithImports(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static byte[] File => Encoding.UTF8.GetBytes($"title,author,isbn\n가을,김,{LibraryCalls.NewIsbn()}\n");

    [Fact]
    public async Task An_import_runs_though_the_file_of_an_earlier_one_can_not_be_removed()
    {
        var dry = await yard.Admin.ImportBooks(File, "dry_run=true");
        var kept = Directory
            .GetFiles(yard.Folder, await FileOf(dry.Number("id")), SearchOption.AllDirectories)
            .Single();
        System.IO.File.Delete(kept);
        // What isn't empty can't be removed as a file.
        Directory.CreateDirectory(Path.Combine(kept, "x"));
        Assert.Equal("done 1: 1 0 0", (await yard.Admin.ImportBooks(File)).BookCounts());
        Directory.Delete(kept, recursive: true);
    }

    [Fact]
    public async Task A_dry_run_that_is_gone_on_with_keeps_its_file_though_the_housework_comes()
    {
        var dry = (await yard.Admin.ImportBooks(File, "dry_run=true")).Number("id");
        var file = await FileOf(dry);
        Task<List<string>>? gone = null;
        await yard.Database.Write(
            async sql =>
            {
                Assert.True(await ImportRows.MakeReal(sql, "book_imports", dry, yard.Admin.Id, "nobody"));
                // It has seen the row as it was before.
                var before = sql.Now.AddTicks(-10);
                gone ??= yard.Database.Write(other => ImportRows.LetGo(other, "book_imports", before), Stop);
                await Probe.Until(async () => await Waiting() > 0);
                return 0;
            },
            Stop
        );
        Assert.Empty(await gone!);
        Assert.Equal(file, await FileOf(dry));
        await yard.Database.Write(
            sql => sql.Execute("UPDATE book_imports SET state = 'failed' WHERE id = @dry", new { dry }),
            Stop
        );
    }

    [Fact]
    public async Task What_an_import_has_written_is_counted_though_its_end_is_told_by_one_who_does_not_know()
    {
        var id = (await yard.Admin.ImportBooks(File)).Number("id");
        await yard.Get<BookImportStore>().End(id, null, "[]", "interrupted", null, keepsFile: false);
        Assert.Equal("failed 1: 1 0 0", (await yard.Admin.BookImport(id)).BookCounts());
    }

    [Fact]
    public async Task Only_imports_in_hand_are_said_to_go_on()
    {
        var ids = new[] { await Waiting(DateTimeOffset.UnixEpoch), await Waiting(DateTimeOffset.UnixEpoch) };
        var touched = await yard.Database.Write(sql => ImportRows.Touch(sql, "book_imports", "nobody", [ids[1]]), Stop);
        Assert.Equal(1, touched);
        var old = await yard.Database.Read(
            sql =>
                sql.Query<long>(
                    "SELECT id FROM book_imports WHERE updated_at < @Then",
                    new { Then = sql.Now.AddDays(-1) }
                ),
            Stop
        );
        Assert.Equal([ids[0]], old);
        await yard.Database.Write(
            sql => sql.Execute("DELETE FROM book_imports WHERE runner = 'nobody' AND state = 'waiting'"),
            Stop
        );
    }

    /// <returns>An import that waits, of somebody else each time: one has one at a time.</returns>
    private async Task<long> Waiting(DateTimeOffset at)
    {
        var owner = (await yard.SignUp()).Id;
        return await yard.Database.Write(
            sql =>
                sql.Single<long>(
                    """
                    INSERT INTO book_imports (
                        owner_id, runner, file, file_name, is_dry_run, state, total, added, present, refused, lines, created_at, updated_at
                    )
                    VALUES (@owner, 'nobody', 'aaaaaaaaaaaaaaaaaaaaaaaaaa', 'x', FALSE, 'waiting', 0, 0, 0, 0, '[]', @at, @at)
                    RETURNING id
                    """,
                    new { owner, at }
                ),
            Stop
        );
    }

    private Task<string> FileOf(long import) =>
        yard.Database.Read(
            sql => sql.Single<string>("SELECT file FROM book_imports WHERE id = @import", new { import }),
            Stop
        );

    /// <returns>How many wait for what another transaction of this database comes to.</returns>
    private Task<long> Waiting() =>
        yard.Database.Read(
            sql =>
                sql.Single<long>(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'transactionid'
                    """
                ),
            Stop
        );
}
