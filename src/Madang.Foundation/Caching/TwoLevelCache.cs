using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Caching;

/// <summary>
/// Finished answers in memory, and in Redis where there is one. An answer is served as long as its tags have the versions that they had
/// before it was computed: a write raises them (<see cref="Touch"/>), so that the next request on this process sees it, and other
/// processes do within a second. docs/caching.md tells how.
/// </summary>
public sealed partial class TwoLevelCache : HybridCache
{
    private readonly Dictionary<string, Flight> flights = new(StringComparer.Ordinal);
    private readonly Lock turn = new();
    private readonly bool isEnabled;
    private readonly MemoryLevel memory;
    private readonly RedisLevel? redis;
    private readonly Database db;
    private readonly ContractJson json;
    private readonly CacheMeter meter;

    internal TwoLevelCache(
        Database db,
        CacheSettings settings,
        RedisLevel? redis,
        ContractJson json,
        CacheMeter meter,
        ILogger<TwoLevelCache> log
    )
    {
        (this.db, this.redis, this.json, this.meter) = (db, redis, json, meter);
        isEnabled = settings.IsEnabled;
        memory = new(settings.MemoryBytes);
        Versions = new(db, log);
        meter.ObserveBytes(() => memory.Bytes);
        if (redis is not null)
        {
            meter.ObserveRedis(() => redis.Connection.IsUp);
            redis.HearOfChanges(Versions);
        }
    }

    internal TagVersions Versions { get; }

    /// <summary>What the answers in memory take, in bytes.</summary>
    internal long Bytes => memory.Bytes;

    /// <summary>Whether Redis answers; null where there is none.</summary>
    internal bool? IsRedisUp => redis?.Connection.IsUp;

    /// <summary>Answers out of the cache, or computes; of those who ask at once for what isn't there one computes and the others wait.</summary>
    /// <param name="key">All that the answer depends on besides the data: the caller too, when not everybody gets the same.</param>
    /// <param name="tags">What of the data it depends on, always the same for one key: a few names, such as <c>library.books</c>.</param>
    /// <param name="compute">
    /// Reads what it needs from the database after it was called, and returns the UTF-8 JSON. It goes on when the request that began it
    /// is gone, so it holds nothing of that request; its token is cancelled when nobody waits any more.
    /// </param>
    /// <param name="stop">Ends the waiting of this caller.</param>
    /// <exception cref="Exception">What <paramref name="compute"/> threw; it is not kept.</exception>
    public ValueTask<CachedAnswer> Answer(
        string key,
        IReadOnlyList<string> tags,
        Func<CancellationToken, ValueTask<byte[]>> compute,
        CancellationToken stop
    ) => Answer(key, tags, compute, static (compute, stop) => compute(stop), stop);

    /// <inheritdoc cref="Answer(string, IReadOnlyList{string}, Func{CancellationToken, ValueTask{byte[]}}, CancellationToken)" />
    /// <param name="key">As there.</param>
    /// <param name="tags">As there.</param>
    /// <param name="state">What <paramref name="compute"/> needs, so that a static method can take it.</param>
    /// <param name="compute">As there.</param>
    /// <param name="stop">As there.</param>
    public ValueTask<CachedAnswer> Answer<TState>(
        string key,
        IReadOnlyList<string> tags,
        TState state,
        Func<TState, CancellationToken, ValueTask<byte[]>> compute,
        CancellationToken stop
    ) => Find(key) is { } answer ? new(answer) : new(Ask(key, tags, Terms.Usual, state, compute, stop)!);

    /// <summary>
    /// Says in a write that what stands under these tags is changed: no answer from before it is served once it is durable. Call it
    /// last in the write: others that touch the same tag wait from here to its end.
    /// </summary>
    /// <param name="sql">The write.</param>
    /// <param name="tags">Which.</param>
    public async Task Touch(Sql sql, params string[] tags)
    {
        var raised = await TagVersions.Raise(sql, tags);
        sql.AfterCommit(() =>
        {
            Versions.Raised(raised);
            meter.Invalidated(raised.Count);
            redis?.TellOfChange(Versions.Yard.Version);
        });
    }

    /// <summary>Begins to keep a connection to Redis up.</summary>
    internal void TakeUpRedis() => redis?.Connection.Start();

