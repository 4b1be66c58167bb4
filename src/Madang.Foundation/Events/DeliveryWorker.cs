using Madang.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Events;

/// <summary>Brings events to the handlers of the rooms that run here: soon after the commit, and again after a failure.</summary>
internal sealed partial class DeliveryWorker(
    DeliveryStore deliveries,
    DeliveryBell bell,
    IServiceScopeFactory scopes,
    ILogger<DeliveryWorker> log,
    TimeProvider clock
) : BackgroundService
{
    private const int Batch = 32;
    private static readonly TimeSpan HandlerLimit = TimeSpan.FromSeconds(30);

    /// <summary>How soon a delivery is seen that another process appended, or whose time has come.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string[] handlers;
        await using (var scope = scopes.CreateAsyncScope())
        {
            handlers = [.. scope.ServiceProvider.GetServices<IEventHandler>().Select(handler => handler.Name.Name)];
        }
        if (handlers.Length == 0)
        {
            return;
        }
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            running.RemoveAll(task => task.IsCompleted);
            var taken = await Take(handlers, Batch - running.Count, stoppingToken);
            running.AddRange(taken.Select(delivery => Deliver(delivery, stoppingToken)));
            if (taken.Count == 0 || running.Count >= Batch)
            {
                await bell.Wait(Interval, running, clock, stoppingToken);
            }
        }
        await Task.WhenAll(running);
    }

    private async Task<List<Delivery>> Take(string[] handlers, int most, CancellationToken stop)
    {
        try
        {
            return most > 0 ? await deliveries.Claim(handlers, most, stop) : [];
        }
        catch (Exception error) when (error is DatabaseUnavailableException or OperationCanceledException)
        {
            if (!stop.IsCancellationRequested)
            {
                CannotTake(log, error);
            }
            return [];
        }
    }

    private async Task Deliver(Delivery delivery, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(HandlerLimit);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var handler = scope
                .ServiceProvider.GetServices<IEventHandler>()
                .Single(handler => handler.Name.Name == delivery.Handler);
            await handler.Handle(delivery.Envelope, limit.Token);
            await deliveries.Done(delivery, CancellationToken.None);
        }
        catch (Exception error)
        {
            HandlerFailed(log, error, delivery.Handler, delivery.EventId, delivery.Tries + 1);
            await TryMarkFailed(delivery, error);
        }
    }

    private async Task TryMarkFailed(Delivery delivery, Exception error)
    {
        try
        {
            await deliveries.Failed(delivery, error.Message, CancellationToken.None);
        }
        catch (DatabaseUnavailableException lost)
        {
            // Its lease runs out, and it is taken again.
            CannotTake(log, lost);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "Deliveries can't be taken or marked now.")]
    private static partial void CannotTake(ILogger log, Exception error);

    [LoggerMessage(1302, LogLevel.Warning, "Handler {Handler} failed on event {EventId}, try {Try}.")]
    private static partial void HandlerFailed(ILogger log, Exception error, string handler, long eventId, int @try);
}

/// <summary>Wakes the worker when something was appended here.</summary>
internal sealed class DeliveryBell : IDisposable
{
    private readonly SemaphoreSlim rung = new(0, 1);

    internal void Ring()
    {
        try
        {
            rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is ringing already.
        }
    }

    /// <summary>Until it rings, a delivery that is under way ends, or the interval is over.</summary>
    internal async Task Wait(TimeSpan interval, List<Task> running, TimeProvider clock, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ring = rung.WaitAsync(end.Token);
        var tick = Task.Delay(interval, clock, end.Token);
        await Task.WhenAny([ring, tick, .. running]);
        await end.CancelAsync();
        if (ring.IsCompletedSuccessfully || tick.IsCompletedSuccessfully)
        {
            return;
        }
        try
        {
            // A ring that came while we stopped waiting is heard, not lost.
            await ring;
        }
        catch (OperationCanceledException)
        {
            // It did not ring.
        }
    }

    public void Dispose() => rung.Dispose();
}
