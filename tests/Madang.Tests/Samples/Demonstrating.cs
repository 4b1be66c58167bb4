using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Samples;

/// <summary>The verb <c>demo</c>, as somebody runs it who wants to see what a yard in use looks like.</summary>
public sealed class Demonstrating
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_fills_an_empty_yard_with_a_year_that_one_can_sign_in_to_and_adds_nothing_the_second_time()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = await Demo(folder.Setting);
        Assert.Equal(0, code);
        var lines = output.Split('\n');
        var email = lines.Single(line => line.StartsWith("Sign in as ", StringComparison.Ordinal))[11..].Split(',')[0];
        var password = lines.Single(line => line.StartsWith("with the password ", StringComparison.Ordinal)).Split(' ')[
            3
        ];

        await using (var db = Database.OpenSqlite(folder.File("madang.db"), null, TimeProvider.System))
        {
            Assert.InRange(await Number(db, "SELECT count(*) FROM memos"), 300, 500);
            Assert.InRange(await Number(db, "SELECT count(DISTINCT created_at / 86400000000) FROM memos"), 120, 366);
            Assert.InRange(await Number(db, "SELECT count(*) FROM memos WHERE visibility = 'team'"), 20, 100);
            Assert.InRange(await Number(db, "SELECT count(*) FROM memos WHERE pinned_at IS NOT NULL"), 3, 20);
            Assert.InRange(await Number(db, "SELECT count(*) FROM memos WHERE archived_at IS NOT NULL"), 2, 20);
            Assert.InRange(await Number(db, "SELECT count(*) FROM memos WHERE text LIKE '%- [ ] %'"), 20, 200);
            Assert.InRange(await Number(db, "SELECT count(*) FROM memo_tags WHERE key LIKE '답사/%'"), 3, 50);
            Assert.Equal(0, await Number(db, "SELECT count(*) FROM memos WHERE text LIKE '@%'"));
            Assert.Equal(4, await Number(db, "SELECT count(DISTINCT owner_id) FROM memos"));
            Assert.InRange(await Number(db, "SELECT count(*) FROM books"), 280, 320);
            Assert.InRange(await Number(db, "SELECT count(*) FROM loans"), 200, 500);
            Assert.Equal(12, await Number(db, "SELECT count(*) FROM loans WHERE returned_at IS NULL"));
            var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / 10;
            Assert.Equal(
                3,
                await Number(db, $"SELECT count(*) FROM loans WHERE returned_at IS NULL AND due_at < {now}")
            );
            Assert.Equal(
                0,
                await Number(db, $"SELECT count(*) FROM loans WHERE created_at > {now} OR returned_at < created_at")
            );
            Assert.Equal(
                0,
                await Number(
                    db,
                    "SELECT count(*) FROM loans JOIN books ON books.id = book_id WHERE loans.created_at < books.created_at"
                )
            );
            Assert.Equal(2, await Number(db, "SELECT count(*) FROM holds WHERE ended_at IS NULL"));
            Assert.Equal(4, await Number(db, "SELECT count(DISTINCT user_id) FROM loans"));
        }
        Assert.Contains(
            "agree with the ledger",
            (await Ran.Verb("library", "audit", folder.Setting)).Well().Output,
            StringComparison.Ordinal
        );
        var (again, said) = await Demo(folder.Setting);
        Assert.Equal(0, again);
        Assert.Contains("nothing was added", said, StringComparison.Ordinal);

        await using var server = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", folder.Setting);
        using var client = new HttpClient { BaseAddress = new Uri(await server.Url) };
        using var signedIn = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password }, Stop);
        var pair = await signedIn.Json(HttpStatusCode.OK);
        client.DefaultRequestHeaders.Authorization = new("Bearer", pair.Text("access_token"));
        using var me = await client.GetAsync("/api/v1/users/me", Stop);
        Assert.Equal("admin", (await me.Json(HttpStatusCode.OK)).Text("role"));
    }

    [Fact]
    public async Task When_its_memos_fail_the_password_was_told_and_another_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        await using var db = Database.OpenSqlite(folder.File("madang.db"), null, TimeProvider.System);
        await new SchemaRunner(db, Modules.All).Migrate(Stop);
        await db.Write(
            sql =>
                sql.Execute(
                    "CREATE TRIGGER broken AFTER INSERT ON memos WHEN NEW.id % 120 = 0 BEGIN SELECT RAISE(ABORT, 'broken'); END"
                ),
            Stop
        );
        var (code, output) = await Demo(folder.Setting);
        Assert.Equal(1, code);
        Assert.Contains("with the password ", output, StringComparison.Ordinal);
        Assert.InRange(await Number(db, "SELECT count(*) FROM memos"), 1, 200);

        await db.Write(sql => sql.Execute("DROP TRIGGER broken"), Stop);
        (code, output) = await Demo(folder.Setting);
        Assert.Equal(0, code);
        Assert.Contains("madang user password haneul@demo.example", output, StringComparison.Ordinal);
        Assert.InRange(await Number(db, "SELECT count(*) FROM memos"), 300, 500);
        Assert.Equal(4, await Number(db, "SELECT count(DISTINCT owner_id) FROM memos"));
        Assert.Equal(
            0,
            await Number(db, "SELECT count(*) - count(DISTINCT owner_id || '|' || created_at || text) FROM memos")
        );
    }

    [Fact]
    public async Task It_touches_no_yard_that_is_in_use_unless_it_is_told_to()
    {
        await using var yard = new SqliteYard();
        await yard.InitializeAsync();
        var setting = $"--Data:Directory={yard.Folder}";
        var (code, output) = await Demo(setting);
        Assert.Equal(1, code);
        Assert.Contains("has users already", output, StringComparison.Ordinal);
        Assert.Equal(0, await Number(yard.Database, "SELECT count(*) FROM memos"));

        Assert.Equal(0, (await Demo(setting, "--force")).Code);
        Assert.Equal(1, await Number(yard.Database, "SELECT count(*) FROM users WHERE role = 'admin'"));
        Assert.InRange(await Number(yard.Database, "SELECT count(*) FROM memos"), 300, 500);
    }

    private static Task<long> Number(Database db, string text) => db.Read(sql => sql.Single<long>(text), Stop);

    private static async Task<(int Code, string Output)> Demo(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "madang"), ["demo", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(Stop),
            process.StandardError.ReadToEndAsync(Stop)
        );
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output + await errors);
    }
}
