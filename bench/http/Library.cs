using System.Diagnostics;
using System.Globalization;
using Madang.Library.Shelving;

namespace Madang.HttpBench;

/// <summary>Lists of books: out of the cache against a bare server, uncached, in a mix with writes, and searched through.</summary>
internal static class Library
{
    private const int Shelf = 500;
    private const int Few = 10_000;
    private const int Many = 1_000_000;
    private const int Rounds = 8;
    private const int Queries = 200;
    private const int ListsOfWrite = 1_000;
    private const int MixSeconds = 10;
    private const string List = "/api/v1/books?page_size=500";

    internal static async Task Measure(string published, string folder, Report report)
    {
        var (shelf, few, many) = (
            Path.Combine(folder, "shelf"),
            Path.Combine(folder, "few-books"),
            Path.Combine(folder, "many-books")
        );
        await FillLibrary.Prepare(published, shelf, Shelf);
        await using (var server = await RunningServer.Madang(published, $"--Data:Directory={shelf}"))
        {
            await Cached(server, folder, report);
            await Mix(server, report);
        }
        await Uncached(published, shelf, report);
        await FillLibrary.Prepare(published, few, Few);
        await FillLibrary.Prepare(published, many, Many);
        var (ofFew, ofMany) = (await Search(published, few), await Search(published, many));
        Compare(report, "a word of 20 titles", ofFew.Rare, ofMany.Rare, "at most 2 ×");
        Compare(report, "two characters of every hundredth title", ofFew.Short, ofMany.Short, "at most 2 ×");
        Compare(report, "three characters of every hundredth title", ofFew.Frequent, ofMany.Frequent, "at most 2 ×");
    }

    private static async Task Cached(RunningServer server, string folder, Report report)
    {
        var bearer = $"Bearer {await Users.Token(server, "user1@example.com")}";
        var list = await Answer.Of(server.Client, List, ("Authorization", bearer));
        var first = Wrk.Script("GET", [(List, Wrk.Header("Authorization", bearer), null)]);
        await Wrk.Load(server.Url, Reads.Connections, Reads.WarmUpSeconds, first);
        await Against(list, "`GET /api/v1/books?page_size=500` signed in, cached", Wrk.Header("Authorization", bearer));
        var tag = list.Headers.First(one => one.Key == "ETag").Value;
        var unchanged = await Answer.Of(server.Client, List, ("Authorization", bearer), ("If-None-Match", tag));
        await Against(
            unchanged,
            "the same answered 304",
            Wrk.Header("Authorization", bearer) + Wrk.Header("If-None-Match", tag)
        );

        async Task Against(Answer answer, string what, string headers)
        {
            var script = Wrk.Script("GET", [(List, headers, null)]);
            var (ours, bare, _) = await Reads.InTurn(server, folder, answer, List, script, Rounds);
            report.Ratio($"{what} ({answer.Body.Length:N0} bytes)", ours, bare, 0.70);
        }
    }

