using Madang.Foundation.Events;

namespace Madang.Library.Telling;

/// <summary>Puts what happened onto a member's home page; told twice it stands there once.</summary>
internal sealed class NoticeHandler(NoticeStore notices, HandlerName name, Func<EventEnvelope, NewNotice> read)
    : IEventHandler
{
    private static readonly HandlerName DueSoon = new("library.due_soon", LoanDueSoon.Type);
    private static readonly HandlerName Overdue = new("library.overdue", LoanOverdue.Type);
    private static readonly HandlerName Ready = new("library.hold_ready", HoldReady.Type);

    internal static IReadOnlyList<HandlerName> Known => [DueSoon, Overdue, Ready];

    public HandlerName Name => name;

    internal static NoticeHandler OfDueSoon(NoticeStore notices) =>
        new(notices, DueSoon, envelope => Of(envelope.Read<LoanDueSoon>()));

    internal static NoticeHandler OfOverdue(NoticeStore notices) =>
        new(notices, Overdue, envelope => Of(envelope.Read<LoanOverdue>()));

    internal static NoticeHandler OfReady(NoticeStore notices) =>
        new(notices, Ready, envelope => Of(envelope.Read<HoldReady>()));

    public Task Handle(EventEnvelope envelope, CancellationToken stop) => notices.Add(read(envelope), stop);

    private static NewNotice Of(LoanDueSoon told) =>
        new(told.UserId, NoticeKind.DueSoon, told.LoanId, null, told.DueAt);

    private static NewNotice Of(LoanOverdue told) =>
        new(told.UserId, NoticeKind.Overdue, told.LoanId, null, told.DueAt);

    private static NewNotice Of(HoldReady told) =>
        new(told.UserId, NoticeKind.Ready, null, told.HoldId, told.PickUpUntil);
}
