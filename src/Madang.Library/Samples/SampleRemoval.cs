using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Lending;
using Madang.Library.Shelving;

namespace Madang.Library.Samples;

/// <summary>
/// Takes the samples of the library away again, all of them in one write: the loans and holds that were made up, then the books that nobody
/// has changed, given a cover, borrowed or waits for, then the tags that no book has. What is left is no sample any more.
/// </summary>
internal sealed class SampleRemoval(BookStore books, LoanStore loans)
{
    /// <param name="sql">The write.</param>
    /// <param name="actor">Who takes them away.</param>
    /// <returns>How many books went.</returns>
    internal async Task<int> Run(Sql sql, long actor)
    {
        await EndHolds(sql);
        await RemoveLoans(sql, actor);
        var removed = 0;
        foreach (var book in await Untouched(sql))
        {
            removed += await books.Delete(sql, book, Precondition.None) is null ? 1 : 0;
        }
        await sql.Execute(
            """
            DELETE FROM tags
            WHERE id IN (SELECT id FROM library_samples WHERE thing = @Tag)
            AND NOT EXISTS (SELECT 1 FROM book_tags WHERE tag_id = tags.id)
            """,
            new { Thing.Tag }
        );
        await sql.Execute("DELETE FROM library_samples");
        return removed;
    }

    /// <summary>Those first: a copy that comes back would be put aside for them.</summary>
    private static async Task EndHolds(Sql sql)
    {
        var open = await sql.Query<OpenHold>(
            """
            SELECT user_id, book_id FROM holds
            WHERE id IN (SELECT id FROM library_samples WHERE thing = @Hold) AND ended_at IS NULL
            ORDER BY book_id
            """,
            new { Thing.Hold }
        );
        foreach (var hold in open)
        {
            await HoldQueue.LockBook(sql, hold.BookId);
            await HoldQueue.End(sql, hold.BookId, hold.UserId, HoldQueue.Cancelled);
        }
    }

    /// <summary>Brings the copies back that are still out. Then nothing speaks of these loans any more: what they took, they gave back.</summary>
    private async Task RemoveLoans(Sql sql, long actor)
    {
        var open = await sql.Query<long>(
            """
            SELECT id FROM loans
            WHERE id IN (SELECT id FROM library_samples WHERE thing = @Loan) AND returned_at IS NULL
            ORDER BY book_id
            """,
            new { Thing.Loan }
        );
        foreach (var loan in open)
        {
            await loans.Return(sql, loan, null, 1, actor, Precondition.None);
        }
        await sql.Execute(
            "DELETE FROM library_notices WHERE loan_id IN (SELECT id FROM library_samples WHERE thing = @Loan)",
            new { Thing.Loan }
        );
        await sql.Execute(
            """
            DELETE FROM stock_changes
            WHERE book_id IN (SELECT book_id FROM loans WHERE id IN (SELECT id FROM library_samples WHERE thing = @Loan))
            AND loan_id IN (SELECT id FROM library_samples WHERE thing = @Loan)
            """,
            new { Thing.Loan }
        );
        await sql.Execute(
            "DELETE FROM loans WHERE id IN (SELECT id FROM library_samples WHERE thing = @Loan)",
            new { Thing.Loan }
        );
    }

    private static Task<List<long>> Untouched(Sql sql) =>
        sql.Query<long>(
            """
            SELECT id FROM books
            WHERE id IN (SELECT id FROM library_samples WHERE thing = @Book)
            AND deleted_at IS NULL AND updated_at = created_at
            AND NOT EXISTS (SELECT 1 FROM loans WHERE book_id = books.id AND returned_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM holds WHERE book_id = books.id AND ended_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM book_covers WHERE book_id = books.id AND removed_at IS NULL)
            ORDER BY id
            """,
            new { Thing.Book }
        );

    private sealed record OpenHold
    {
        public required long UserId { get; init; }
        public required long BookId { get; init; }
    }
}
