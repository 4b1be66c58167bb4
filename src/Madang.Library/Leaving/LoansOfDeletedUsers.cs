using Madang.Foundation.Events;
using Madang.Library.Calendars;
using Madang.Library.Lending;
using Madang.Library.Telling;

namespace Madang.Library.Leaving;

/// <summary>
/// When a user goes, he waits for nothing any more and his calendar ends. What he has borrowed stays out until a librarian takes it back:
/// the copies are not on the shelf. Doing it twice does nothing more.
/// </summary>
internal sealed class LoansOfDeletedUsers(HoldStore holds, CalendarStore calendars, NoticeStore notices) : IEventHandler
{
    internal static readonly HandlerName Known = new("library.user_deleted", UserDeleted.Type);

    public HandlerName Name => Known;

    public async Task Handle(EventEnvelope envelope, CancellationToken stop)
    {
        var user = envelope.Read<UserDeleted>().UserId;
        await holds.CancelAllOf(user, stop);
        await calendars.Revoke(user, stop);
        await notices.ForgetAllOf(user, stop);
    }
}
