using System.Text.Json;
using Madang.Foundation.Data;
using Madang.Foundation.Http;

namespace Madang.Foundation.Events;

/// <summary>
/// Events are appended in the transaction of the change they tell of, together with a delivery for every handler of every room:
/// there is no change without its event and no event without its change.
/// </summary>
public static class Outbox
{
    /// <summary>Appends an event to this write.</summary>
    public static async Task Append<T>(this Sql sql, T happened, long? actorId)
        where T : class, IEvent
    {
        var id = await sql.Single<long>(
            """
            INSERT INTO events (type, version, at, actor_id, payload)
            VALUES (@Type, @Version, @Now, @actorId, @Payload)
            RETURNING id
            """,
            new
            {
                T.Type,
                T.Version,
                sql.Now,
                actorId,
                Payload = JsonSerializer.Serialize(happened, FoundationJson.Default.GetTypeInfo(typeof(T))!),
            }
        );
        foreach (var handler in sql.Outbox.Handlers.Where(handler => handler.EventType == T.Type))
        {
            await sql.Execute(
                """
                INSERT INTO deliveries (event_id, handler, state, tries, next_at)
                VALUES (@id, @Name, 'waiting', 0, @Now)
                """,
                new
                {
                    id,
                    handler.Name,
                    sql.Now,
                }
            );
        }
        sql.AfterCommit(sql.Outbox.Ring);
    }
}

/// <summary>For whom deliveries are written, and what to do once they are.</summary>
/// <param name="Handlers">The handlers of every room, run here or not.</param>
/// <param name="Ring">Wakes the worker of this process.</param>
internal sealed record OutboxSettings(IReadOnlyList<HandlerName> Handlers, Action Ring)
{
    internal static OutboxSettings None { get; } = new([], () => { });
}
