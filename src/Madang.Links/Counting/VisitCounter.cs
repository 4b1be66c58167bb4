using System.Diagnostics.Metrics;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Counting;

/// <summary>
/// Counts visits without making them wait: they gather in memory, and every second what has gathered is written in one commit; at
/// the stop, once nobody is answered any more, what is left.
/// </summary>
public sealed partial class VisitCounter : IHostedLifecycleService, IDisposable
{
    /// <summary>While the database is away so many are kept: about 40 MB, ten seconds of fifty thousand. Further ones are dropped.</summary>
    private const int MostKept = 500_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly VisitStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<VisitCounter> log;
    private readonly string? countryHeader;
    private readonly Counter<long> droppedVisits;
    private readonly Lock turn = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private List<Visit> gathered = [];
    private Batch? unwritten;
    private long dropped;
    private bool isAway;
    private Task running = Task.CompletedTask;

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
    /// Reads statistics together with what this process has not written yet: nothing is written in between, so no visit counts
    /// twice and none is missing.
    /// </summary>
    internal async Task<(T Read, Rollup Unwritten)> With<T>(long link, Func<Task<T>> read, CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            List<Visit> mine;
            lock (turn)
            {
                mine = [.. (unwritten?.Visits ?? []).Concat(gathered).Where(visit => visit.Link == link)];
            }
            return (await read(), new Rollup(mine));
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Writes what has gathered. A batch that failed is written again, under its own name, before another.</summary>
    internal async Task Write(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            for (var again = true; again; )
            {
                again = unwritten is not null;
                if (unwritten is null && !TryTake())
                {
                    return;
                }
                await store.Write(unwritten!, stop);
                unwritten = null;
            }
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
            writing.Release();
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Run();
        return Task.CompletedTask;
    }

    /// <summary>The last: every answer is out by now.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running;
        await Write(cancellationToken);
        if (unwritten is { } left)
        {
            Lost(log, left.Visits.Count + gathered.Count);
        }
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose()
    {
        writing.Dispose();
        stopping.Dispose();
    }

    private async Task Run()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await Write(CancellationToken.None);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    Unexpected(log, error);
                }
                TellOfDropped();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left is written by whoever stops us.
        }
    }

    private bool TryTake()
    {
        lock (turn)
        {
            if (gathered.Count == 0)
            {
                return false;
            }
            unwritten = new(Guid.CreateVersion7().ToString("N"), gathered);
            gathered = [];
            return true;
        }
    }

    private void TellOfDropped()
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

    [LoggerMessage(3104, LogLevel.Error, "{Count} visits are lost: the database was away at the stop.")]
    private static partial void Lost(ILogger log, int count);

    [LoggerMessage(3105, LogLevel.Error, "Visits can't be written: an unexpected failure.")]
    private static partial void Unexpected(ILogger log, Exception error);
}

/// <summary>Visits that are written together, under a name by which a second try is known.</summary>
internal sealed record Batch(string Id, List<Visit> Visits);
