using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Madang.HttpBench;

/// <summary>Lighthouse's view of the main pages' performance, the median of three runs on a phone and on a desktop.</summary>
internal static class Pages
{
    private const int Runs = 3;

    internal static async Task Measure(string published, Report report)
    {
        var judge = Path.GetFullPath("tests/Madang.BrowserTests/obj/lighthouse/judge.mjs");
        if (!File.Exists(judge))
        {
            throw new InvalidOperationException("Lighthouse is not installed: run ./test once, it installs it.");
        }
        var data = Directory.CreateTempSubdirectory("madang-pages-").FullName;
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={data}"))
        {
            await Users.SignUp(server);
            await Users.WriteMemos(server, 20);
            using var node = Process.Start(
                new ProcessStartInfo(
                    "node",
                    [
                        judge,
                        server.Url,
                        await Users.Cookie(server),
                        "performance",
                        $"{Runs}",
                        "out:/sign-in",
                        "/",
                        "/memos",
                        "/settings",
                    ]
                )
                {
                    RedirectStandardOutput = true,
                }
            )!;
            while (await node.StandardOutput.ReadLineAsync() is { } line)
            {
                var verdict = JsonSerializer.Deserialize<JsonElement>(line);
                report.Add(
                    $"Lighthouse, performance of `{verdict.GetProperty("page").GetString()}` on a {verdict.GetProperty("form").GetString()}",
                    verdict
                        .GetProperty("scores")
                        .GetProperty("performance")
                        .GetInt32()
                        .ToString(CultureInfo.InvariantCulture),
                    "100"
                );
            }
            await node.WaitForExitAsync();
        }
        Directory.Delete(data, recursive: true);
    }
}
