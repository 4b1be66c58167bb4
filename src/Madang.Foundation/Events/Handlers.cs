using System.Text.Json;
using Madang.Foundation.Http;

namespace Madang.Foundation.Events;

/// <summary>Which handler waits for which events: known of every room, run here or not, since deliveries are written for all.</summary>
/// <param name="Name">Stable and unique, such as <c>memos.user_deleted</c>.</param>
/// <param name="EventType">The stable name of the events it handles.</param>
public sealed record HandlerName(string Name, string EventType);

/// <summary>The handlers of the foundation itself, which has no <see cref="Modules.IModule"/> to name them.</summary>
internal static class FoundationHandlers
{
    internal static readonly IReadOnlyList<HandlerName> All =
    [
        Mail.MailedLinkHandler.Known,
        Mail.ConnectionHandler.Known,
    ];
}

/// <summary>
/// What a room does about an event. It is called at least once for each, perhaps by several processes one after the other, and
/// must come to the same whether called once or twice: <see cref="EventEnvelope.Id"/> tells the events apart.
/// </summary>
public interface IEventHandler
{
    /// <summary>Its name and what it waits for.</summary>
    HandlerName Name { get; }

    /// <summary>Handles one event. What it throws is tried again later; <paramref name="stop"/> ends it after 30 seconds.</summary>
    Task Handle(EventEnvelope envelope, CancellationToken stop);
}

/// <summary>One event on its way to one handler.</summary>
/// <param name="Id">The event's id, the same at every try.</param>
/// <param name="Type">The stable name of its kind.</param>
/// <param name="Version">The version of its payload.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="ActorId">Who did it, or null for the program itself.</param>
/// <param name="Payload">The event as JSON.</param>
public sealed record EventEnvelope(long Id, string Type, int Version, DateTimeOffset At, long? ActorId, string Payload)
{
    /// <returns>The event itself.</returns>
    /// <exception cref="JsonException">The payload is of another kind.</exception>
    public T Read<T>()
        where T : class, IEvent =>
        JsonSerializer.Deserialize(Payload, FoundationJson.Default.GetTypeInfo(typeof(T))!) as T
        ?? throw new JsonException($"No {typeof(T).Name}.");
}
