using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Madang.HttpBench;

/// <summary>One run of wrk.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="Median">The latency that half of the answers stay under.</param>
/// <param name="P99">The latency that 99 of 100 answers stay under.</param>
/// <param name="Answers">How many came.</param>
internal sealed partial record Wrk(double PerSecond, TimeSpan Median, TimeSpan P99, long Answers)
{
    /// <summary>Loads a URL; a run with an answer that isn't the expected one is no measurement.</summary>
    internal static async Task<Wrk> Load(string url, int connections, int seconds, string script)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        var start = new ProcessStartInfo(
            "wrk",
            [
                $"-t{Math.Min(2, connections)}",
                $"-c{connections}",
                $"-d{seconds}s",
                "--timeout",
                "10s",
                "--latency",
                "-s",
                file,
                url,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start)!;
        var text = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        File.Delete(file);
        if (
            wrk.ExitCode != 0
            || text.Contains("Non-2xx", StringComparison.Ordinal)
            || text.Contains("Socket errors", StringComparison.Ordinal)
        )
        {
            throw new InvalidOperationException($"wrk at {url}:\n{text}");
        }
        return new(
            double.Parse(PerSecondLine().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            Time(MedianLine().Match(text)),
            Time(P99Line().Match(text)),
            long.Parse(AnswersLine().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        );
    }

    private static TimeSpan Time(Match line) =>
        TimeSpan.FromMicroseconds(
            double.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                * line.Groups[2].Value switch
                {
                    "us" => 1,
                    "ms" => 1_000,
                    _ => 1_000_000,
                }
        );

    /// <returns>A script that sends these requests in turn.</returns>
    internal static string Script(string method, IEnumerable<(string Path, string Headers, string? Body)> requests)
    {
        var lines = requests.Select(one =>
            $"  wrk.format({Quote(method)}, {Quote(one.Path)}, {{ {one.Headers} }}, {(one.Body is null ? "nil" : Quote(one.Body))}),"
        );
        return $$"""
            local requests
            init = function()
              requests = {
            {{string.Join('\n', lines)}}
              }
            end
            local next = 0
            request = function()
              next = next % #requests + 1
              return requests[next]
            end
            """;
    }

    internal static string Header(string name, string value) => $"[{Quote(name)}] = {Quote(value)},";

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex MedianLine();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex P99Line();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex AnswersLine();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecondLine();
}
