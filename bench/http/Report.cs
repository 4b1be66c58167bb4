using System.Globalization;
using System.Text;

namespace Madang.HttpBench;

/// <summary>The table of results, in Markdown.</summary>
internal sealed class Report
{
    private readonly List<(string What, string Result, string Least)> rows = [];

    internal static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB");

    internal void Add(string what, string result, string least)
    {
        rows.Add((what, result, least));
        Console.Error.WriteLine($"{what}: {result}");
    }

    internal void Ratio(string what, double ours, double reference, double least) =>
        Add(
            what,
            string.Create(CultureInfo.InvariantCulture, $"{ours:N0}/s against {reference:N0}/s: {ours / reference:F3}"),
            least.ToString("F2", CultureInfo.InvariantCulture)
        );

    internal void Compare(Latencies few, Latencies many)
    {
        Times("list", few.List, many.List, "at most 2 ×");
        Times("team list", few.Team, many.Team, "at most 2 ×");
        Times("search for a two-syllable Korean word", few.Search, many.Search, "at most 2 ×");
        Times("the same search over the team's memos", few.TeamSearch, many.TeamSearch, "at most 2 ×");
    }

    public override string ToString()
    {
        var text = new StringBuilder("| What | Measured | Wanted |\n|---|---|---|\n");
        foreach (var (what, result, least) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {result} | {least} |\n");
        }
        return text.ToString();
    }

    private void Times(string what, TimeSpan few, TimeSpan many, string most) =>
        Add(
            $"p99 of {what}, 1,000,000 memos of 1,000 users against 10,000 of 10",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{many.TotalMilliseconds:F2} ms against {few.TotalMilliseconds:F2} ms: {many / few:F2} ×"
            ),
            most
        );
}
