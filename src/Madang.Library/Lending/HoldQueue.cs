using Madang.Foundation.Data;
using Madang.Foundation.Events;

namespace Madang.Library.Lending;

/// <summary>
/// Who gets the next copy. Everything here is called under the lock of the book's row, by whatever changes its stock: as long as somebody
/// waits there is nothing in stock, so that nobody can come before him.
/// </summary>
internal static class HoldQueue
{
    internal const string Borrowed = "borrowed";
    internal const string Cancelled = "cancelled";
    internal const string Expired = "expired";
    internal const string Gone = "gone";

    /// <summary>Puts what is in stock aside for those who wait, in the order in which they came.</summary>
    internal static async Task Serve(Sql sql, long book, LibrarySettings settings)
    {
        while (
            await sql.First<Waiting>(
                "SELECT id, user_id FROM holds WHERE book_id = @book AND ended_at IS NULL AND ready_at IS NULL ORDER BY id LIMIT 1",
                new { book }
            )
                is { } next
        )
        {
            if (!await Ledger.Change(sql, book, -1, Ledger.PutAside, next.UserId, null))
            {
                return;
            }
            var until = DueDate.Of(sql.Now, settings.PickupDays, TimeZoneInfo.Local);
            await sql.Execute(
                "UPDATE holds SET ready_at = @Now, pick_up_until = @until WHERE id = @Id",
                new
                {
                    next.Id,
                    until,
                    sql.Now,
                }
            );
            await sql.Append(new HoldReady(next.Id, next.UserId, book, until), actorId: null);
        }
    }

    /// <summary>Ends a member's hold of a book; the copy that was put aside for it is in stock again, for now.</summary>
    /// <returns>Whether there was one.</returns>
    internal static async Task<bool> End(Sql sql, long book, long user, string outcome, bool isReadyOnly = false)
    {
        var hold = await sql.First<Open>(
            "SELECT id, ready_at FROM holds WHERE user_id = @user AND book_id = @book AND ended_at IS NULL",
            new { user, book }
        );
        if (hold is null || (isReadyOnly && hold.ReadyAt is null))
        {
            return false;
        }
        await sql.Execute(
            "UPDATE holds SET ended_at = @Now, outcome = @outcome WHERE id = @Id",
            new
            {
                hold.Id,
                outcome,
                sql.Now,
            }
        );
        if (hold.ReadyAt is not null && !await Ledger.Change(sql, book, 1, Ledger.Released, user, null))
        {
            throw new InvalidOperationException("A book was deleted while a copy was put aside.");
        }
        return true;
    }

    /// <summary>Nobody waits for a book that is no more.</summary>
    internal static async Task EndAll(Sql sql, long book)
    {
        foreach (
            var user in await sql.Query<long>(
                "SELECT user_id FROM holds WHERE book_id = @book AND ended_at IS NULL",
                new { book }
            )
        )
        {
            await End(sql, book, user, Gone);
        }
    }

    /// <summary>Takes the lock under which a book's stock and holds change; it is the row's own, where the database has such.</summary>
    /// <returns>Its stock; null when there is no such book.</returns>
    internal static Task<long?> LockBook(Sql sql, long book) =>
        sql.First<long?>(
            $"""
            SELECT stock FROM books WHERE id = @book AND deleted_at IS NULL {sql.For("", "FOR UPDATE")}
            """,
            new { book }
        );

    private sealed record Waiting
    {
        public required long Id { get; init; }

        public required long UserId { get; init; }
    }

    private sealed record Open
    {
        public required long Id { get; init; }

        public DateTimeOffset? ReadyAt { get; init; }
    }
}
