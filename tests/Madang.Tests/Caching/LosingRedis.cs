using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Madang.Tests.Yards;

namespace Madang.Tests.Caching;

/// <summary>
/// Redis is killed, frozen, restarted, emptied and filled with rubbish while two processes read and write: no call fails, nothing is
/// older than promised, and both levels are back by themselves.
/// </summary>
public sealed class LosingRedis(PostgresServer postgres)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private static readonly string[] Keys = ["a", "b", "c", "d"];

    private readonly ConcurrentQueue<string> wrong = [];
    private readonly ConcurrentQueue<(int Process, long At, int Value)> written = [];
    private int last;
    private int reads;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_becomes_of_it_no_call_fails_and_nothing_is_older_than_promised()
    {
        await using var redis = await RedisServer.Start();
        await using var bare = new BarePostgres(postgres);
        await OneCache.MakeTable(bare);
        await bare.Do("UPDATE things SET value = '0'");
        await using var one = await OneCache.Start(bare, redis.Setting);
        await using var other = await OneCache.Start(bare, redis.Setting);
        OneCache[] processes = [one, other];
        using var done = new CancellationTokenSource();
        var callers = Enumerable
            .Range(0, 16)
            .Select(number => Task.Run(() => Call(processes, number, done.Token), Stop))
            .ToList();

        await Work(500);
        await redis.Kill();
        await Probe.Until(() => processes.All(process => process.Cache.IsRedisUp == false));
        await Work(500);
        await redis.Restart();
        await IsBack();
        await redis.Freeze();
        await Probe.Until(() => processes.All(process => process.Cache.IsRedisUp == false));
        await Work(500);
        await redis.Thaw();
        await IsBack();
        await redis.Ask("FLUSHALL");
        await Work(300);
        for (var round = 0; round < 10; round++)
        {
            foreach (var name in (await redis.Ask("KEYS", "madang:*")).Items)
            {
                await redis.Ask("SETRANGE", name.Text, $"{round * 7}", "rubbish");
            }
            await redis.Ask("PUBLISH", "madang:changed", "rubbish");
        }
        await Work(300);
        await done.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Empty(wrong.Take(3));
        Assert.True(reads > 1_000, $"Only {reads} reads.");
        Assert.All(
            processes,
            process =>
            {
                // A busy machine may lose it once more.
                Assert.InRange(Told(process, "is away"), 2, 20);
                Assert.Equal(Told(process, "is away"), Told(process, "is back"));
            }
        );
        Assert.True(other.Meter.RedisHits > 0);

        // It is used again, not only connected.
        await one.Answer("new");
        var hits = other.Meter.RedisHits;
        await Probe.Until(async () =>
        {
            await one.Write($"{++last}");
            await one.Answer("new");
            await other.Answer("new");
            return other.Meter.RedisHits > hits;
        });

        async Task IsBack()
        {
            await Probe.Until(() => processes.All(process => process.Cache.IsRedisUp == true));
            await Work(300);
        }

        // As many calls as a machine makes in that time, and more when it is busy.
        async Task Work(int milliseconds)
        {
            var (watch, before) = (Stopwatch.StartNew(), reads);
            await Probe.Until(() => watch.ElapsedMilliseconds > milliseconds && reads > before + 100);
        }
    }

    private static int Told(OneCache process, string words) =>
        process.Log.Lines.Count(line => line.Text.Contains(words, StringComparison.Ordinal));

    /// <summary>Two of the callers write now and then, the others read; each in a process of his own.</summary>
    private async Task Call(OneCache[] processes, int number, CancellationToken done)
    {
        var mine = number % 2;
        while (!done.IsCancellationRequested)
        {
            try
            {
                if (number < 2)
                {
                    await Write(processes[mine], mine);
                    await Task.Delay(60, CancellationToken.None);
                }
                else
                {
                    await Read(processes[mine], mine, Keys[number / 2 % Keys.Length]);
                    // The second process comes a little later to most, so that it finds them in Redis.
                    await Task.Delay(mine * 10, CancellationToken.None);
                }
            }
            catch (Exception error)
            {
                wrong.Enqueue(error.ToString());
            }
        }
    }

    private async Task Write(OneCache process, int mine)
    {
        // In the order of commits, so that a later value is a newer one.
        var value = await process.Database.Write(
            async sql =>
            {
                var next = await sql.Single<string>(
                    "UPDATE things SET value = CAST(CAST(value AS bigint) + 1 AS text) RETURNING value"
                );
                await process.Cache.Touch(sql, OneCache.Tags);
                return int.Parse(next, CultureInfo.InvariantCulture);
            },
            Stop
        );
        written.Enqueue((mine, Stopwatch.GetTimestamp(), value));
        last = Math.Max(last, value);
    }

    private async Task Read(OneCache process, int mine, string key)
    {
        var began = Stopwatch.GetTimestamp();
        // What this process has written itself at once, what the other has written after the bound.
        var least = written
            .Where(one => one.Process == mine ? one.At <= began : Stopwatch.GetElapsedTime(one.At, began) >= Bound)
            .Select(one => one.Value)
            .DefaultIfEmpty(0)
            .Max();
        var value = int.Parse(await process.Answer(key), CultureInfo.InvariantCulture);
        Interlocked.Increment(ref reads);
        if (value < least)
        {
            wrong.Enqueue($"{key} is {value}, and {least} was written.");
        }
    }
}
