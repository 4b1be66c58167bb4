namespace Madang.HttpBench;

/// <summary>What 99 of 100 calls, of all users in turn, wait at most for their list, the team's, and a search for a two-syllable Korean word.</summary>
internal sealed record Latencies(TimeSpan List, TimeSpan Team, TimeSpan Search, TimeSpan TeamSearch)
{
    /// <summary>So few that they wait for the work, not for one another.</summary>
    private const int Connections = 2;
    private const int Seconds = 2;

    /// <summary>A server that was just started compiles its code for so long; pages of the file are read for the first time.</summary>
    private const int WarmUpSeconds = 2;

    internal static async Task<Latencies> Of(RunningServer server, List<string> tokens)
    {
        var word = Uri.EscapeDataString(Fill.Word);
        string[] paths =
        [
            "/api/v1/memos",
            "/api/v1/memos?scope=team",
            $"/api/v1/memos?q={word}",
            $"/api/v1/memos?scope=team&q={word}",
        ];
        foreach (var path in paths)
        {
            await Wrk.Load(server.Url, Connections, WarmUpSeconds, Script(path));
        }
        return new(await P99(paths[0]), await P99(paths[1]), await P99(paths[2]), await P99(paths[3]));

        // The middle one of three: a neighbour on the machine lasts longer than one call in a hundred.
        async Task<TimeSpan> P99(string path)
        {
            var script = Script(path);
            var all = new List<TimeSpan>();
            for (var round = 0; round < 3; round++)
            {
                all.Add((await Wrk.Load(server.Url, Connections, Seconds, script)).P99);
            }
            return all.Order().ElementAt(1);
        }

        string Script(string path) =>
            Wrk.Script(
                "GET",
                tokens.Select(token => (path, Wrk.Header("Authorization", $"Bearer {token}"), (string?)null))
            );
    }
}
