using Madang.Foundation.Data;

namespace Madang.Foundation.Accounts;

/// <summary>
/// A write of a user's own things begins here: a request that was on its way when the account was deleted must leave nothing behind
/// what the rooms have purged by then.
/// </summary>
public static class Owners
{
    /// <summary>Makes sure, until this write ends, that the user's account stands.</summary>
    /// <exception cref="UserGoneException">It was deleted; the request is answered 401.</exception>
    public static async Task MustStand(this Sql sql, long userId)
    {
        var id = await sql.First<long?>(
            $"""
            SELECT id FROM users
            WHERE id = @userId AND deleted_at IS NULL
            {sql.For("", "FOR SHARE")}
            """,
            new { userId }
        );
        if (id is null)
        {
            throw new UserGoneException();
        }
    }

    /// <summary>
    /// As <see cref="MustStand"/>, and until this write ends no other of the same user that begins so runs: for what is counted over
    /// all that a user has. It must be the first thing that a write does.
    /// </summary>
    /// <remarks>
    /// A lock of the row would do the same, but wait for every write of the user that is on its way, and who keeps writing always has
    /// one: PostgreSQL lets them share the row past whoever wants it alone.
    /// </remarks>
    /// <exception cref="UserGoneException">It was deleted; the request is answered 401.</exception>
    public static async Task MustStandAlone(this Sql sql, long userId)
    {
        if (sql.Dialect == Dialect.Postgres)
        {
            await sql.Execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(CAST(@userId AS text), 3))",
                new { userId }
            );
        }
        await sql.MustStand(userId);
    }
}

/// <summary>The account of who makes this request was deleted while it was on its way.</summary>
public sealed class UserGoneException() : Exception("The account was deleted.");
