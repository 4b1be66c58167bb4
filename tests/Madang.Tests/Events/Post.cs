using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Events;

/// <summary>What brings events to handlers, without a server: handlers of a test, and a worker that delivers to them.</summary>
internal sealed class Post : IAsyncDisposable
{
    private readonly DeliveryBell bell = new();
    private readonly ServiceProvider services;
    private readonly Bare bare;
    private bool isStarted;

    internal Post(Bare bare, params Listener[] listeners)
        : this(bare, TimeSpan.FromSeconds(30), listeners) { }

    internal Post(Bare bare, TimeSpan limit, params Listener[] listeners)
    {
        this.bare = bare;
        bare.Database.Outbox = new OutboxSettings([.. listeners.Select(one => one.Name)], bell.Ring);
        var all = new ServiceCollection();
        all.AddMetrics();
        foreach (var listener in listeners)
        {
            all.AddSingleton<IEventHandler>(listener);
        }
        services = all.BuildServiceProvider();
        Worker = new DeliveryWorker(
            new DeliveryStore(bare.Database),
            bell,
            services.GetRequiredService<IServiceScopeFactory>(),
            Complaints,
            bare.Clock,
            services.GetRequiredService<IMeterFactory>()
        )
        {
            HandlerLimit = limit,
        };
    }

    internal DeliveryWorker Worker { get; }

    internal Complaint Complaints { get; } = new();

    internal async Task Start()
    {
        await Worker.StartAsync(CancellationToken.None);
        isStarted = true;
    }

    /// <summary>Puts the clock forward, and lets the worker look what is due.</summary>
    internal void Advance(TimeSpan time)
    {
        bare.Clock.Advance(time);
        bell.Ring();
    }

    internal Task<int> Happen() => Append(bare.Database);

    internal static Task<int> Append(Database db) =>
        db.Write(
            async sql =>
            {
                await sql.Append(new MemoShared(1, 2), 2);
                return 0;
            },
            CancellationToken.None
        );

    internal Task<Row> Of(string handler) =>
        bare.Ask<Row>(
            "SELECT state, tries, next_at, error FROM deliveries WHERE handler = @handler ORDER BY event_id DESC LIMIT 1",
            new { handler }
        );

    public async ValueTask DisposeAsync()
    {
        if (isStarted)
        {
            await Worker.StopAsync(CancellationToken.None);
        }
        Worker.Dispose();
        bell.Dispose();
        await services.DisposeAsync();
    }

    /// <summary>A delivery as it stands.</summary>
    internal sealed record Row
    {
        public required string State { get; init; }
        public required int Tries { get; init; }
        public required DateTimeOffset NextAt { get; init; }
        public string? Error { get; init; }
    }

    /// <summary>Keeps what the worker complains of.</summary>
    internal sealed class Complaint : ILogger<DeliveryWorker>
    {
        internal ConcurrentQueue<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => All.Enqueue(formatter(state, exception));
    }
}

/// <summary>A handler of a test.</summary>
internal sealed class Listener(string name, Func<EventEnvelope, CancellationToken, Task> handle) : IEventHandler
{
    public HandlerName Name { get; } = new(name, MemoShared.Type);

    public Task Handle(EventEnvelope envelope, CancellationToken stop) => handle(envelope, stop);
}
