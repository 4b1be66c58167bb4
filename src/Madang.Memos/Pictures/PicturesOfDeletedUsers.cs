using Madang.Foundation.Events;

namespace Madang.Memos.Pictures;

/// <summary>When a user goes, his pictures go with him: doing it twice removes nothing more.</summary>
internal sealed class PicturesOfDeletedUsers(PictureHousework pictures) : IEventHandler
{
    internal static readonly HandlerName HandlerName = new("memos.pictures_of_user_deleted", UserDeleted.Type);

    public HandlerName Name => HandlerName;

    public Task Handle(EventEnvelope envelope, CancellationToken stop) =>
        pictures.RemoveAllOf(envelope.Read<UserDeleted>().UserId, stop);
}
