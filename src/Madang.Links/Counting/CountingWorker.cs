using Madang.Foundation.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Counting;

/// <summary>
/// Has visits written every second, and at the stop, once nobody is answered any more, what is left; sums up what processes that were
/// killed have left.
/// </summary>
internal sealed partial class CountingWorker(
    VisitCounter counter,
    VisitStore store,
    TimeProvider clock,
    ILogger<CountingWorker> log
) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>What a process has written and not summed up for so long, it won't.</summary>
    private static readonly TimeSpan TakenForDead = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

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
        // Not given up when the host has waited long for others: the database's own limit bounds it.
        await counter.Write(CancellationToken.None, isLast: true);
        if (counter.Left is > 0 and var left)
        {
            Lost(log, left);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stopping.Dispose();

    private async Task Run()
    {
        using var timer = new PeriodicTimer(Interval);
        // Whoever starts after a kill finishes what was begun; a process that lives finds its batches summed up, and leaves them.
        var (leftOver, lookedAt) = (SumUpLeftOver(TimeSpan.Zero), clock.GetTimestamp());
        var sums = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await Unbroken(() => counter.WriteVisits(CancellationToken.None));
                // Neither holds up the visits of the next second.
                if (sums.IsCompleted)
                {
                    sums = Unbroken(() => counter.SumUp(CancellationToken.None));
                }
                if (leftOver.IsCompleted && clock.GetElapsedTime(lookedAt) > TakenForDead)
                {
                    (leftOver, lookedAt) = (SumUpLeftOver(TakenForDead), clock.GetTimestamp());
                }
                counter.TellOfDropped();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left is written by whoever stops us.
        }
        await Task.WhenAll(sums, leftOver);
    }

    private Task SumUpLeftOver(TimeSpan since) =>
        Unbroken(async () =>
        {
            try
            {
                await store.SumUpLeftOver(since, stopping.Token);
            }
            catch (DatabaseUnavailableException)
            {
                // The counter tells the log of it, and in a minute this is tried again.
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The next that starts goes on with it.
            }
        });

    /// <summary>Counting goes on, whatever comes.</summary>
    private async Task Unbroken(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Unexpected(log, error);
        }
    }

    [LoggerMessage(3104, LogLevel.Error, "{Count} visits are lost: the database was away at the stop.")]
    private static partial void Lost(ILogger log, long count);

    [LoggerMessage(3105, LogLevel.Error, "Visits can't be written: an unexpected failure.")]
    private static partial void Unexpected(ILogger log, Exception error);
}
