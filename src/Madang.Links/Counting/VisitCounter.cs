using System.Diagnostics.Metrics;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Counting;

/// <summary>
/// Counts visits without making them wait: they gather in memory until they are written, all in one commit. Their sums are written in
/// the same commit, or where they are many, every ten seconds: ten thousand links have most of their lines in common with the second before.
/// </summary>
public sealed partial class VisitCounter : IDisposable
{
    /// <summary>While the database is away so many are kept: about 40 MB, ten seconds of fifty thousand. Further ones are dropped.</summary>
    private const int MostKept = 500_000;

    /// <summary>So many lines of sums are written with the visits each second.</summary>
    private const int FewSums = 1_000;

    /// <summary>So many don't wait for the ten seconds: they are held in memory, about 60 bytes each, and 200 while they are written.</summary>
    private const int MostSums = 60_000;

    private const int MostFailures = 3;

    /// <summary>More, that have gathered while the database was away, are written in several commits, each well within its time limit.</summary>
    private const int LargestBatch = 10_000;

    private static readonly TimeSpan SumsWait = TimeSpan.FromSeconds(10);

    private readonly VisitStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<VisitCounter> log;
    private readonly string? countryHeader;
    private readonly Counter<long> droppedVisits;
    private readonly Lock turn = new();
    private readonly ReadersAndWriter turns = new();
    private List<Visit> gathered = [];
    private List<Visit> spare = [];
    private Batch? unwritten;

    // What isn't summed up in the database yet: the unwritten batch, and those that were written before it.
    private readonly List<string> pendingBatches = [];
    private readonly Rollup pending = new();

    // Tries of one write that failed. What fails again and again for its sums is written without them.
    private int failures;
    private long summedAt;
    private long dropped;
    private bool isAway;

    /// <summary>Begins with nothing counted.</summary>
    public VisitCounter(
        VisitStore store,
        TimeProvider clock,
        IConfiguration configuration,
        IMeterFactory meters,
        ILogger<VisitCounter> log
    )
    {
        (this.store, this.clock, this.log) = (store, clock, log);
        countryHeader = configuration["Links:CountryHeader"] is { Length: > 0 } header ? header : null;
        droppedVisits = meters
            .Create("Madang.Links")
            .CreateCounter<long>(
                "madang.links.dropped_visits",
                "{visit}",
                "Visits that were answered but not counted, since the database was away for too long."
            );
    }

    /// <summary>So many visits are kept at most.</summary>
    internal int Most { get; init; } = MostKept;

    internal void Add(long link, HttpContext http, bool isUsed)
    {
        var visit = Visit.Of(link, http, clock.GetUtcNow(), isUsed, countryHeader);
        lock (turn)
        {
            if (gathered.Count + (unwritten?.Visits.Count ?? 0) < Most)
            {
                gathered.Add(visit);
                return;
            }
            dropped++;
        }
        droppedVisits.Add(1);
    }

    /// <summary>
    /// Reads statistics together with the quarter-hours that this process has not summed up yet: nothing is written in between, so no
    /// visit counts twice and none is missing.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="read">Reads, and tells whether one of these batches is summed up already: by a commit of which nobody heard, or by another process.</param>
    /// <param name="stop">Heeded while it waits for a write.</param>
    internal Task<(T Read, IReadOnlyList<Line> Fresh)> With<T>(
        long link,
        Func<string[], Task<(T Read, bool IsAnySummed)>> read,
        CancellationToken stop
    ) =>
        turns.Read<(T, IReadOnlyList<Line>)>(
            async () =>
            {
                var fresh = new Rollup();
                lock (turn)
                {
                    foreach (var visit in gathered)
                    {
                        if (visit.Link == link)
                        {
                            fresh.Add(visit);
                        }
                    }
                }
                var (found, isAnySummed) = await read([.. pendingBatches]);
                return (found, [.. fresh.Of(link), .. isAnySummed ? [] : pending.Of(link)]);
            },
            stop
        );

    /// <summary>Writes what has gathered. A batch that failed is written again, under its own name, before another.</summary>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    /// <param name="isLast">Whether the sums are written too, however many they are.</param>
    internal async Task Write(CancellationToken stop, bool isLast = false)
    {
        try
        {
            await turns.Write(() => WriteAll(isLast, stop), stop);
            isAway = false;
        }
        catch (DatabaseUnavailableException error)
        {
            if (!isAway)
            {
                CannotWrite(log, error);
            }
            isAway = true;
        }
    }

    /// <inheritdoc />
    public void Dispose() => turns.Dispose();

    private async Task WriteAll(bool isLast, CancellationToken stop)
    {
        for (var left = Left; ; )
        {
            if (unwritten is null)
            {
                Take();
            }
            left -= unwritten?.Visits.Count ?? 0;
            var areSumsDue = AreSumsDue(isLast && left <= 0);
            if (areSumsDue || unwritten is not null)
            {
                await Write(areSumsDue, stop);
            }
            if (left <= 0)
            {
                return;
            }
        }
    }

    private async Task Write(bool areSumsDue, CancellationToken stop)
    {
        // Together they may take longer than they may: then the visits are made safe, and somebody sums them up batch by batch.
        var isTooMuch = failures++ >= MostFailures && unwritten is not null;
        await store.Write(unwritten, areSumsDue && !isTooMuch ? pending.Sums([.. pendingBatches]) : null, stop);
        // One that failed may still be at work somewhere, with the list.
        if (failures == 1 && unwritten is { Visits: { Capacity: <= 2 * LargestBatch } visits })
        {
            visits.Clear();
            spare = visits;
        }
        (unwritten, failures) = (null, 0);
        if (areSumsDue)
        {
            pendingBatches.Clear();
            pending.Clear();
            summedAt = clock.GetTimestamp();
        }
    }

    private void Take()
    {
        lock (turn)
        {
            if (gathered.Count == 0)
            {
                return;
            }
            var visits = gathered;
            if (visits.Count > LargestBatch)
            {
                visits = gathered.GetRange(0, LargestBatch);
                gathered.RemoveRange(0, LargestBatch);
            }
            else
            {
                (gathered, spare) = (spare, []);
            }
            unwritten = new(Guid.CreateVersion7().ToString("N"), visits);
        }
        pendingBatches.Add(unwritten.Name);
        unwritten.Visits.ForEach(pending.Add);
    }

    private bool AreSumsDue(bool isLast) =>
        pendingBatches.Count > 0
        && (isLast || pending.Count is <= FewSums or > MostSums || clock.GetElapsedTime(summedAt) >= SumsWait);

    /// <summary>How many visits are not written.</summary>
    internal long Left
    {
        get
        {
            lock (turn)
            {
                return gathered.Count + (unwritten?.Visits.Count ?? 0);
            }
        }
    }

    /// <summary>Tells the log of the visits that were not counted since it was last told.</summary>
    internal void TellOfDropped()
    {
        long count;
        lock (turn)
        {
            (count, dropped) = (dropped, 0);
        }
        if (count > 0)
        {
            Dropped(log, count);
        }
    }

    [LoggerMessage(3102, LogLevel.Warning, "Visits can't be written now; they are kept.")]
    private static partial void CannotWrite(ILogger log, Exception error);

    [LoggerMessage(3103, LogLevel.Error, "{Count} visits were not counted: too many wait to be written.")]
    private static partial void Dropped(ILogger log, long count);
}