    private static async Task Mix(RunningServer server, Report report)
    {
        var headers =
            Wrk.Header("Authorization", $"Bearer {await Users.Token(server, "user1@example.com")}")
            + Wrk.Header("Content-Type", "application/json");
        var lists = string.Join(
            '\n',
            Drawn().Select(rank => $"  wrk.format(\"GET\", \"{Query(rank)}\", {{ {headers} }}),")
        );
        // Each thread begins at another place of the same draws.
        var script = $$"""
            local threads = 0
            setup = function(thread) thread:set("mine", threads) threads = threads + 1 end
            local requests
            local next
            local sent = 0
            init = function()
              requests = {
            {{lists}}
              }
              next = mine * 997
            end
            request = function()
              sent = sent + 1
              if sent % {{ListsOfWrite + 1}} == 0 then
                return wrk.format("PATCH", "/api/v1/books/" .. (1 + sent % {{Shelf}}), { {{headers}} }, '{"stock":' .. (sent % 50) .. '}')
              end
              next = next % #requests + 1
              return requests[next]
            end
            """;
        await Wrk.Load(server.Url, Reads.Connections, 2, script);
        var before = await Counts(server);
        var load = await Wrk.Load(server.Url, Reads.Connections, MixSeconds, script);
        var after = await Counts(server);
        long Count(string name) => after[name] - before[name];
        var (hits, others) = (Count("hits_total{level=\"memory\"}"), Count("misses_total") + Count("waits_total"));
        var (versions, computations) = (Count("invalidations_total"), Count("computations_total"));
        report.Add(
            $"lists over {Queries} queries (Zipf) and 0.1 % writes, {Reads.Connections} clients: share served from memory · computations per (query, version)",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(double)hits / (hits + others):F3} · {(double)computations / (Queries * (versions + 1)):F3} ({load.PerSecond:N0}/s, {versions} writes)"
            ),
            "0.80 · at most 1"
        );
    }

    /// <summary>Ranks of queries, the n-th asked for 1/n times as often as the first.</summary>
    private static IEnumerable<int> Drawn()
    {
        var random = new Random(1);
        var sums = new double[Queries];
        var sum = 0.0;
        for (var rank = 0; rank < Queries; rank++)
        {
            sums[rank] = sum += 1.0 / (rank + 1);
        }
        for (var draw = 0; draw < 5_000; draw++)
        {
            var place = Array.BinarySearch(sums, random.NextDouble() * sum);
            yield return place < 0 ? ~place : place;
        }
    }

    /// <summary>Pages, orders and tags, as a shelf is leafed through.</summary>
    private static string Query(int rank)
    {
        string[] orders =
        [
            "",
            "&order_by=title",
            "&order_by=-published_at",
            "&order_by=published_at",
            "&order_by=-title",
        ];
        return $"/api/v1/books?page_size=20{orders[rank % 5]}"
            + (rank / 5 % 2 == 0 ? $"&page={1 + (rank / 10)}" : $"&tag={1 + (rank / 10)}");
    }

    private static async Task<Dictionary<string, long>> Counts(RunningServer server)
    {
        const string Prefix = "madang_cache_";
        return (await server.Client.GetStringAsync("/metrics"))
            .Split('\n')
            .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..].Split(' '))
            .ToDictionary(parts => parts[0], parts => (long)double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>One client that asks again and again, and beside it the same code that reads the same books without a server.</summary>
    private static async Task Uncached(string published, string shelf, Report report)
    {
        const int Times = 400;
        const int Seconds = 2;
        var whole = new List<TimeSpan>();
        await using (
            var server = await RunningServer.Madang(published, $"--Data:Directory={shelf}", "--Cache:Enabled=false")
        )
        {
            var bearer = Wrk.Header("Authorization", $"Bearer {await Users.Token(server, "user1@example.com")}");
            var script = Wrk.Script("GET", [(List, bearer, null)]);
            await Wrk.Load(server.Url, 2, 2 * Reads.WarmUpSeconds, script);
            for (var round = 0; round < Rounds; round++)
            {
                whole.Add((await Wrk.Load(server.Url, 1, Seconds, script)).Median);
            }
        }
        var median = whole.Order().ElementAt(Rounds / 2);
        await using var db = FillLibrary.Open(shelf);
        var lists = new BookLists(db);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < Reads.WarmUpSeconds; )
        {
            await lists.List(BookFilter.All, 0, Shelf, default);
        }
        var sql = await Median(Times, () => lists.List(BookFilter.All, 0, Shelf, default));
        report.Add(
            "the same uncached, one client, median · of it in SQL, rows made into books",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{median.TotalMilliseconds:F2} ms · {sql.TotalMilliseconds:F2} ms ({sql / median:P0})"
            ),
            "under 3 ms"
        );
    }

    private static async Task<TimeSpan> Median(int times, Func<Task> work)
    {
        var took = new List<TimeSpan>(times);
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await work();
            took.Add(Stopwatch.GetElapsedTime(began));
        }
        took.Sort();
        return took[times / 2];
    }

    /// <summary>Searches that are computed each time: a cache would answer the same few.</summary>
    private static async Task<(TimeSpan Rare, TimeSpan Short, TimeSpan Frequent)> Search(string published, string data)
    {
        await using var server = await RunningServer.Madang(
            published,
            $"--Data:Directory={data}",
            "--Cache:Enabled=false"
        );
        var bearer = Wrk.Header("Authorization", $"Bearer {await Users.Token(server, "user1@example.com")}");
        return (
            await P99([.. Enumerable.Range(0, FillLibrary.RareWords).Select(FillLibrary.RareWord)]),
            await P99([FillLibrary.FrequentWord[..2]]),
            await P99([FillLibrary.FrequentWord])
        );

        // The middle one of three: a neighbour on the machine lasts longer than one call in a hundred.
        async Task<TimeSpan> P99(string[] words)
        {
            var script = Wrk.Script(
                "GET",
                words.Select(word => ($"/api/v1/books?title={Uri.EscapeDataString(word)}", bearer, (string?)null))
            );
            await Wrk.Load(server.Url, 2, 4, script);
            var all = new List<TimeSpan>();
            for (var round = 0; round < 3; round++)
            {
                all.Add((await Wrk.Load(server.Url, 2, 2, script)).P99);
            }
            return all.Order().ElementAt(1);
        }
    }

    private static void Compare(Report report, string what, TimeSpan few, TimeSpan many, string most) =>
        report.Add(
            $"p99 of search by title for {what}, 1,000,000 books against 10,000",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{many.TotalMilliseconds:F2} ms against {few.TotalMilliseconds:F2} ms: {many / few:F2} ×"
            ),
            most
        );
}
