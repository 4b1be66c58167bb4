using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Madang.HttpBench;

/// <summary>Links followed and made, against a bare server that answers the same redirect to everybody.</summary>
internal static class Links
{
    private const int Few = 10_000;
    private const int Many = 1_000_000;
    private const int Clients = 64;
    private const int Seconds = 5;

    /// <summary>What else a shared machine does weighs more than the difference that is asked about: more slices in turn weigh it out.</summary>
    private const int Rounds = 8;

    /// <summary>Time enough to read a million links from the database, one by one.</summary>
    private const int AllOnceSeconds = 75;

    /// <summary>What a visitor's browser sends, so that it is read as a visit is.</summary>
    private static readonly string Browser =
        Wrk.Header(
            "User-Agent",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
        )
        + Wrk.Header("Accept-Language", "ko-KR,ko;q=0.9,en;q=0.8")
        + Wrk.Header("Referer", "https://news.example.org/today");

    internal static async Task Measure(string published, string folder, Report report)
    {
        var (few, many) = (Path.Combine(folder, "few-links"), Path.Combine(folder, "many-links"));
        await FillLinks.Prepare(published, few, Few);
        await FillLinks.Prepare(published, many, Many);
        double ofFew,
            ofMany;
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={few}"))
        {
            ofFew = await Follow(server, folder, few, report, "10,000 links, Zipf", 0.80);
            await Make(server, report);
            await Statistics(server, report);
        }
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={many}"))
        {
            ofMany = await Follow(server, folder, many, report, "the same 10,000 of 1,000,000 links", null);
        }
        report.Add(
            "the same with 1,000,000 links in the database, against 10,000: the two ratios",
            string.Create(CultureInfo.InvariantCulture, $"{ofMany / ofFew:F3}"),
            "0.90"
        );
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={many}"))
        {
            await FollowAllOnce(server, many, report);
        }
    }

    /// <returns>The ratio to the bare server.</returns>
    private static async Task<double> Follow(
        RunningServer server,
        string folder,
        string data,
        Report report,
        string what,
        double? least
    )
    {
        var path = $"/{FillLinks.Slug(1)}";
        // The first visit fetches the link; from then on it is answered from memory.
        (await server.Client.GetAsync(path)).Dispose();
        var answer = await Answer.Of(server.Client, path);
        if (answer.Status != (int)HttpStatusCode.PermanentRedirect)
        {
            throw new InvalidOperationException($"{path} answered {answer.Status}.");
        }
        var script = Wrk.Script(
            "GET",
            Drawn().Select(number => ($"/{FillLinks.Slug(number)}", Browser, (string?)null))
        );
        var before = await FillLinks.Visits(data);
        var warmed = await Wrk.Load(server.Url, Reads.Connections, Reads.WarmUpSeconds, script);
        var (ours, bare, measured) = await Reads.InTurn(server, folder, answer, "", script, Rounds);
        report.Add(
            $"`GET /{{slug}}` over {what}, every visit counted",
            string.Create(CultureInfo.InvariantCulture, $"{ours:N0}/s against {bare:N0}/s: {ours / bare:F3}"),
            least?.ToString("F2", CultureInfo.InvariantCulture) ?? ""
        );
        // The sums of the last ten seconds may still wait.
        await Task.Delay(TimeSpan.FromSeconds(12));
        var counted = await FillLinks.Visits(data) - before;
        var answers = warmed.Answers + measured;
        if (counted < answers || counted > answers + Reads.MostUnderWay(Rounds + 1))
        {
            throw new InvalidOperationException($"{counted:N0} visits were counted of {answers:N0} that were led on.");
        }
        return ours / bare;
    }

    /// <summary>Numbers of links, the n-th most followed one 1/n times as often as the first.</summary>
    private static IEnumerable<int> Drawn()
    {
        var random = new Random(1);
        var sums = new double[Few];
        var sum = 0.0;
        for (var rank = 0; rank < Few; rank++)
        {
            sums[rank] = sum += 1.0 / (rank + 1);
        }
        for (var draw = 0; draw < 2 * Few; draw++)
        {
            var place = Array.BinarySearch(sums, random.NextDouble() * sum);
            // Neighbours in rank are not neighbours in the table.
            yield return 1 + (int)((place < 0 ? ~place : place) * 7_919L % Few);
        }
    }

    private static async Task Make(RunningServer server, Report report)
    {
        var headers =
            Wrk.Header("Authorization", $"Bearer {await Users.Token(server, "user1@example.com")}")
            + Wrk.Header("Content-Type", "application/json");
        // Each thread of wrk has numbers of its own, or the same address would be answered with the link that there is.
        var script = $$"""
            local threads = 0
            setup = function(thread) thread:set("mine", threads) threads = threads + 1 end
            local next = 0
            local run = os.time()
            request = function()
              next = next + 1
              return wrk.format("POST", "/api/v1/links", { {{headers}} }, string.format('{"url":"https://example.com/%d/%d/%d"}', run, mine, next))
            end
            """;
        await Wrk.Load(server.Url, Clients, 2, script);
        var before = await Writes.Commits(server);
        var made = await Wrk.Load(server.Url, Clients, Seconds, script);
        var after = await Writes.Commits(server);
        report.Add(
            "`POST /api/v1/links`, 64 clients, SQLite: mean writes per flush",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(after.Writes - before.Writes) / (after.Count - before.Count):F1} ({made.PerSecond:N0}/s)"
            ),
            "8"
        );
    }

    private static async Task Statistics(RunningServer server, Report report)
    {
        var bearer = Wrk.Header("Authorization", $"Bearer {await Users.Token(server, "user1@example.com")}");
        var path = $"/api/v1/links/{FillLinks.Busy}/stats?bucket=day&tz=Asia/Seoul";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", await Users.Token(server, "user1@example.com"));
        using var answer = await server.Client.SendAsync(request);
        var total = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("total");
        var script = Wrk.Script("GET", [(path, bearer, null)]);
        await Wrk.Load(server.Url, 2, Seconds, script);
        var load = await Wrk.Load(server.Url, 2, Seconds, script);
        report.Add(
            $"statistics of a link with {total.GetProperty("people").GetInt64() + total.GetProperty("bots").GetInt64():N0} visits over two years, by day of Seoul, p99",
            string.Create(CultureInfo.InvariantCulture, $"{load.P99.TotalMilliseconds:F1} ms"),
            "under 20 ms"
        );
    }

    /// <summary>Follows every link of the large yard once, by two threads that each take every second one.</summary>
    private static async Task FollowAllOnce(RunningServer server, string data, Report report)
    {
        var script = $$"""
            local threads = 0
            setup = function(thread) thread:set("next", threads + 1) threads = threads + 1 end
            request = function()
              local number = next
              next = next + 2
              if number > {{Many}} then number = number % {{Many}} + 1 end
              return wrk.format("GET", string.format("/s%07d", number), { {{Browser}} })
            end
            """;
        var before = await FillLinks.Visits(data);
        await Wrk.Load(server.Url, 32, AllOnceSeconds, script);
        var visits = await FillLinks.Visits(data) - before;
        report.Add(
            "resident memory after following 1,000,000 different links once",
            $"{Report.Megabytes(server.ResidentBytes)} (followed {visits:N0} times)",
            "under 300 MB"
        );
    }
}
