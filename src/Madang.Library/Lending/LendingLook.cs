using System.Globalization;

namespace Madang.Library.Lending;

/// <summary>How loans are told to people.</summary>
internal static class LendingLook
{
    private static readonly string[] Doings =
    [
        "borrowed",
        "held",
        "returned",
        "renewed",
        "cancelled",
        "calendar_ended",
    ];

    /// <returns>The day until which something is kept, which is one of the library's own time zone.</returns>
    internal static string Day(DateTimeOffset until) =>
        TimeZoneInfo.ConvertTime(until, TimeZoneInfo.Local).ToString("M", CultureInfo.CurrentCulture);

    /// <returns>What was just done, as the address of a page says; null for what is no such word.</returns>
    internal static string? Done(string? word) =>
        Doings.Contains(word) ? LibraryWords.Say[$"library.done.{word}"] : null;

    /// <returns>When a loan is due, or since when it is over.</returns>
    internal static string Due(ShownLoan loan) =>
        LibraryWords.Say.Format(loan.IsOverdue ? "library.loan.overdue" : "library.loan.due", Day(loan.DueAt));

    /// <returns>How a hold stands.</returns>
    internal static string Stands(ShownHold hold) =>
        hold.PickUpUntil is { } until
            ? LibraryWords.Say.Format("library.hold.ready", Day(until))
            : LibraryWords.Say.Format("library.hold.place", hold.Place);
}
