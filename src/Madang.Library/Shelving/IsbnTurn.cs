using Madang.Foundation.Data;

namespace Madang.Library.Shelving;

/// <summary>
/// Two books never have one ISBN: the database's index sees to it. Whoever adds books leaves out what is there; whoever gives a book another
/// ISBN has to know beforehand, or the index would fail his write, so he waits until nobody is adding.
/// </summary>
internal static class IsbnTurn
{
    private const int Lock = 7_204_118;

    /// <summary>Adds books, beside others who do.</summary>
    internal static Task<int> AmongOthers(Sql sql) =>
        sql.Dialect == Dialect.Postgres
            ? sql.Execute("SELECT pg_advisory_xact_lock_shared(@Lock)", new { Lock })
            : Task.FromResult(0);

    /// <returns>Whether the book may have its new ISBN; it stays so to the end of the write.</returns>
    internal static async Task<bool> CanTake(Sql sql, BookRow before, BookRow after)
    {
        if (Isbn.Key(before.Isbn) == Isbn.Key(after.Isbn))
        {
            return true;
        }
        if (sql.Dialect == Dialect.Postgres)
        {
            await sql.Execute("SELECT pg_advisory_xact_lock(@Lock)", new { Lock });
        }
        return await sql.First<long?>(
            "SELECT id FROM books WHERE isbn_key = @Key AND deleted_at IS NULL",
            new { Key = Isbn.Key(after.Isbn) }
        )
            is null;
    }
}
