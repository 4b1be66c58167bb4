using System.Net;
using Madang.Foundation.Data;
using Madang.Memos.Moving;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>How imports end that can't, and what they leave.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class EndingImports(SqliteYard yard)
{
    private const string Memo = """[{"content":"하나","createdTs":1710408600}]""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The database refuses whatever would tell of an end.</summary>
    [Fact]
    public async Task One_whose_end_can_t_be_told_holds_up_no_other()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        await Do(
            $"""
            CREATE TRIGGER no_end BEFORE UPDATE ON memo_imports WHEN NEW.owner_id = {me.Id} AND NEW.state = 'failed'
            BEGIN SELECT RAISE(ABORT, 'no'); END
            """
        );
        try
        {
            await Begin(me, "[]");
            Assert.Equal("done 1: 1 0 0", (await other.Import(Memo)).Counts());
        }
        finally
        {
            await Do("DROP TRIGGER no_end");
        }
    }

    [Fact]
    public async Task One_that_fails_within_says_so_and_by_what_the_log_names_the_reason()
    {
        var me = await yard.SignUp();
        await Do(
            $"""
            CREATE TRIGGER no_origin BEFORE INSERT ON memo_origins WHEN NEW.owner_id = {me.Id}
            BEGIN SELECT RAISE(ABORT, 'no'); END
            """
        );
        try
        {
            var ended = await me.Ended(await Begin(me, Memo));
            Assert.Equal(("failed", "failed_inside"), (ended.Text("state"), ended.Text("problem")));
            Assert.Matches("^[0-9a-f]{32}$", ended.Text("detail"));
            var browser = await new Accounts.Browser(yard).SignIn(me);
            using var page = await browser.Send(HttpMethod.Get, $"/memos/move/{ended.Number("id")}");
            Assert.Contains(
                ended.Text("detail")!,
                await page.Content.ReadAsStringAsync(Stop),
                StringComparison.Ordinal
            );
        }
        finally
        {
            await Do("DROP TRIGGER no_origin");
        }
    }

    /// <summary>The housework lets go of the file of a row that has said nothing for an hour, whatever state it is in.</summary>
    [Fact]
    public async Task One_whose_file_was_let_go_while_it_waited_is_interrupted_and_holds_up_no_other()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var before = yard.Uploads();
        await Do(
            $"""
            CREATE TRIGGER no_file AFTER INSERT ON memo_imports WHEN NEW.owner_id = {me.Id}
            BEGIN UPDATE memo_imports SET file = NULL WHERE id = NEW.id; END
            """
        );
        try
        {
            var id = await Begin(me, Memo);
            Assert.Equal("done 1: 1 0 0", (await other.Import(Memo)).Counts());
            var ended = await me.Ended(id);
            Assert.Equal(("failed", "interrupted"), (ended.Text("state"), ended.Text("problem")));
        }
        finally
        {
            await Do("DROP TRIGGER no_file");
            // Whoever lets go of a file removes it.
            yard.Uploads().Except(before).ToList().ForEach(Remove);
        }
    }

    [Fact]
    public async Task Files_that_no_import_names_are_swept_after_a_day_and_those_that_lay_elsewhere_once()
    {
        var me = await yard.SignUp();
        var before = yard.Uploads();
        await me.Import(Memo, "dry_run=true");
        var named = Assert.Single(yard.Uploads().Except(before));
        var letter = 'a';
        var (old, young) = (Put(".passing/imports/", 25), Put(".passing/imports/", 23));
        var (kept, arriving) = (Put("imports/", 25), Put("new/imports.", 25));
        Age(named, 25);

        await yard.Get<IEnumerable<IHousework>>().OfType<ImportHousework>().Single().Tidy(Stop);
        var left = yard.Uploads();
        Assert.Equal([young, named], new[] { old, young, kept, arriving, named }.Where(left.Contains));
        Remove(young);

        string Put(string place, int hours)
        {
            var name = new string(letter++, 26);
            var path = place.EndsWith('/') ? $"{place}{name[..2]}/{name}" : place + name;
            var full = Path.Combine(yard.Folder, "uploads", path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, [1]);
            Age(path, hours);
            return path;
        }
    }

    private void Remove(string path) => File.Delete(Path.Combine(yard.Folder, "uploads", path));

    private void Age(string path, int hours) =>
        File.SetLastWriteTimeUtc(
            Path.Combine(yard.Folder, "uploads", path),
            yard.Clock.GetUtcNow().UtcDateTime.AddHours(-hours)
        );

    private Task<int> Do(string text) => yard.Database.Write(sql => sql.Execute(text, new { }), Stop);

    private static async Task<long> Begin(Person person, string file)
    {
        using var body = new ByteArrayContent(MovingCalls.Utf8(file));
        using var answer = await person.Client.PostAsync("/api/v1/memos/imports", body, Stop);
        return (await answer.Json(HttpStatusCode.Created)).Number("id");
    }
}
