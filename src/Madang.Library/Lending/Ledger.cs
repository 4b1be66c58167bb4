using Madang.Foundation.Data;

namespace Madang.Library.Lending;

/// <summary>
/// Every line of SQL that changes a book's stock: the number and its line in the ledger are written together, so that the one can be
/// made of the other.
/// </summary>
internal static class Ledger
{
    /// <summary>A librarian says how many can be borrowed.</summary>
    internal const string Counted = "counted";

    /// <summary>Copies go out.</summary>
    internal const string Lent = "lent";

    /// <summary>Copies come back.</summary>
    internal const string Returned = "returned";

    /// <summary>A copy is put aside for whoever waited for it.</summary>
    internal const string PutAside = "put_aside";

    /// <summary>A copy that was put aside is so no more.</summary>
    internal const string Released = "released";

    /// <summary>Changes the stock of a book that is there.</summary>
    /// <returns>False when it would go below zero, or there is no such book: then nothing is changed.</returns>
    internal static async Task<bool> Change(Sql sql, long book, long change, string kind, long? actor, long? loan)
    {
        var isDone =
            await sql.Execute(
                "UPDATE books SET stock = stock + @change WHERE id = @book AND deleted_at IS NULL AND stock + @change >= 0",
                new { book, change }
            ) == 1;
        if (isDone)
        {
            await Write(sql, book, change, kind, actor, loan);
        }
        return isDone;
    }

    /// <summary>Writes the line alone, of a stock that is changed already.</summary>
    internal static Task<int> Write(Sql sql, long book, long change, string kind, long? actor, long? loan) =>
        sql.Execute(
            """
            INSERT INTO stock_changes (book_id, loan_id, actor_id, kind, change, at)
            VALUES (@book, @loan, @actor, @kind, @change, @Now)
            """,
            new
            {
                book,
                loan,
                actor,
                kind,
                change,
                sql.Now,
            }
        );

    /// <summary>Writes the first line of each of many books: what they were added with.</summary>
    internal static Task<int> WriteFirst(Sql sql, long[] books, long? actor) =>
        sql.Execute(
            $"""
            INSERT INTO stock_changes (book_id, actor_id, kind, change, at)
            SELECT id, @actor, @Counted, stock, @Now FROM books WHERE {sql.In("id", "@books")} ORDER BY id
            """,
            new
            {
                books,
                actor,
                Counted,
                sql.Now,
            }
        );
}
