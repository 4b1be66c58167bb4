namespace Madang.HttpBench;

/// <summary>What 99 of 100 calls, of all users in turn, wait at most for their list, the team's, and a search for a two-syllable Korean word.</summary>
internal sealed record Latencies(TimeSpan List, TimeSpan Team, TimeSpan Search, TimeSpan TeamSearch)
{
    /// <summary>So few that they wait for the work, not for one another.</summary>
    private const int Connections = 2;
    private const int Seconds = 4;

    internal static async Task<Latencies> Of(RunningServer server, List<string> tokens)
    {
        var word = Uri.EscapeDataString(Fill.Word);
        return new(
            await P99("/api/v1/memos"),
            await P99("/api/v1/memos?scope=team"),
            await P99($"/api/v1/memos?q={word}"),
            await P99($"/api/v1/memos?scope=team&q={word}")
        );

        async Task<TimeSpan> P99(string path)
        {
            var script = Wrk.Script(
                "GET",
                tokens.Select(token => (path, Wrk.Header("Authorization", $"Bearer {token}"), (string?)null))
            );
            await Wrk.Load(server.Url, Connections, 1, script);
            return (await Wrk.Load(server.Url, Connections, Seconds, script)).P99;
        }
    }
}
