using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>
/// Redis is killed, restarted, frozen, emptied and filled with rubbish under our keys, while 16 clients read lists and write through two
/// processes.
/// </summary>
[Collection(nameof(TwoLibraries))]
public sealed class ListsWithoutRedis(TwoLibraries servers)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private static readonly string[] Lists =
    [
        "order_by=title",
        "page_size=2",
        "title=fault&page_size=1",
        "author=fault",
    ];

    private readonly ConcurrentQueue<string> wrong = [];
    private readonly ConcurrentQueue<(int Process, long At, long Value)> written = [];
    private int reads;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_fails_no_list_is_older_than_promised_and_both_levels_come_back()
    {
        var path = await AddBook();
        using var done = new CancellationTokenSource();
        var callers = Enumerable
            .Range(0, 16)
            .Select(number => Task.Run(() => Call(number, path, done.Token), Stop))
            .ToList();
        try
        {
            await Befall(servers.Redis);
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(callers);
            await servers.Clients[0].Send(HttpMethod.Delete, path).Is(HttpStatusCode.NoContent);
        }
        Assert.Empty(wrong.Take(3));
        Assert.True(reads > 500, $"Only {reads} lists.");
    }

    private async Task Befall(RedisServer redis)
    {
        await Work(300);
        await redis.Kill();
        await Say("degraded");
        await Work(500);
        await redis.Restart();
        await IsUsedAgain();
        await redis.Freeze();
        await Say("degraded");
        await Work(500);
        await redis.Thaw();
        await IsUsedAgain();
        await redis.Ask("FLUSHALL");
        await Work(300);
        for (var round = 0; round < 10; round++)
        {
            foreach (var name in (await redis.Ask("KEYS", "madang:*")).Items)
            {
                await (
                    round % 2 == 0
                        ? redis.Ask("SETRANGE", name.Text, $"{round * 7}", "rubbish")
                        : redis.Ask("SET", name.Text, "{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}")
                );
            }
            await redis.Ask("PUBLISH", "madang:changed", "rubbish");
        }
        await IsUsedAgain();

        Task Say(string cache) =>
            Probe.Until(async () =>
                (await Task.WhenAll(servers.All.Select(server => server.Says(cache)))).All(isSo => isSo)
            );

        // Not only connected: answers come out of it.
        async Task IsUsedAgain()
        {
            await Say("ok");
            var before = await Found();
            await Probe.Until(async () => (await Found()).Zip(before).All(counts => counts.First > counts.Second));
        }

        Task<long[]> Found() =>
            Task.WhenAll(servers.All.Select(server => server.Counted("hits_total", "level=\"redis\"")));

        // As much as a machine does in that time, and more when it is busy.
        async Task Work(int milliseconds)
        {
            var (watch, before) = (Stopwatch.StartNew(), reads);
            await Probe.Until(() => watch.ElapsedMilliseconds > milliseconds && reads > before + 100);
        }
    }

    private async Task<string> AddBook()
    {
        using var answer = await servers
            .Clients[0]
            .Send(
                HttpMethod.Post,
                "/api/v1/books",
                new
                {
                    title = "fault",
                    author = "fault",
                    isbn = LibraryCalls.NewIsbn(),
                    stock = 0,
                    published_at = "2024-10-01",
                    tags = Array.Empty<long>(),
                }
            );
        return $"/api/v1/books/{(await answer.Json(HttpStatusCode.Created)).Number("book_id")}";
    }

    /// <summary>Two of the callers write now and then, the others read; every other one in the other process.</summary>
    private async Task Call(int number, string path, CancellationToken done)
    {
        var process = number % 2;
        for (var turn = number; !done.IsCancellationRequested; turn++)
        {
            try
            {
                if (number == 0)
                {
                    await Write(turn % 2, path, turn + 1);
                    await Task.Delay(60, CancellationToken.None);
                }
                else
                {
                    await Read(process, Lists[turn % Lists.Length]);
                    // The second process comes a little later to most, so that it finds them in Redis.
                    await Task.Delay(5 + (process * 10), CancellationToken.None);
                }
            }
            catch (Exception error)
            {
                wrong.Enqueue(error.ToString());
            }
        }
    }

    private async Task Write(int process, string path, long stock)
    {
        await servers.Clients[process].Send(HttpMethod.Patch, path, new { stock }).Is(HttpStatusCode.OK);
        written.Enqueue((process, Stopwatch.GetTimestamp(), stock));
    }

    private async Task Read(int process, string list)
    {
        var began = Stopwatch.GetTimestamp();
        // What this process has written itself at once, what the other has written after the bound.
        var least = written
            .Where(one => one.Process == process ? one.At <= began : Stopwatch.GetElapsedTime(one.At, began) >= Bound)
            .Select(one => one.Value)
            .DefaultIfEmpty(0)
            .Max();
        using var answer = await servers.Clients[process].GetAsync($"/api/v1/books?{list}", Stop);
        var books = (await answer.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray();
        Interlocked.Increment(ref reads);
        if (Assert.Single(books).Number("stock") is var stock && stock < least)
        {
            wrong.Enqueue($"{list} of {process} says {stock}, and {least} was written.");
        }
    }
}
