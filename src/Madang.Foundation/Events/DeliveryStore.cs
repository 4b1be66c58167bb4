using Madang.Foundation.Data;

namespace Madang.Foundation.Events;

/// <summary>Every line of SQL about deliveries on their way.</summary>
internal sealed class DeliveryStore(Database db)
{
    /// <summary>Longer than a handler may take: a delivery that is not marked by then was dropped by a process that died.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    internal const int MostTries = 10;

    /// <summary>
    /// Takes what is due for the handlers that run here. Taking counts as a try and puts the delivery off by a lease, so that
    /// nobody else takes it meanwhile, and that it comes back when this process dies; one that came back ten times is parked.
    /// </summary>
    internal Task<List<Delivery>> Claim(IReadOnlyList<string> handlers, int most, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var claimed = await sql.Query<Delivery>(
                    $"""
                    SELECT event_id, handler, tries, error, type, version, at, actor_id, payload
                    FROM deliveries
                    JOIN events ON events.id = deliveries.event_id
                    WHERE state = 'waiting' AND next_at <= @Now AND {sql.In("handler", "@handlers")}
                    ORDER BY next_at, event_id
                    LIMIT @most
                    {sql.For("", "FOR UPDATE OF deliveries SKIP LOCKED")}
                    """,
                    new
                    {
                        sql.Now,
                        handlers,
                        most,
                    }
                );
                foreach (var delivery in claimed)
                {
                    await sql.Execute(
                        """
                        UPDATE deliveries SET tries = tries + 1, state = @State, next_at = @End, error = @Error
                        WHERE event_id = @EventId AND handler = @Handler
                        """,
                        new
                        {
                            delivery.EventId,
                            delivery.Handler,
                            State = delivery.IsSpent ? "parked" : "waiting",
                            End = sql.Now + Lease,
                            Error = delivery.IsSpent ? "Whoever handles it never comes back." : delivery.Error,
                        }
                    );
                }
                return claimed.FindAll(delivery => !delivery.IsSpent);
            },
            stop
        );

    internal Task<int> Done(Delivery delivery, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Execute(
                    "UPDATE deliveries SET state = 'done', error = NULL WHERE event_id = @EventId AND handler = @Handler",
                    new { delivery.EventId, delivery.Handler }
                ),
            stop
        );

    /// <summary>
    /// Puts a failed delivery off, twice as long each time up to an hour, or parks it after the tenth try. Whoever held it past its
    /// lease has no say any more: another took it, and may have done it.
    /// </summary>
    internal Task<int> Failed(Delivery delivery, string error, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Execute(
                    """
                    UPDATE deliveries SET state = @State, next_at = @Next, error = @Error
                    WHERE event_id = @EventId AND handler = @Handler AND state = 'waiting' AND tries = @Tries
                    """,
                    new
                    {
                        State = delivery.IsLastTry ? "parked" : "waiting",
                        Next = sql.Now + Backoff(delivery.Tries + 1),
                        Error = Storable(error),
                        delivery.EventId,
                        delivery.Handler,
                        Tries = delivery.Tries + 1,
                    }
                ),
            stop
        );

    /// <summary>PostgreSQL takes no NUL and no half of a surrogate pair, and an exception may speak of either.</summary>
    private static string Storable(string error) =>
        string.Concat(error.EnumerateRunes().Where(rune => rune.Value != 0).Take(500));

    internal static TimeSpan Backoff(int tries) => TimeSpan.FromSeconds(Math.Min(3600, Math.Pow(2, tries)));
}

/// <summary>One event for one handler, as it was taken.</summary>
internal sealed record Delivery
{
    public required long EventId { get; init; }
    public required string Handler { get; init; }

    /// <summary>How often it was taken before.</summary>
    public required int Tries { get; init; }

    /// <summary>Why the last try failed, or null.</summary>
    public string? Error { get; init; }
    public required string Type { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
    public long? ActorId { get; init; }
    public required string Payload { get; init; }

    internal bool IsLastTry => Tries + 1 >= DeliveryStore.MostTries;

    internal bool IsSpent => Tries >= DeliveryStore.MostTries;

    internal EventEnvelope Envelope => new(EventId, Type, Version, At, ActorId, Payload);
}