    private async Task<CachedAnswer?> Ask<TState>(
        string key,
        IReadOnlyList<string> tags,
        Terms terms,
        TState state,
        Func<TState, CancellationToken, ValueTask<byte[]>> compute,
        CancellationToken stop
    )
    {
        if (!isEnabled)
        {
            meter.Computed();
            return terms.Computes ? new(await compute(state, stop)) : null;
        }
        await Versions.Ensure(stop);
        if (!terms.Computes)
        {
            // Nobody else waits for what may end with nothing.
            return (terms.ReadsMemory ? InMemory(key) : null) ?? await FromRedis(key, Versions.Take(tags), terms);
        }
        Flight? flight;
        var isMine = false;
        lock (turn)
        {
            // Looked at within the lock: whoever lands keeps his answer before he takes his flight off the board.
            if (terms.ReadsMemory && InMemory(key) is { } answer)
            {
                return answer;
            }
            if (!flights.TryGetValue(key, out flight) || !IsGood(flight.Stamp, Versions.Now) || !flight.TryJoin())
            {
                flights[key] = flight = new Flight(Versions.Take(tags), new CancellationTokenSource());
                isMine = true;
            }
        }
        if (isMine)
        {
            meter.Missed();
            _ = Fly(key, flight, terms, state, compute);
        }
        else
        {
            meter.Waited();
        }
        return await flight.Wait(stop);
    }

    private CachedAnswer? InMemory(string key)
    {
        var now = Versions.Now;
        if (!memory.TryFind(key, out var kept) || now > kept.Until || !IsGood(kept.Stamp, now))
        {
            return null;
        }
        kept.Ask();
        meter.HitMemory();
        return kept.Answer;
    }

    /// <summary>While nobody can tell what others have written, what was computed a moment ago is as good as sure.</summary>
    private bool IsGood(Stamp stamp, long now) =>
        stamp.IsCurrent && (Versions.IsSure(now) || db.Clock.GetElapsedTime(stamp.Since, now) <= TagVersions.Trust);

    private async Task Fly<TState>(
        string key,
        Flight flight,
        Terms terms,
        TState state,
        Func<TState, CancellationToken, ValueTask<byte[]>> compute
    )
    {
        try
        {
            var answer = await FromRedis(key, flight.Stamp, terms);
            if (answer is null)
            {
                meter.Computed();
                answer = new CachedAnswer(await compute(state, flight.Abandoned));
                ToRedis(key, flight.Stamp, terms, answer);
            }
            Land(key, flight, answer, terms);
            flight.Land(answer);
        }
        catch (Exception error)
        {
            Land(key, flight, null, terms);
            flight.Fail(error);
        }
    }

    /// <summary>Takes a flight off the board, and keeps its answer: not when another has taken its place, or somebody removed the key.</summary>
    private void Land(string key, Flight flight, CachedAnswer? answer, Terms terms)
    {
        lock (turn)
        {
            if (!flights.TryGetValue(key, out var last) || last != flight)
            {
                return;
            }
            if (answer is not null && terms.WritesMemory && flight.Stamp.IsCurrent)
            {
                memory.Keep(key, flight.Stamp, answer, Until(terms.InMemory));
            }
            flights.Remove(key);
        }
    }

    private long Until(TimeSpan lifetime) => Versions.Now + (long)(lifetime.TotalSeconds * db.Clock.TimestampFrequency);

    /// <summary>What is there may be of any age: it is good only while it is sure which versions are the newest.</summary>
    private async ValueTask<CachedAnswer?> FromRedis(string key, Stamp stamp, Terms terms)
    {
        if (redis is null || !terms.ReadsRedis || !Versions.IsSure(Versions.Now))
        {
            return null;
        }
        if (await redis.Find(key, stamp) is not { } body)
        {
            return null;
        }
        meter.HitRedis();
        return new CachedAnswer(body);
    }

    private void ToRedis(string key, Stamp stamp, Terms terms, CachedAnswer answer)
    {
        // Before the first look nobody knows whose it would be.
        if (terms.WritesRedis && stamp.IsCurrent && Versions.Yard.Version != 0)
        {
            redis?.Keep(key, stamp, answer.Bytes, terms.InRedis);
        }
    }
}
