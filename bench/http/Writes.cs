using System.Diagnostics;
using System.Globalization;
using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Memos;
using Madang.Memos.Writing;

namespace Madang.HttpBench;

/// <summary>Memos written by 64 clients at once, each answer durable, against what the databases do by themselves.</summary>
internal static class Writes
{
    private const int Clients = 64;
    private const int Seconds = 5;

    /// <summary>
    /// The runtime compiles its code anew on one thread, which shares two cores with as many processes of PostgreSQL as there are clients: with
    /// few of them it rests after so long, with all of them after four times as much.
    /// </summary>
    private const int FewClients = 4;
    private const int WarmUpSeconds = 12;

    /// <summary>What one such memo is written with, in one transaction.</summary>
    private const string Statements = """
        BEGIN;
        SELECT id FROM users WHERE id = 1 AND deleted_at IS NULL FOR SHARE;
        INSERT INTO memos (owner_id, text, text_key, visibility, pinned_at, created_at, updated_at) VALUES (1, 'A shelf for the window #books', 'a shelf for the window #books', 'private', NULL, now(), now()) RETURNING id, text, visibility, pinned_at, archived_at, created_at, updated_at, owner_id AS author_id \gset
        INSERT INTO memo_tags (memo_id, key, name, is_written, owner_id, created_at) VALUES (:id, 'books', 'books', true, 1, now());
        COMMIT;
        """;

    internal static async Task OnSqlite(RunningServer server, string folder, Report report)
    {
        var script = await WriteScript(server);
        await Wrk.Load(server.Url, Clients, 2, script);
        var before = await Commits(server);
        var ours = await Wrk.Load(server.Url, Clients, Seconds, script);
        var after = await Commits(server);
        var perFlush = (after.Writes - before.Writes) / (after.Count - before.Count);
        var flush = Flush.Mean(folder);
        var alone = await OneCommitEach(folder);
        report.Add("`POST /api/v1/memos`, 64 clients, SQLite: mean writes per flush", $"{perFlush:F1}", "8");
        report.Add(
            "the same: throughput against one flush per commit",
            $"{ours.PerSecond:N0}/s against {alone:N0}/s: {ours.PerSecond / alone:F1} × (a flush takes {flush.TotalMilliseconds:F2} ms)",
            "6 × where a flush takes 2 ms or more"
        );
    }

    internal static async Task OnPostgres(string published, string folder, Report report)
    {
        await using var postgres = await BenchPostgres.Start(folder);
        if (postgres is null)
        {
            report.Add("the same on PostgreSQL, against pgbench", "not measured: PostgreSQL is not installed", "0.5");
            return;
        }
        string[] settings = [$"--Data:Postgres={postgres.ConnectionString}", $"--Data:Directory={folder}/uploads"];
        using (
            var migrate = Process.Start(
                new ProcessStartInfo(published, ["migrate", .. settings]) { RedirectStandardOutput = true }
            )!
        )
        {
            await migrate.WaitForExitAsync();
        }
        await using var server = await RunningServer.Madang(published, settings);
        await Users.SignUp(server);
        var script = await WriteScript(server);
        await Wrk.Load(server.Url, FewClients, WarmUpSeconds, script);
        await Wrk.Load(server.Url, Clients, 5, script);
        await postgres.Transactions(Statements, Clients, 1);
        // Before and after: the disk is not always as fast.
        var before = await postgres.Transactions(Statements, Clients, 3);
        var ours = await Wrk.Load(server.Url, Clients, Seconds, script);
        var reference = (before + await postgres.Transactions(Statements, Clients, 3)) / 2;
        report.Ratio(
            "`POST /api/v1/memos`, 64 clients, PostgreSQL, against pgbench with the same statements",
            ours.PerSecond,
            reference,
            0.5
        );
    }

    private static async Task<string> WriteScript(RunningServer server)
    {
        var headers =
            Wrk.Header("Authorization", $"Bearer {await Users.Token(server, "user1@example.com")}")
            + Wrk.Header("Content-Type", "application/json");
        return Wrk.Script("POST", [("/api/v1/memos", headers, """{"text":"A shelf for the window #books"}""")]);
    }

    private static async Task<double> OneCommitEach(string folder)
    {
        await using var db = Database.OpenSqlite(Path.Combine(folder, "alone.db"), null, TimeProvider.System);
        await new SchemaRunner(db, [new MemosModule()]).Migrate(CancellationToken.None);
        await db.Write(
            sql =>
                sql.Execute(
                    "INSERT INTO users (username, security_stamp, role, created_at, updated_at) VALUES ('alone', '', 'member', @Now, @Now)",
                    new { sql.Now }
                ),
            default
        );
        var store = new MemoStore(db);
        var watch = Stopwatch.StartNew();
        var writes = 0;
        for (; watch.Elapsed < TimeSpan.FromSeconds(3); writes++)
        {
            // One at a time: nobody shares its commit.
            await store.Write(1, new() { Text = "A shelf for the window #books" }, default);
        }
        return writes / watch.Elapsed.TotalSeconds;
    }

    internal static async Task<(double Writes, double Count)> Commits(RunningServer server)
    {
        var lines = (await server.Client.GetStringAsync("/metrics")).Split('\n');
        return (Value("sum"), Value("count"));

        double Value(string which) =>
            double.Parse(
                lines
                    .First(line =>
                        line.StartsWith($"madang_sqlite_writes_per_commit_{which} ", StringComparison.Ordinal)
                    )
                    .Split(' ')[1],
                CultureInfo.InvariantCulture
            );
    }
}
