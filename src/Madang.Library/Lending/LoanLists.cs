using Madang.Foundation.Data;

namespace Madang.Library.Lending;

/// <summary>Every line of SQL that reads loans.</summary>
public sealed class LoanLists(Database db)
{
    /// <summary>Of a statement that knows what time it is: <c>@Now</c>.</summary>
    internal const string Columns = """
        id AS loan_id, user_id, book_id, quantity, due_at, returned_at, created_at, renewals,
        returned_at IS NULL AND due_at < @Now AS is_overdue
        """;

    /// <param name="id">Which.</param>
    /// <param name="reader">Whose; null for anybody's.</param>
    /// <param name="stop">Ends it.</param>
    internal Task<Loan?> Find(long id, long? reader, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<Loan>(
                    $"SELECT {Columns} FROM loans WHERE id = @id AND (@reader IS NULL OR user_id = @reader)",
                    new
                    {
                        id,
                        reader,
                        sql.Now,
                    }
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
                            sql.Now,
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
                        new
                        {
                            offset,
                            size,
                            sql.Now,
                        }
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
                            sql.Now,
                        }
                    )
                );
            },
            stop
        );
}
