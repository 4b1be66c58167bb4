using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Calendars;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Library.Lending;

/// <summary>What the pages of lending stand on.</summary>
internal sealed class LendingDesk(
    Database db,
    LoanStore loans,
    LoanLists loanLists,
    LendingLists lists,
    HoldStore holds,
    CalendarStore calendars,
    IOptions<LibrarySettings> settings
)
{
    internal LoanStore Loans => loans;

    internal LoanLists LoanLists => loanLists;

    internal LendingLists Lists => lists;

    internal HoldStore Holds => holds;

    internal CalendarStore Calendars => calendars;

    internal LibrarySettings Settings => settings.Value;

    /// <summary>Lends one copy.</summary>
    /// <param name="book">Of which book.</param>
    /// <param name="user">To whom.</param>
    /// <param name="mine">How many loans of it the page showed him; null where it showed none. The second press of a button lends nothing.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    /// <returns>Null when the member has one copy more, else why not.</returns>
    internal Task<Refused?> Borrow(long book, long user, long? mine, CancellationToken stop) =>
        Write(
            async sql =>
            {
                if (mine is { } shown)
                {
                    await sql.MustStandAlone(user);
                    if (await LoanStore.HasMore(sql, user, book, than: shown))
                    {
                        return null;
                    }
                }
                return (await loans.Lend(sql, user, new() { BookId = book, Quantity = 1 })).Refused;
            },
            stop
        );

    /// <returns>Null when the member waits for the book, else why not.</returns>
    internal Task<Refused?> Hold(long book, long user, CancellationToken stop) =>
        Write(async sql => (await holds.Place(sql, user, book)).Refused, stop);

    /// <summary>Takes all copies of a loan back.</summary>
    /// <param name="loan">Which.</param>
    /// <param name="owner">Whose; null for anybody's, at the desk.</param>
    /// <param name="actor">Who takes it back.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal async Task<Refused?> Return(long loan, long? owner, long actor, CancellationToken stop) =>
        await loanLists.Find(loan, owner, stop) is { } found
            ? (await loans.Return(loan, owner, found.Quantity, actor, Precondition.None, stop)).Refused
            : new Refused(StatusCodes.Status404NotFound);

    private Task<Refused?> Write(Func<Sql, Task<Refused?>> make, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var refused = await make(sql);
                if (refused is not null)
                {
                    sql.RollBack();
                }
                return refused;
            },
            stop
        );
}
