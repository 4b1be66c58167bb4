using Madang.Foundation.Accounts;
using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Shelving;
using Microsoft.Extensions.Options;

namespace Madang.Library.Lending;

/// <summary>Every line of SQL about loans. Each change is in one transaction with the book's stock.</summary>
public sealed class LoanStore(Database db, TwoLevelCache cache, IOptions<LibrarySettings> settings)
{
    /// <summary>Lends copies of a book.</summary>
    /// <returns>The loan, or why there is none.</returns>
    internal async Task<(Loan? Loan, Refused? Refused)> Lend(Sql sql, long borrower, LoanInput input)
    {
        // One after the other for each member: or two at once would each see room for themselves alone.
        await sql.MustStandAlone(borrower);
        var (book, quantity) = (input.BookId!.Value, input.Quantity!.Value);
        if (await HoldQueue.LockBook(sql, book) is not { } stock)
        {
            return (null, new Refused(404));
        }
        if (await HoldQueue.End(sql, book, borrower, HoldQueue.Borrowed, isReadyOnly: true))
        {
            // What was put aside for him; when the loan is refused after all, it still is.
            stock++;
        }
        if (quantity > stock)
        {
            return (null, LibraryWords.Wrong("quantity", "library.not_in_stock"));
        }
        var open = await sql.Single<long>(
            "SELECT CAST(coalesce(sum(quantity), 0) AS bigint) FROM loans WHERE user_id = @borrower AND returned_at IS NULL",
            new { borrower }
        );
        if (open + quantity > settings.Value.MaxLoans)
        {
            return (null, new Refused(409, "library.too_many_loans", LibraryWords.Say));
        }
        var due = DueDate.Of(sql.Now, settings.Value.LoanDays, TimeZoneInfo.Local);
        var loan = await sql.Single<Loan>(
            $"""
            INSERT INTO loans (user_id, book_id, quantity, due_at, created_at)
            VALUES (@borrower, @book, @quantity, @due, @Now)
            RETURNING {LoanLists.Columns}
            """,
            new
            {
                borrower,
                book,
                quantity,
                due,
                sql.Now,
            }
        );
        if (!await Ledger.Change(sql, book, -quantity, Ledger.Lent, borrower, loan.LoanId))
        {
            throw new InvalidOperationException("A book's stock changed under its lock.");
        }
        await cache.Touch(sql, BookPages.Books);
        return (loan, null);
    }

    /// <returns>Whether a member has more loans of a book than so many.</returns>
    internal static async Task<bool> HasMore(Sql sql, long borrower, long book, long than) =>
        await sql.Single<long>(
            "SELECT count(*) FROM loans WHERE book_id = @book AND user_id = @borrower AND returned_at IS NULL",
            new { book, borrower }
        ) > than;

    /// <summary>Takes a loan back: all of it, once.</summary>
    /// <param name="id">Which.</param>
    /// <param name="borrower">Whose; null for anybody's.</param>
    /// <param name="quantity">How many copies come back; all of the loan's, or it is refused.</param>
    /// <param name="actor">Who takes it back.</param>
    /// <param name="ifMatch">The client's condition.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal Task<(Loan? Loan, Refused? Refused)> Return(
        long id,
        long? borrower,
        long quantity,
        long actor,
        Precondition ifMatch,
        CancellationToken stop
    ) => db.Write(sql => Return(sql, id, borrower, quantity, actor, ifMatch), stop);

    internal async Task<(Loan? Loan, Refused? Refused)> Return(
        Sql sql,
        long id,
        long? borrower,
        long quantity,
        long actor,
        Precondition ifMatch
    )
    {
        if (await FindForChange(sql, id, borrower) is not { } loan)
        {
            return (null, new Refused(404));
        }
        if (quantity != loan.Quantity)
        {
            return (null, LibraryWords.Wrong("quantity", "library.wrong_quantity"));
        }
        if (loan.IsReturned)
        {
            return (null, new Refused(409, "library.returned", LibraryWords.Say));
        }
        if (!ifMatch.Allows(loan))
        {
            return (null, new Refused(412));
        }
        await sql.Execute("UPDATE loans SET returned_at = @Now WHERE id = @id", new { id, sql.Now });
        if (!await Ledger.Change(sql, loan.BookId, loan.Quantity, Ledger.Returned, actor, id))
        {
            throw new InvalidOperationException("A book was deleted while somebody had it.");
        }
        await HoldQueue.Serve(sql, loan.BookId, settings.Value);
        await cache.Touch(sql, BookPages.Books);
        return (loan with { ReturnedAt = sql.Now, IsOverdue = false }, null);
    }

    /// <summary>Lets a member keep what he has for as long again, from today.</summary>
    /// <param name="id">Which.</param>
    /// <param name="borrower">Whose; null for anybody's.</param>
    /// <param name="ifMatch">The client's condition.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal Task<(Loan? Loan, Refused? Refused)> Renew(
        long id,
        long? borrower,
        Precondition ifMatch,
        CancellationToken stop
    ) =>
        db.Write<(Loan?, Refused?)>(
            async sql =>
            {
                if (await FindForChange(sql, id, borrower) is not { } loan)
                {
                    return (null, new Refused(404));
                }
                if (!ifMatch.Allows(loan))
                {
                    return (null, new Refused(412));
                }
                var isWaitedFor = await sql.First<long?>(
                    "SELECT id FROM holds WHERE book_id = @BookId AND ended_at IS NULL AND ready_at IS NULL LIMIT 1",
                    new { loan.BookId }
                );
                var word =
                    loan.IsReturned ? "library.returned"
                    : loan.IsOverdue ? "library.overdue_not_renewed"
                    : loan.Renewals >= settings.Value.MaxRenewals ? "library.renewed_enough"
                    : isWaitedFor is not null ? "library.waited_for"
                    : null;
                if (word is not null)
                {
                    return (null, new Refused(409, word, LibraryWords.Say));
                }
                var due = DueDate.Of(sql.Now, settings.Value.LoanDays, TimeZoneInfo.Local);
                if (due <= loan.DueAt)
                {
                    // A second click gains no day and costs no renewal.
                    return (loan, null);
                }
                return (
                    await sql.Single<Loan>(
                        $"""
                        UPDATE loans SET
                            due_at = @due, renewals = renewals + 1, soon_told_at = NULL, overdue_told_at = NULL
                        WHERE id = @id
                        RETURNING {LoanLists.Columns}
                        """,
                        new
                        {
                            id,
                            due,
                            sql.Now,
                        }
                    ),
                    null
                );
            },
            stop
        );

    private static Task<Loan?> FindForChange(Sql sql, long id, long? borrower) =>
        sql.First<Loan>(
            $"""
            SELECT {LoanLists.Columns} FROM loans
            WHERE id = @id AND (@borrower IS NULL OR user_id = @borrower)
            {sql.For("", "FOR UPDATE")}
            """,
            new
            {
                id,
                borrower,
                sql.Now,
            }
        );
}
