using Madang.Foundation.Events;

namespace Madang.Memos.Leaving;

/// <summary>When a user goes, his memos go with him, shared ones too: doing it twice removes nothing more.</summary>
internal sealed class PurgeOfDeletedUsers(MemoPurge purge) : IEventHandler
{
    internal static readonly HandlerName HandlerName = new("memos.user_deleted", UserDeleted.Type);

    public HandlerName Name => HandlerName;

    public Task Handle(EventEnvelope envelope, CancellationToken stop) =>
        purge.RemoveAllOf(envelope.Read<UserDeleted>().UserId, stop);
}
