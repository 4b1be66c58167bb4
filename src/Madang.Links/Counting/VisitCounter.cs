using System.Diagnostics.Metrics;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Counting;

/// <summary>
/// Counts visits without making them wait: they gather in memory until they are written, each second in one commit; who reads statistics
/// doesn't hold that up. Their sums are written after them (<see cref="Unsummed"/>), while nobody reads.
/// </summary>
public sealed partial class VisitCounter : IDisposable
{
    /// <summary>While the database is away so many are kept: about 40 MB, ten seconds of fifty thousand. Further ones are dropped.</summary>
    private const int MostKept = 500_000;

    /// <summary>Sums that can't be written so often are left to whoever sums up what was left over, batch by batch.</summary>
    private const int MostFailures = 3;

    private readonly VisitStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<VisitCounter> log;
    private readonly string? countryHeader;
    private readonly Counter<long> droppedVisits;
    private readonly GatheredVisits gathered;
    private readonly Unsummed unsummed;
    private readonly ReadersAndWriter statistics = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SemaphoreSlim summing = new(1, 1);
    private bool hasFailed;
    private int failures;
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
        (gathered, unsummed) = (new(MostKept), new(clock));
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
    internal int Most
    {
        init => gathered = new(value);
    }

    /// <summary>How many visits are not written.</summary>
    internal long Left => gathered.Left;

    internal void Add(long link, HttpContext http, bool isUsed)
    {
        if (!gathered.Add(Visit.Of(link, http, clock.GetUtcNow(), isUsed, countryHeader)))
        {
            droppedVisits.Add(1);
        }
    }

    /// <summary>
    /// Reads statistics together with the quarter-hours that this process has not summed up yet: no sums are written in between, so no
    /// visit counts twice and none is missing.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="read">Reads, and tells whether one of these batches is summed up already: by a commit of which nobody heard, or by another process.</param>
    /// <param name="stop">Heeded while it waits for sums that are being written.</param>
    internal Task<(T Read, IReadOnlyList<Line> Fresh)> With<T>(
        long link,
        Func<string[], Task<(T Read, bool IsAnySummed)>> read,
        CancellationToken stop
    ) =>
        statistics.Read<(T, IReadOnlyList<Line>)>(
            async () =>
            {
                var (batches, lines, fresh) = unsummed.Look(link, () => gathered.Of(link));
                var (found, isAnySummed) = await read(batches);
                return (found, [.. fresh.Of(link), .. isAnySummed ? [] : lines]);
            },
            stop
        );

    /// <summary>Writes what has gathered, and its sums if they are due.</summary>
    /// <param name="stop">Heeded while a write waits for its turn.</param>
    /// <param name="isLast">Whether the sums are written however many they are.</param>
    internal async Task Write(CancellationToken stop, bool isLast = false)
    {
        await WriteVisits(stop);
        await SumUp(stop, isLast);
    }

    /// <summary>Writes what has gathered. A batch that failed is written again, under its own name, before another.</summary>
    internal Task WriteVisits(CancellationToken stop) => InTurn(writing, () => WriteBatches(stop), stop);

    /// <summary>Writes the sums that are due, once those who read statistics are through.</summary>
    internal Task SumUp(CancellationToken stop, bool isLast = false) =>
        InTurn(summing, () => WriteSums(isLast, stop), stop);

    /// <summary>Tells the log of the visits that were not counted since it was last told.</summary>
    internal void TellOfDropped()
    {
        if (gathered.Dropped() is > 0 and var count)
        {
            Dropped(log, count);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        statistics.Dispose();
        writing.Dispose();
        summing.Dispose();
    }

    private async Task InTurn(SemaphoreSlim one, Func<Task> work, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            await work();
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
        finally
        {
            one.Release();
        }
    }

    private async Task WriteBatches(CancellationToken stop)
    {
        for (var left = Left; left > 0; )
        {
            if (gathered.Unwritten is null)
            {
                if (unsummed.IsFull)
                {
                    // So that what is held in memory is bounded.
                    await SumUp(stop);
                }
                unsummed.Take(gathered.Take);
            }
            if (gathered.Unwritten is not { } batch)
            {
                return;
            }
            left -= batch.Visits.Count;
            var isFirstTry = !hasFailed;
            hasFailed = true;
            await store.Write(batch, null, stop);
            hasFailed = false;
            gathered.Written(isFirstTry);
        }
    }

    private async Task WriteSums(bool isLast, CancellationToken stop)
    {
        while (unsummed.Due(isLast, () => gathered.Unwritten is null) is { } due)
        {
            var isGivenUp = failures++ >= MostFailures;
            await statistics.Write(
                async () =>
                {
                    if (!isGivenUp)
                    {
                        await store.Write(null, due, stop);
                    }
                    unsummed.Forget();
                },
                stop
            );
            failures = 0;
            if (!isLast)
            {
                return;
            }
        }
    }

    [LoggerMessage(3102, LogLevel.Warning, "Visits can't be written now; they are kept.")]
    private static partial void CannotWrite(ILogger log, Exception error);

    [LoggerMessage(3103, LogLevel.Error, "{Count} visits were not counted: too many wait to be written.")]
    private static partial void Dropped(ILogger log, long count);
}
