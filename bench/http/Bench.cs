using System.Diagnostics;
using Madang.Foundation.Data;

namespace Madang.HttpBench;

/// <summary>What is measured, in one run, so that each ratio compares what ran on the same machine in the same minutes.</summary>
internal static class Bench
{
    private const int SmallUsers = 10;
    private const int LargeUsers = 1_000;

    internal static Task OfMemos(string published) => In((folder, report) => Memos(published, folder, report));

    internal static Task OfLinks(string published) => In((folder, report) => Links.Measure(published, folder, report));

    internal static Task OfLibrary(string published) =>
        In((folder, report) => Library.Measure(published, folder, report));

    private static async Task In(Func<string, Report, Task> measure)
    {
        var folder = Directory
            .CreateDirectory(Path.Combine(Environment.CurrentDirectory, $"bench-{Guid.NewGuid():N}"))
            .FullName;
        var report = new Report();
        try
        {
            await measure(folder, report);
            Console.WriteLine(report);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Memos(string published, string folder, Report report)
    {
        var (small, large) = (Path.Combine(folder, "small"), Path.Combine(folder, "large"));
        await Prepare(published, small, SmallUsers);
        await Prepare(published, large, LargeUsers);
        await Starts(published, small, report);
        Latencies few;
        long afterStart,
            afterBench;
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={small}"))
        {
            afterStart = server.ResidentBytes;
            await Reads.Measure(server, folder, report);
            few = await Latencies.Of(server, await Users.Tokens(DatabaseIn(small), SmallUsers));
            await Writes.OnSqlite(server, folder, report);
            afterBench = server.ResidentBytes;
        }
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={large}"))
        {
            report.Compare(few, await Latencies.Of(server, await Users.Tokens(DatabaseIn(large), LargeUsers)));
            report.Add(
                "resident memory after start · after reads and writes · after the million memos",
                string.Join(" · ", new[] { afterStart, afterBench, server.ResidentBytes }.Select(Report.Megabytes)),
                "under 110 MB · 220 MB · 220 MB"
            );
        }
        await Writes.OnPostgres(published, folder, report);
    }

    private static async Task Prepare(string published, string data, int users)
    {
        var watch = Stopwatch.StartNew();
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={data}"))
        {
            await Users.SignUp(server);
        }
        await using var db = Database.OpenSqlite(DatabaseIn(data), null, TimeProvider.System, TimeSpan.FromMinutes(5));
        await Fill.Run(db, users);
        Console.Error.WriteLine($"{users * Fill.MemosEach:N0} memos: {watch.Elapsed.TotalSeconds:F0} s");
    }

    private static string DatabaseIn(string data) => Path.Combine(data, "madang.db");

    private static async Task Starts(string published, string data, Report report)
    {
        var took = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            await using var server = await RunningServer.Madang(published, $"--Data:Directory={data}");
            took.Add(server.StartTook.TotalMilliseconds);
        }
        took.Sort();
        report.Add(
            "start of the published server on an existing database until ready",
            $"{took[2]:F0} ms (median of 5)",
            "under 500 ms"
        );
    }
}
