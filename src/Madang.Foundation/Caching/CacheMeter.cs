using System.Diagnostics.Metrics;

namespace Madang.Foundation.Caching;

/// <summary>
/// What the cache counts. Numbers of its own that are read when somebody asks for them: a hit costs less than telling a listener of it
/// would.
/// </summary>
internal sealed class CacheMeter
{
    private const string Level = "level";

    private readonly Meter meter;
    private long memoryHits;
    private long redisHits;
    private long misses;
    private long computations;
    private long waits;
    private long invalidations;

    internal CacheMeter(IMeterFactory meters)
    {
        meter = meters.Create("Madang.Caching");
        meter.CreateObservableCounter(
            "madang.cache.hits",
            () =>
                new Measurement<long>[]
                {
                    new(Interlocked.Read(ref memoryHits), new KeyValuePair<string, object?>(Level, "memory")),
                    new(Interlocked.Read(ref redisHits), new KeyValuePair<string, object?>(Level, "redis")),
                },
            "{answer}",
            "Answers that were served from memory, and those that were found in Redis."
        );
        Count("misses", () => Interlocked.Read(ref misses), "{answer}", "Answers that were not in memory.");
        Count("computations", () => Interlocked.Read(ref computations), "{answer}", "Answers that were computed.");
        Count(
            "waits",
            () => Interlocked.Read(ref waits),
            "{request}",
            "Requests that waited for another's computation."
        );
        Count(
            "invalidations",
            () => Interlocked.Read(ref invalidations),
            "{tag}",
            "Tags that writes here have raised."
        );
    }

    internal long MemoryHits => Interlocked.Read(ref memoryHits);

    internal long RedisHits => Interlocked.Read(ref redisHits);

    internal long Misses => Interlocked.Read(ref misses);

    internal long Computations => Interlocked.Read(ref computations);

    internal long Waits => Interlocked.Read(ref waits);

    internal void HitMemory() => Interlocked.Increment(ref memoryHits);

    internal void HitRedis() => Interlocked.Increment(ref redisHits);

    internal void Missed() => Interlocked.Increment(ref misses);

    internal void Computed() => Interlocked.Increment(ref computations);

    internal void Waited() => Interlocked.Increment(ref waits);

    internal void Invalidated(int tags) => Interlocked.Add(ref invalidations, tags);

    /// <summary>Has the size of the memory observed.</summary>
    internal void ObserveBytes(Func<long> bytes) =>
        meter.CreateObservableGauge("madang.cache.size", bytes, "By", "What the answers in memory take.");

    /// <summary>Has Redis observed, where there is one.</summary>
    internal void ObserveRedis(Func<bool> isUp) =>
        meter.CreateObservableGauge("madang.cache.redis.up", () => isUp() ? 1 : 0, null, "Whether Redis answers.");

    private void Count(string name, Func<long> read, string unit, string description) =>
        meter.CreateObservableCounter($"madang.cache.{name}", read, unit, description);
}
