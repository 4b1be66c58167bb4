using Madang.Foundation.Accounts;
using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Shelving;

namespace Madang.Library.Lending;

/// <summary>Every line of SQL about loans. Each change is in one transaction with the book's stock.</summary>
public sealed class LoanStore(Database db, TwoLevelCache cache)
{
    private const string Columns =
        "id AS loan_id, user_id, book_id, quantity, due_at, returned_at, created_at";

    /// <summary>Lends copies of a book.</summary>
    /// <returns>The loan, or why there is none.</returns>
    internal async Task<(Loan? Loan, Refused? Refused)> Lend(
        Sql sql,
        long borrower,
        LoanInput input,
        LibrarySettings settings
    )
    {
        // One after the other for each member: or two at once would each see room for themselves alone.
        await sql.MustStandAlone(borrower);
        var (book, quantity) = (input.BookId!.Value, input.Quantity!.Value);
        var stock = await sql.First<long?>(
            $"""
            SELECT stock FROM books WHERE id = @book AND deleted_at IS NULL {sql.For("", "FOR UPDATE")}
            """,
            new { book }
        );
        if (stock is null)
        {
            return (null, new Refused(404));
        }
        if (quantity > stock)
        {
            return (null, LibraryWords.Wrong("quantity", "library.not_in_stock"));
        }
        var open = await sql.Single<long>(
            "SELECT CAST(coalesce(sum(quantity), 0) AS bigint) FROM loans WHERE user_id = @borrower AND returned_at IS NULL",
            new { borrower }
        );
        if (open + quantity > settings.MaxLoans)
        {
            return (null, new Refused(409, "library.too_many_loans", LibraryWords.Say));
        }
        var loan = await sql.Single<Loan>(
            $"""
            INSERT INTO loans (user_id, book_id, quantity, due_at, created_at)
            VALUES (@borrower, @book, @quantity, @Due, @Now)
            RETURNING {Columns}
            """,
            new
            {
                borrower,
                book,
                quantity,
                Due = DueDate.Of(sql.Now, settings.LoanDays, TimeZoneInfo.Local),
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

    /// <param name="id">Which.</param>
    /// <param name="reader">Whose; null for anybody's.</param>
    /// <param name="stop">Ends it.</param>
    internal Task<Loan?> Find(long id, long? reader, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<Loan>(
                    $"SELECT {Columns} FROM loans WHERE id = @id AND (@reader IS NULL OR user_id = @reader)",
                    new { id, reader }
                ),
            stop
        );

    /// <returns>A member's loans, newest first.</returns>
    internal Task<(long Count, List<Loan> Loans)> OfUser(long user, long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
                (
                    await sql.Single<long>("SELECT count(*) FROM loans WHERE user_id = @user", new { user }),
                    await sql.Query<Loan>(
                        $"SELECT {Columns} FROM loans WHERE user_id = @user ORDER BY id DESC LIMIT @size OFFSET @offset",
                        new
                        {
                            user,
                            offset,
                            size,
                        }
                    )
                ),
            stop
        );

    /// <returns>Everybody's, newest first.</returns>
    internal Task<(long Count, List<Loan> Loans)> All(long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
                (
                    await sql.Single<long>("SELECT count(*) FROM loans"),
                    await sql.Query<Loan>(
                        $"SELECT {Columns} FROM loans ORDER BY id DESC LIMIT @size OFFSET @offset",
                        new { offset, size }
                    )
                ),
            stop
        );

    /// <returns>A book's, newest first; null when there is no such book.</returns>
    internal Task<(long Count, List<Loan> Loans)?> OfBook(long book, long offset, int size, CancellationToken stop) =>
        db.Read<(long, List<Loan>)?>(
            async sql =>
            {
                if (
                    await sql.First<long?>("SELECT id FROM books WHERE id = @book AND deleted_at IS NULL", new { book })
                    is null
                )
                {
                    return null;
                }
                return (
                    await sql.Single<long>("SELECT count(*) FROM loans WHERE book_id = @book", new { book }),
                    await sql.Query<Loan>(
                        $"SELECT {Columns} FROM loans WHERE book_id = @book ORDER BY id DESC LIMIT @size OFFSET @offset",
                        new
                        {
                            book,
                            offset,
                            size,
                        }
                    )
                );
            },
            stop
        );

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
    ) =>
        db.Write<(Loan?, Refused?)>(
            async sql =>
            {
                var loan = await sql.First<Loan>(
                    $"""
                    SELECT {Columns} FROM loans
                    WHERE id = @id AND (@borrower IS NULL OR user_id = @borrower)
                    {sql.For("", "FOR UPDATE")}
                    """,
                    new { id, borrower }
                );
                if (loan is null)
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
                await Ledger.Change(sql, loan.BookId, loan.Quantity, Ledger.Returned, actor, id);
                await cache.Touch(sql, BookPages.Books);
                return (loan with { ReturnedAt = sql.Now }, null);
            },
            stop
        );
}
