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

    private const int Callers = 16;

    private static readonly string[] Lists =
    [
        "title=fault&page_size=50",
        "title=fault&page_size=16&order_by=title",
        "author=fault&page_size=100",
        "author=fault&page_size=20&order_by=-title",
    ];

    private readonly ConcurrentQueue<string> wrong = [];
    private readonly ConcurrentQueue<(long Book, int Process, long At, long Value)> written = [];
    private int reads;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_fails_no_list_is_older_than_promised_and_both_levels_come_back()
    {
        var books = await Task.WhenAll(Enumerable.Range(0, Callers).Select(AddBook));
        using var done = new CancellationTokenSource();
        var callers = books.Select((book, number) => Task.Run(() => Call(number, book, done.Token), Stop)).ToList();
        try
        {
            await Befall(servers.Redis);
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(callers);
            foreach (var book in books)
            {
                await servers.Clients[0].Send(HttpMethod.Delete, PathOf(book)).Is(HttpStatusCode.NoContent);
            }
        }
        Assert.Empty(wrong.Take(3));
        Assert.True(reads > 500, $"Only {reads} lists.");
        Assert.True(written.Count > Callers, $"Only {written.Count} writes.");
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

    private async Task<long> AddBook(int number)
    {
        using var answer = await servers
            .Clients[0]
            .Send(
                HttpMethod.Post,
                "/api/v1/books",
                new
                {
                    title = $"fault {number}",
                    author = "fault",
                    isbn = LibraryCalls.NewIsbn(),
                    stock = 0,
                    published_at = "2024-10-01",
                    tags = Array.Empty<long>(),
                }
            );
        return (await answer.Json(HttpStatusCode.Created)).Number("book_id");
    }

    private static string PathOf(long book) => $"/api/v1/books/{book}";

    /// <summary>Each writes a book of its own now and then, on the one process and the other in turn, and reads those of all.</summary>
    private async Task Call(int number, long book, CancellationToken done)
    {
        var process = number % 2;
        for (var turn = number; !done.IsCancellationRequested; turn++)
        {
            try
            {
                if (turn % 40 == 0)
                {
                    await Write(turn / 40 % 2, book, turn + 1);
                }
                await Read(process, Lists[turn % Lists.Length]);
                // The second process comes a little later to most, so that it finds them in Redis.
                await Task.Delay(5 + (process * 10), CancellationToken.None);
            }
            catch (Exception error)
            {
                wrong.Enqueue(error.ToString());
            }
        }
    }

    private async Task Write(int process, long book, long stock)
    {
        await servers.Clients[process].Send(HttpMethod.Patch, PathOf(book), new { stock }).Is(HttpStatusCode.OK);
        written.Enqueue((book, process, Stopwatch.GetTimestamp(), stock));
    }

    private async Task Read(int process, string list)
    {
        var began = Stopwatch.GetTimestamp();
        // What this process has written itself at once, what the other has written after the bound.
        var least = written
            .Where(one => one.Process == process ? one.At <= began : Stopwatch.GetElapsedTime(one.At, began) >= Bound)
            .GroupBy(one => one.Book)
            .ToDictionary(of => of.Key, of => of.Max(one => one.Value));
        using var answer = await servers.Clients[process].GetAsync($"/api/v1/books?{list}", Stop);
        var books = (await answer.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray().ToList();
        Interlocked.Increment(ref reads);
        Assert.Equal(Callers, books.Count);
        foreach (var (book, stock) in books.Select(book => (book.Number("book_id"), book.Number("stock"))))
        {
            if (least.GetValueOrDefault(book) is var wanted && stock < wanted)
            {
                wrong.Enqueue($"{list} of {process} says {stock} of {book}, and {wanted} was written.");
            }
        }
    }
}
