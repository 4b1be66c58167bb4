using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Library.Lending;

namespace Madang.Library.Telling;

/// <summary>Once an hour: tells of what is due within two days and of what is overdue, each once, and ends holds that nobody picked up.</summary>
internal sealed class LoanReminders(Database db, HoldStore holds) : IHousework
{
    /// <summary>So many days before the day on which it is due a loan is told of.</summary>
    private const int DaysAhead = 2;

    private const int Batch = 200;

    /// <summary>What was told of, is shown no more and is long over.</summary>
    private static readonly TimeSpan KeptNotices = TimeSpan.FromDays(90);

    /// <inheritdoc />
    public async Task Tidy(CancellationToken stop)
    {
        while (await db.Write(TellOverdue, stop) == Batch)
        {
            // Short writes, so that nobody waits for a long one.
        }
        while (await db.Write(TellSoon, stop) == Batch) { }
        while (await db.Write(Forget, stop) == Batch) { }
        await holds.Expire(stop);
    }

    private static async Task<int> TellOverdue(Sql sql)
    {
        var found = await sql.Query<Loan>(
            $"""
            SELECT {LoanLists.Columns} FROM loans
            WHERE returned_at IS NULL AND overdue_told_at IS NULL AND due_at < @Now
            AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND deleted_at IS NULL)
            ORDER BY due_at LIMIT @Batch {sql.For("", "FOR UPDATE")}
            """,
            new { sql.Now, Batch }
        );
        foreach (var loan in found)
        {
            // Whoever is overdue needs not be told any more that he will be.
            await sql.Execute(
                "UPDATE loans SET overdue_told_at = @Now, soon_told_at = @Now WHERE id = @LoanId",
                new { loan.LoanId, sql.Now }
            );
            await sql.Append(new LoanOverdue(loan.LoanId, loan.UserId, loan.BookId, loan.DueAt), actorId: null);
        }
        return found.Count;
    }

    private static async Task<int> TellSoon(Sql sql)
    {
        var found = await sql.Query<Loan>(
            $"""
            SELECT {LoanLists.Columns} FROM loans
            WHERE returned_at IS NULL AND soon_told_at IS NULL AND due_at <= @Soon
            AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND deleted_at IS NULL)
            ORDER BY due_at LIMIT @Batch {sql.For("", "FOR UPDATE")}
            """,
            new
            {
                sql.Now,
                Soon = DueDate.Of(sql.Now, DaysAhead, TimeZoneInfo.Local),
                Batch,
            }
        );
        foreach (var loan in found)
        {
            await sql.Execute("UPDATE loans SET soon_told_at = @Now WHERE id = @LoanId", new { loan.LoanId, sql.Now });
            await sql.Append(new LoanDueSoon(loan.LoanId, loan.UserId, loan.BookId, loan.DueAt), actorId: null);
        }
        return found.Count;
    }

    private static Task<int> Forget(Sql sql) =>
        sql.Execute(
            """
            DELETE FROM library_notices WHERE id IN (
                SELECT told.id FROM library_notices AS told
                LEFT JOIN loans ON loans.id = told.loan_id
                LEFT JOIN holds ON holds.id = told.hold_id
                WHERE told.until < @Before
                AND (
                    told.dismissed_at IS NOT NULL OR told.kind = 'due_soon' OR loans.returned_at IS NOT NULL
                    OR loans.due_at <> told.until OR holds.ended_at IS NOT NULL
                )
                ORDER BY told.until LIMIT @Batch
            )
            """,
            new { Before = sql.Now - KeptNotices, Batch }
        );
}
