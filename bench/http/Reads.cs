namespace Madang.HttpBench;

/// <summary>What is read again and again, against a bare server that answers the same bytes.</summary>
internal static class Reads
{
    internal const int Connections = 32;

    /// <summary>The two are measured in turn, so that what comes over the machine meanwhile comes over both.</summary>
    private const int Rounds = 3;
    private const int Seconds = 2;

    /// <summary>So many answers of <see cref="InTurn"/> may be on their way when a load ends, and are not among those that came.</summary>
    internal static int MostUnderWay(int rounds) => Connections * (rounds + 1);

    /// <summary>
    /// The runtime measures code as it runs and compiles it anew by that. On two cores it takes so long until it rests, and as long again for
    /// what all requests go through, before a server's first row.
    /// </summary>
    internal const int WarmUpSeconds = 8;

    /// <summary>The bare server has little to compile.</summary>
    private const int BareWarmUpSeconds = 3;

    internal static async Task Measure(RunningServer server, string folder, Report report)
    {
        var bearer = $"Bearer {await Users.Token(server, "user1@example.com")}";
        var list = await Answer.Of(server.Client, "/api/v1/memos", ("Authorization", bearer));
        var first = Wrk.Script("GET", [("/api/v1/memos", Wrk.Header("Authorization", bearer), null)]);
        await Wrk.Load(server.Url, Connections, WarmUpSeconds, first);
        await Against(
            server,
            folder,
            report,
            "`GET /api/v1/memos` signed in, 20 memos",
            list,
            "/api/v1/memos",
            Wrk.Header("Authorization", bearer),
            0.20
        );
        var tag = list.Headers.First(one => one.Key == "ETag").Value;
        var unchanged = await Answer.Of(
            server.Client,
            "/api/v1/memos",
            ("Authorization", bearer),
            ("If-None-Match", tag)
        );
        await Against(
            server,
            folder,
            report,
            "the same answered 304",
            unchanged,
            "/api/v1/memos",
            Wrk.Header("Authorization", bearer) + Wrk.Header("If-None-Match", tag),
            0.25
        );
        var cookie = await Users.Cookie(server);
        var home = await Answer.Of(server.Client, "/", ("Cookie", cookie));
        await Against(
            server,
            folder,
            report,
            "home page as HTML, signed in",
            home,
            "/",
            Wrk.Header("Cookie", cookie),
            0.10
        );
    }

    private static async Task Against(
        RunningServer server,
        string folder,
        Report report,
        string what,
        Answer answer,
        string path,
        string headers,
        double least
    )
    {
        var script = Wrk.Script("GET", [(path, headers, null)]);
        var (ours, reference, _) = await InTurn(server, folder, answer, path, script);
        report.Ratio($"{what} ({answer.Body.Length:N0} bytes)", ours, reference, least);
    }

    /// <summary>Loads both servers in turn, after each has come to rest.</summary>
    /// <returns>Answers a second, and how many came of ours in all.</returns>
    internal static async Task<(double Ours, double Bare, long Answers)> InTurn(
        RunningServer server,
        string folder,
        Answer answer,
        string path,
        string script,
        int rounds = Rounds
    )
    {
        await using var bare = await BareServer.Start(folder, answer);
        await Wrk.Load(bare.Url + path, Connections, BareWarmUpSeconds, script);
        var answers = (await Wrk.Load(server.Url + path, Connections, WarmUpSeconds, script)).Answers;
        var (ours, reference) = (0.0, 0.0);
        for (var round = 0; round < rounds; round++)
        {
            reference += (await Wrk.Load(bare.Url + path, Connections, Seconds, script)).PerSecond / rounds;
            var load = await Wrk.Load(server.Url + path, Connections, Seconds, script);
            ours += load.PerSecond / rounds;
            answers += load.Answers;
        }
        return (ours, reference, answers);
    }
}
