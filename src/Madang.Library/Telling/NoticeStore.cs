using Madang.Foundation.Data;

namespace Madang.Library.Telling;

/// <summary>Every line of SQL about what members are told of their loans and holds.</summary>
public sealed class NoticeStore(Database db)
{
    /// <summary>Writes a notice that isn't there yet.</summary>
    internal Task<int> Add(NewNotice notice, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Execute(
                    """
                    INSERT INTO library_notices (user_id, kind, loan_id, hold_id, until, at)
                    SELECT id, @Kind, CAST(@LoanId AS bigint), CAST(@HoldId AS bigint), @Until, @Now FROM users
                    WHERE id = @UserId AND deleted_at IS NULL
                    ON CONFLICT DO NOTHING
                    """,
                    new
                    {
                        notice.UserId,
                        notice.Kind,
                        notice.LoanId,
                        notice.HoldId,
                        notice.Until,
                        sql.Now,
                    }
                ),
            stop
        );

    /// <returns>What still holds and wasn't put away: a loan that is back, renewed or picked up needs no notice. The first day first.</returns>
    internal Task<List<Notice>> Shown(long user, int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<Notice>(
                    """
                    SELECT library_notices.id, library_notices.kind, library_notices.until, books.id AS book_id, books.title
                    FROM library_notices
                    LEFT JOIN loans ON loans.id = loan_id
                    LEFT JOIN holds ON holds.id = hold_id
                    JOIN books ON books.id = coalesce(loans.book_id, holds.book_id)
                    WHERE library_notices.user_id = @user AND dismissed_at IS NULL
                    AND (loan_id IS NULL OR (loans.returned_at IS NULL AND loans.due_at = until))
                    AND (hold_id IS NULL OR holds.ended_at IS NULL)
                    AND (kind <> 'due_soon' OR until > @Now)
                    ORDER BY library_notices.until, library_notices.id LIMIT @most
                    """,
                    new
                    {
                        user,
                        most,
                        sql.Now,
                    }
                ),
            stop
        );

    /// <summary>Puts one of a member's own away.</summary>
    internal Task<int> Dismiss(long id, long user, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Execute(
                    "UPDATE library_notices SET dismissed_at = @Now WHERE id = @id AND user_id = @user AND dismissed_at IS NULL",
                    new
                    {
                        id,
                        user,
                        sql.Now,
                    }
                ),
            stop
        );

    /// <summary>Forgets all that a member was told.</summary>
    internal Task<int> ForgetAllOf(long user, CancellationToken stop) =>
        db.Write(sql => sql.Execute("DELETE FROM library_notices WHERE user_id = @user", new { user }), stop);
}

/// <summary>What a notice is about.</summary>
internal static class NoticeKind
{
    internal const string DueSoon = "due_soon";
    internal const string Overdue = "overdue";
    internal const string Ready = "ready";
}

/// <summary>What somebody is to be told.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Kind">One of <see cref="NoticeKind"/>.</param>
/// <param name="LoanId">About which loan, or null.</param>
/// <param name="HoldId">About which hold, or null.</param>
/// <param name="Until">The day that it is about: the same loan is told of again once it was renewed.</param>
internal sealed record NewNotice(long UserId, string Kind, long? LoanId, long? HoldId, DateTimeOffset Until);

/// <summary>What somebody is told.</summary>
internal sealed record Notice
{
    public required long Id { get; init; }

    public required string Kind { get; init; }

    public required DateTimeOffset Until { get; init; }

    public required long BookId { get; init; }

    public required string Title { get; init; }
}
