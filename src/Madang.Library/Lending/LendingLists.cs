using Madang.Foundation.Data;

namespace Madang.Library.Lending;

/// <summary>Every line of SQL that reads loans and holds with the names of their books and people, as pages show them.</summary>
public sealed class LendingLists(Database db)
{
    private const string Loans = """
        SELECT loans.id AS loan_id, user_id, username, book_id, title, isbn, quantity, due_at, returned_at, loans.created_at, renewals,
        returned_at IS NULL AND due_at < @Now AS is_overdue,
        EXISTS (SELECT 1 FROM holds WHERE holds.book_id = loans.book_id AND ended_at IS NULL AND ready_at IS NULL) AS is_waited_for
        FROM loans JOIN books ON books.id = book_id JOIN users ON users.id = user_id
        """;

    private const string Holds = """
        SELECT holds.id AS hold_id, user_id, username, book_id, title, pick_up_until, holds.created_at,
        CASE WHEN ready_at IS NULL THEN (
            SELECT count(*) FROM holds AS ahead
            WHERE ahead.book_id = holds.book_id AND ahead.ended_at IS NULL AND ahead.ready_at IS NULL AND ahead.id <= holds.id
        ) END AS place
        FROM holds JOIN books ON books.id = book_id JOIN users ON users.id = user_id
        """;

    /// <returns>What a member has now, the first due first.</returns>
    internal Task<List<ShownLoan>> OpenOf(long user, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ShownLoan>(
                    $"{Loans} WHERE user_id = @user AND returned_at IS NULL ORDER BY due_at, loans.id",
                    new { user, sql.Now }
                ),
            stop
        );

    /// <returns>All that a member ever had, the last first.</returns>
    internal Task<List<ShownLoan>> HistoryOf(long user, long offset, int size, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ShownLoan>(
                    $"{Loans} WHERE user_id = @user ORDER BY loans.id DESC LIMIT @size OFFSET @offset",
                    new
                    {
                        user,
                        offset,
                        size,
                        sql.Now,
                    }
                ),
            stop
        );

    /// <returns>What a member has of one book, the first due first.</returns>
    internal Task<List<ShownLoan>> OpenOf(long user, long book, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ShownLoan>(
                    $"""
                    {Loans} WHERE user_id = @user AND book_id = @book AND returned_at IS NULL
                    ORDER BY due_at, loans.id
                    """,
                    new
                    {
                        user,
                        book,
                        sql.Now,
                    }
                ),
            stop
        );

    /// <returns>Who has a book now, the first who borrowed it first.</returns>
    internal Task<List<ShownLoan>> OpenOfBook(long book, int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ShownLoan>(
                    $"{Loans} WHERE book_id = @book AND returned_at IS NULL ORDER BY loans.id LIMIT @most",
                    new
                    {
                        book,
                        most,
                        sql.Now,
                    }
                ),
            stop
        );

    /// <returns>How many are overdue, and a page of them, the longest first.</returns>
    internal Task<(long Count, List<ShownLoan> Loans)> Overdue(long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
                (
                    await sql.Single<long>(
                        "SELECT count(*) FROM loans WHERE returned_at IS NULL AND due_at < @Now",
                        new { sql.Now }
                    ),
                    await sql.Query<ShownLoan>(
                        $"{Loans} WHERE returned_at IS NULL AND due_at < @Now ORDER BY due_at, loans.id LIMIT @size OFFSET @offset",
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

    /// <returns>What a member waits for and what is put aside for him, oldest first.</returns>
    internal Task<List<ShownHold>> HoldsOf(long user, long offset, int size, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ShownHold>(
                    $"{Holds} WHERE user_id = @user AND ended_at IS NULL ORDER BY holds.id LIMIT @size OFFSET @offset",
                    new
                    {
                        user,
                        offset,
                        size,
                    }
                ),
            stop
        );

    /// <returns>How a member waits for one book; null when he doesn't.</returns>
    internal Task<ShownHold?> HoldOf(long user, long book, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<ShownHold>(
                    $"{Holds} WHERE user_id = @user AND book_id = @book AND ended_at IS NULL",
                    new { user, book }
                ),
            stop
        );

    /// <returns>What is put aside, the first to go back first.</returns>
    internal Task<List<ShownHold>> PutAside(int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ShownHold>(
                    $"{Holds} WHERE ended_at IS NULL AND ready_at IS NOT NULL ORDER BY pick_up_until, holds.id LIMIT @most",
                    new { most }
                ),
            stop
        );

    /// <returns>A loan, whosoever's; null when there is none.</returns>
    internal Task<ShownLoan?> Find(long loan, CancellationToken stop) =>
        db.Read(sql => sql.First<ShownLoan>($"{Loans} WHERE loans.id = @loan", new { loan, sql.Now }), stop);

    /// <returns>For whom the copies that a loan brought back were put aside; what was in one transaction was at one time.</returns>
    internal Task<List<ShownHold>> PutAsideBy(ShownLoan returned, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<ShownHold>(
                    $"""
                    {Holds} WHERE book_id = @BookId AND ended_at IS NULL AND ready_at = @ReturnedAt
                    ORDER BY holds.id
                    """,
                    new { returned.BookId, returned.ReturnedAt }
                ),
            stop
        );

    /// <returns>How many wait for a book.</returns>
    internal Task<long> Waiting(long book, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM holds WHERE book_id = @book AND ended_at IS NULL AND ready_at IS NULL",
                    new { book }
                ),
            stop
        );

    /// <returns>The book of an ISBN in either form; null when there is none.</returns>
    internal Task<long?> BookOf(string isbn, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<long?>(
                    "SELECT id FROM books WHERE isbn_key = @Key AND deleted_at IS NULL",
                    new { Key = Isbn.Key(isbn) }
                ),
            stop
        );
}
