using System.Diagnostics;
using System.Text.Json;

namespace Madang.BrowserTests.Lighthouse;

/// <summary>What Lighthouse says of a page.</summary>
/// <param name="Page">Its path.</param>
/// <param name="Form"><c>phone</c> or <c>desktop</c>.</param>
/// <param name="Scores">0 to 100 by category; the median of several runs.</param>
/// <param name="Faults">What kept it from 100.</param>
public sealed record LighthouseVerdict(
    string Page,
    string Form,
    IReadOnlyDictionary<string, int> Scores,
    IReadOnlyList<string> Faults
)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static string Folder => Path.Combine(Repository.Root, "tests/Madang.BrowserTests/obj/lighthouse");

    /// <summary>Why it can't be asked here, or null.</summary>
    internal static string? Missing =>
        File.Exists(Path.Combine(Folder, "node_modules/.package-lock.json"))
            ? null
            : "Lighthouse is not installed: ./test does it where there is a Node.js of 20 or newer with npm.";

    internal static async Task<List<LighthouseVerdict>> Of(
        string url,
        string cookie,
        IEnumerable<string> categories,
        IEnumerable<string> paths,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        var start = new ProcessStartInfo(
            "node",
            [Path.Combine(Folder, "judge.mjs"), url, cookie, string.Join(',', categories), "1", .. paths]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        using var node = Process.Start(start)!;
        try
        {
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            var said = await node.StandardOutput.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            Assert.True(node.ExitCode == 0, $"Lighthouse ended with {node.ExitCode}: {await errors}");
            return
            [
                .. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonSerializer.Deserialize<LighthouseVerdict>(line, JsonSerializerOptions.Web)!),
            ];
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }
}
