using System.Diagnostics;
using Madang.Foundation.Data;

namespace Madang.HttpBench;

/// <summary>Everything that is measured, in one run, so that each ratio compares what ran on the same machine in the same minutes.</summary>
internal static class Bench
{
    private const int SmallUsers = 10;
    private const int LargeUsers = 1_000;

    internal static async Task Run(string published)
    {
        var folder = Directory
            .CreateDirectory(Path.Combine(Environment.CurrentDirectory, $"bench-{Guid.NewGuid():N}"))
            .FullName;
        var report = new Report();
        try
        {
            var (small, large) = (Path.Combine(folder, "small"), Path.Combine(folder, "large"));
            await Prepare(published, small, SmallUsers);
            await Prepare(published, large, LargeUsers);
            await Starts(published, small, report);
            Latencies few;
            await using (var server = await RunningServer.Madang(published, $"--Data:Directory={small}"))
            {
                var afterStart = server.ResidentBytes;
                await Reads.Measure(server, folder, report);
                few = await Latencies.Of(server, await Users.Tokens(server));
                await Writes.OnSqlite(server, folder, report);
                report.Add(
                    "resident memory after start · after the bench",
                    $"{Report.Megabytes(afterStart)} · {Report.Megabytes(server.ResidentBytes)}",
                    "under 110 MB · 220 MB"
                );
            }
            await using (var server = await RunningServer.Madang(published, $"--Data:Directory={large}"))
            {
                report.Compare(few, await Latencies.Of(server, await Users.Tokens(server)));
            }
            await Writes.OnPostgres(published, folder, report);
            Console.WriteLine(report);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Prepare(string published, string data, int users)
    {
        var watch = Stopwatch.StartNew();
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={data}"))
        {
            await Users.SignUp(server);
        }
        await using var db = Database.OpenSqlite(
            Path.Combine(data, "madang.db"),
            null,
            TimeProvider.System,
            TimeSpan.FromMinutes(5)
        );
        await Fill.Run(db, users);
        Console.Error.WriteLine($"{users * Fill.MemosEach:N0} memos: {watch.Elapsed.TotalSeconds:F0} s");
    }

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
