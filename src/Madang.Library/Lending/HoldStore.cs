using Madang.Foundation.Accounts;
using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Shelving;
using Microsoft.Extensions.Options;

namespace Madang.Library.Lending;

/// <summary>Every line of SQL by which members wait for books, and stop waiting.</summary>
public sealed class HoldStore(Database db, TwoLevelCache cache, IOptions<LibrarySettings> settings)
{
    private const string Columns = """
        id AS hold_id, user_id, book_id, pick_up_until, created_at,
        CASE WHEN ready_at IS NULL THEN (
            SELECT count(*) FROM holds AS ahead
            WHERE ahead.book_id = holds.book_id AND ahead.ended_at IS NULL AND ahead.ready_at IS NULL AND ahead.id <= holds.id
        ) END AS place
        """;

    private const int Batch = 100;

    /// <summary>Puts a member at the end of those who wait for a book.</summary>
    /// <returns>The hold, or why there is none.</returns>
    internal async Task<(Hold? Hold, Refused? Refused)> Place(Sql sql, long user, long book)
    {
        await sql.MustStandAlone(user);
        if (await HoldQueue.LockBook(sql, book) is not { } stock)
        {
            return (null, new Refused(404));
        }
        var open = await sql.Single<long>(
            "SELECT count(*) FROM holds WHERE user_id = @user AND ended_at IS NULL",
            new { user }
        );
        var hold = await sql.First<long?>(
            "SELECT id FROM holds WHERE user_id = @user AND book_id = @book AND ended_at IS NULL",
            new { user, book }
        );
        var loan = await sql.First<long?>(
            "SELECT id FROM loans WHERE book_id = @book AND user_id = @user AND returned_at IS NULL LIMIT 1",
            new { user, book }
        );
        var word =
            hold is not null ? "library.held_already"
            : loan is not null ? "library.you_have_it"
            : stock > 0 ? "library.can_be_borrowed"
            : open >= settings.Value.MaxHolds ? "library.too_many_holds"
            : null;
        if (word is not null)
        {
            return (null, new Refused(409, word, LibraryWords.Say));
        }
        var id = await sql.Single<long>(
            "INSERT INTO holds (user_id, book_id, created_at) VALUES (@user, @book, @Now) RETURNING id",
            new
            {
                user,
                book,
                sql.Now,
            }
        );
        return (await Find(sql, id, user), null);
    }

    /// <param name="id">Which.</param>
    /// <param name="reader">Whose; null for anybody's.</param>
    /// <param name="stop">Ends it.</param>
    internal Task<Hold?> Find(long id, long? reader, CancellationToken stop) =>
        db.Read(sql => Find(sql, id, reader), stop);

    /// <returns>A member's own, oldest first.</returns>
    internal Task<(long Count, List<Hold> Holds)> OfUser(long user, long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
                (
                    await sql.Single<long>(
                        "SELECT count(*) FROM holds WHERE user_id = @user AND ended_at IS NULL",
                        new { user }
                    ),
                    await sql.Query<Hold>(
                        $"""
                        SELECT {Columns} FROM holds WHERE user_id = @user AND ended_at IS NULL
                        ORDER BY id LIMIT @size OFFSET @offset
                        """,
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

    /// <summary>Ends a hold; a copy that was put aside for it goes to the next who waits.</summary>
    /// <param name="id">Which.</param>
    /// <param name="owner">Whose; null for anybody's.</param>
    /// <param name="ifMatch">The client's condition.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal Task<Refused?> Cancel(long id, long? owner, Precondition ifMatch, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                if (
                    await Find(sql, id, owner) is not { } seen
                    || await HoldQueue.LockBook(sql, seen.BookId) is null
                    // Under the lock it may be another's turn, or over.
                    || await Find(sql, id, owner) is not { } hold
                )
                {
                    return new Refused(404);
                }
                if (!ifMatch.Allows(hold))
                {
                    return new Refused(412);
                }
                await End(sql, hold.BookId, hold.UserId, HoldQueue.Cancelled);
                return null;
            },
            stop
        );

    /// <summary>Ends all of a member's, who is gone.</summary>
    internal async Task CancelAllOf(long user, CancellationToken stop)
    {
        var (_, holds) = await OfUser(user, 0, int.MaxValue, stop);
        foreach (var hold in holds)
        {
            await Cancel(hold.HoldId, user, Precondition.None, stop);
        }
    }

    /// <summary>Ends those whose copy was not picked up in time.</summary>
    internal async Task Expire(CancellationToken stop)
    {
        for (var last = Batch; last == Batch; )
        {
            var due = await db.Read(
                sql =>
                    sql.Query<Hold>(
                        $"""
                        SELECT {Columns} FROM holds
                        WHERE ended_at IS NULL AND ready_at IS NOT NULL AND pick_up_until < @Now
                        ORDER BY pick_up_until, id LIMIT @Batch
                        """,
                        new { sql.Now, Batch }
                    ),
                stop
            );
            foreach (var hold in due)
            {
                await db.Write(sql => Expire(sql, hold), stop);
            }
            last = due.Count;
        }
    }

    private static Task<Hold?> Find(Sql sql, long id, long? reader) =>
        sql.First<Hold>(
            $"""
            SELECT {Columns} FROM holds
            WHERE id = @id AND ended_at IS NULL AND (@reader IS NULL OR user_id = @reader)
            """,
            new { id, reader }
        );

    private async Task<int> Expire(Sql sql, Hold hold)
    {
        await HoldQueue.LockBook(sql, hold.BookId);
        // Meanwhile it may have been picked up.
        if (await Find(sql, hold.HoldId, null) is { } open && open.PickUpUntil < sql.Now)
        {
            await End(sql, hold.BookId, hold.UserId, HoldQueue.Expired);
        }
        return 0;
    }

    private async Task End(Sql sql, long book, long user, string outcome)
    {
        await HoldQueue.End(sql, book, user, outcome);
        await HoldQueue.Serve(sql, book, settings.Value);
        await cache.Touch(sql, BookPages.Books);
    }
}
