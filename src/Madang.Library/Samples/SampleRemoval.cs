using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Lending;
using Madang.Library.Shelving;
using Microsoft.Extensions.Options;

namespace Madang.Library.Samples;

/// <summary>
/// Takes the samples of the library away again, some books in each write: the holds and loans that were made up, then the book, unless
/// somebody has changed it, given it a cover, borrowed it or waits for it; at last the tags that no book has. What is left is no sample any
/// more. One that breaks off leaves the rest to the next.
/// </summary>
internal sealed class SampleRemoval(
    Database db,
    BookStore books,
    LoanStore loans,
    TwoLevelCache cache,
    IOptions<LibrarySettings> settings
)
{
    /// <summary>Few enough that no write takes long, and that others get their turn soon.</summary>
    private const int PartSize = 20;

    /// <param name="actor">Who takes them away.</param>
    /// <param name="stop">Ends it between two parts.</param>
    /// <returns>How many books went.</returns>
    internal async Task<int> Run(long actor, CancellationToken stop)
    {
        var removed = 0;
        int? part;
        while ((part = await db.Write(sql => RemoveSome(sql, actor), stop)) is not null)
        {
            removed += part.Value;
        }
        return removed;
    }

    /// <returns>How many books went; null when there was none to look at any more.</returns>
    private async Task<int?> RemoveSome(Sql sql, long actor)
    {
        await Thing.TakeTurn(sql);
        var some = await sql.Query<long>(
            "SELECT id FROM library_samples WHERE thing = @Book ORDER BY id LIMIT @PartSize",
            new { Thing.Book, PartSize }
        );
        if (some.Count == 0)
        {
            await Forget(sql);
            return null;
        }
        var removed = 0;
        foreach (var book in some)
        {
            // In the order in which whoever brings a copy back takes them. What is looked at stays so until the book is gone.
            var open = await OpenLoans(sql, book);
            var isHere = await HoldQueue.LockBook(sql, book) is not null;
            if (isHere)
            {
                await EndHolds(sql, book);
            }
            foreach (var loan in open)
            {
                await loans.Return(sql, loan, null, 1, actor, Precondition.None);
            }
            await RemoveLoans(sql, book);
            if (isHere && await IsUntouched(sql, book))
            {
                removed += await books.Delete(sql, book, Precondition.None) is null ? 1 : 0;
            }
            await sql.Execute(
                "DELETE FROM library_samples WHERE thing = @Book AND id = @id",
                new { Thing.Book, id = book }
            );
        }
        await cache.Touch(sql, BookPages.Books);
        return removed;
    }

    private static async Task Forget(Sql sql)
    {
        await sql.Execute(
            """
            DELETE FROM tags
            WHERE id IN (SELECT id FROM library_samples WHERE thing = @Tag)
            AND NOT EXISTS (SELECT 1 FROM book_tags WHERE tag_id = tags.id)
            """,
            new { Thing.Tag }
        );
        await sql.Execute("DELETE FROM library_samples");
    }

    /// <summary>Those first: a copy that comes back would be put aside for them. What was is for whoever waits next.</summary>
    private async Task EndHolds(Sql sql, long book)
    {
        var users = await sql.Query<long>(
            """
            SELECT user_id FROM holds
            WHERE book_id = @book AND ended_at IS NULL AND id IN (SELECT id FROM library_samples WHERE thing = @Hold)
            """,
            new { book, Thing.Hold }
        );
        foreach (var user in users)
        {
            await HoldQueue.End(sql, book, user, HoldQueue.Cancelled);
        }
        if (users.Count > 0)
        {
            await HoldQueue.Serve(sql, book, settings.Value);
        }
    }

    private static Task<List<long>> OpenLoans(Sql sql, long book) =>
        sql.Query<long>(
            $"""
            SELECT id FROM loans
            WHERE book_id = @book AND returned_at IS NULL
            AND id IN (SELECT id FROM library_samples WHERE thing = @Loan)
            ORDER BY id {sql.For("", "FOR UPDATE")}
            """,
            new { book, Thing.Loan }
        );

    /// <summary>Then nothing speaks of these loans any more: what they took, they gave back.</summary>
    private static async Task RemoveLoans(Sql sql, long book)
    {
        var made = await sql.Query<long>(
            """
            SELECT id FROM loans
            WHERE book_id = @book AND id IN (SELECT id FROM library_samples WHERE thing = @Loan)
            """,
            new { book, Thing.Loan }
        );
        var these = new
        {
            book,
            Ids = made.ToArray(),
            Thing.Loan,
        };
        if (made.Count > 0)
        {
            await sql.Execute($"DELETE FROM library_notices WHERE {sql.In("loan_id", "@Ids")}", these);
            await sql.Execute(
                $"DELETE FROM stock_changes WHERE book_id = @book AND {sql.In("loan_id", "@Ids")}",
                these
            );
            await sql.Execute($"DELETE FROM loans WHERE {sql.In("id", "@Ids")}", these);
            await sql.Execute($"DELETE FROM library_samples WHERE thing = @Loan AND {sql.In("id", "@Ids")}", these);
        }
    }

    private static async Task<bool> IsUntouched(Sql sql, long book) =>
        await sql.First<long?>(
            """
            SELECT id FROM books
            WHERE id = @book AND deleted_at IS NULL AND updated_at = created_at
            AND NOT EXISTS (SELECT 1 FROM loans WHERE book_id = books.id AND returned_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM holds WHERE book_id = books.id AND ended_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM book_covers WHERE book_id = books.id AND removed_at IS NULL)
            """,
            new { book }
        )
            is not null;
}
