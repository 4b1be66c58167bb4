using Madang.Foundation.Events;

namespace Madang.Library.Moving;

/// <summary>When a user goes, what is known of his imports goes too; the books stay. Doing it twice does nothing more.</summary>
internal sealed class ImportsOfDeletedUsers(BookImportFiles imports) : IEventHandler
{
    internal static readonly HandlerName HandlerName = new("library.imports_of_deleted_user", UserDeleted.Type);

    public HandlerName Name => HandlerName;

    public Task Handle(EventEnvelope envelope, CancellationToken stop) =>
        imports.ForgetAllOf(envelope.Read<UserDeleted>().UserId, stop);
}
