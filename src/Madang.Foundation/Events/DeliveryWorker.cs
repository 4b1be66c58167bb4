using System.Diagnostics.Metrics;
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
    TimeProvider clock,
    IMeterFactory meters
) : BackgroundService
{
    private readonly Counter<long> tries = meters
        .Create("Madang.Events")
        .CreateCounter<long>("madang.deliveries", "{delivery}", "Tries to bring an event to its handler.");

    /// <summary>So many of one handler at a time, however many wait: a slow one holds up nobody but itself.</summary>
    private const int MostOfOneHandler = 8;

    /// <summary>How soon a delivery is seen that another process appended, or whose time has come.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<(string Handler, Task Task)> running = [];

    /// <summary>How long a handler may take; shorter than <see cref="DeliveryStore.Lease"/>.</summary>
    internal TimeSpan HandlerLimit { get; init; } = TimeSpan.FromSeconds(30);

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
        while (!stoppingToken.IsCancellationRequested)
        {
            running.RemoveAll(one => one.Task.IsCompleted);
            var taken = await Take(handlers, stoppingToken);
            running.AddRange(taken.Select(delivery => (delivery.Handler, Deliver(delivery))));
            if (taken.Count == 0)
            {
                await bell.Wait(Interval, running.ConvertAll(one => one.Task), clock, stoppingToken);
            }
        }
        // What has begun is brought to its end, or its try would count as failed whenever the server restarts.
        await Task.WhenAll(running.Select(one => one.Task));
    }

    private async Task<List<Delivery>> Take(string[] handlers, CancellationToken stop)
    {
        var room = handlers
            .Select(handler =>
                (Handler: handler, Left: MostOfOneHandler - running.Count(one => one.Handler == handler))
            )
            .Where(one => one.Left > 0)
            .ToList();
        try
        {
            // No more than fits into the fullest: all that is taken may be for one handler.
            return room.Count > 0
                ? await deliveries.Claim(room.ConvertAll(one => one.Handler), room.Min(one => one.Left), stop)
                : [];
        }
        catch (Exception error)
        {
            if (!stop.IsCancellationRequested)
            {
                CannotTake(log, error);
            }
            return [];
        }
    }

    private async Task Deliver(Delivery delivery)
    {
        using var limit = new CancellationTokenSource(HandlerLimit, clock);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var handler = scope
                .ServiceProvider.GetServices<IEventHandler>()
                .Single(handler => handler.Name.Name == delivery.Handler);
            await handler.Handle(delivery.Envelope, limit.Token);
            await deliveries.Done(delivery, CancellationToken.None);
            Count(delivery, "done");
        }
        catch (Exception error)
        {
            HandlerFailed(log, error, delivery.Handler, delivery.EventId, delivery.Tries + 1);
            Count(delivery, delivery.IsLastTry ? "parked" : "failed");
            if (delivery.IsLastTry)
            {
                Parked(log, delivery.Handler, delivery.EventId);
            }
            await TryMarkFailed(
                delivery,
                limit.IsCancellationRequested ? $"It took longer than {HandlerLimit}." : error.Message
            );
        }
    }

    private async Task TryMarkFailed(Delivery delivery, string error)
    {
        try
        {
            await deliveries.Failed(delivery, error, CancellationToken.None);
        }
        catch (Exception lost)
        {
            // Its lease runs out, and it is taken again.
            CannotTake(log, lost);
        }
    }

    private void Count(Delivery delivery, string outcome) =>
        tries.Add(1, new("handler", delivery.Handler), new("outcome", outcome));

    [LoggerMessage(1301, LogLevel.Warning, "Deliveries can't be taken or marked now.")]
    private static partial void CannotTake(ILogger log, Exception error);

    [LoggerMessage(1302, LogLevel.Warning, "Handler {Handler} failed on event {EventId}, try {Try}.")]
    private static partial void HandlerFailed(ILogger log, Exception error, string handler, long eventId, int @try);

    [LoggerMessage(1303, LogLevel.Error, "Handler {Handler} has given up on event {EventId}: the delivery is parked.")]
    private static partial void Parked(ILogger log, string handler, long eventId);
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
