using System.Globalization;
using Madang.Library.Telling;

namespace Madang.Library.Lending;

/// <summary>How loans are told to people.</summary>
internal static class LendingLook
{
    /// <returns>The day until which something is kept, which is one of the library's own time zone.</returns>
    internal static string Day(DateTimeOffset until) =>
        TimeZoneInfo.ConvertTime(until, TimeZoneInfo.Local).ToString("M", CultureInfo.CurrentCulture);

    /// <returns>What was just done, as the address of a page says; null for what is no such word.</returns>
    internal static string? Done(string? word) =>
        word switch
        {
            "borrowed" => LibraryWords.Say["library.done.borrowed"],
            "held" => LibraryWords.Say["library.done.held"],
            "returned" => LibraryWords.Say["library.done.returned"],
            "renewed" => LibraryWords.Say["library.done.renewed"],
            "cancelled" => LibraryWords.Say["library.done.cancelled"],
            "calendar_ended" => LibraryWords.Say["library.done.calendar_ended"],
            _ => null,
        };

    /// <returns>When a loan is due, or since when it is over.</returns>
    internal static string Due(ShownLoan loan) =>
        LibraryWords.Say.Format(loan.IsOverdue ? "library.loan.overdue" : "library.loan.due", Day(loan.DueAt));

    /// <returns>How a hold stands.</returns>
    internal static string Stands(ShownHold hold) =>
        hold.PickUpUntil is { } until
            ? LibraryWords.Say.Format("library.hold.ready", Day(until))
            : LibraryWords.Say.Format("library.hold.place", hold.Place);

    /// <returns>What a notice says behind the book's title.</returns>
    internal static string Told(Notice notice) =>
        LibraryWords.Say.Format(
            notice.Kind switch
            {
                NoticeKind.DueSoon => "library.notice.due_soon",
                NoticeKind.Overdue => "library.notice.overdue",
                _ => "library.notice.ready",
            },
            Day(notice.Until)
        );
}
