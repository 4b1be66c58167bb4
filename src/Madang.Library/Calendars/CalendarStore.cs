using Madang.Foundation.Accounts;
using Madang.Foundation.Data;

namespace Madang.Library.Calendars;

/// <summary>Every line of SQL about the secret addresses under which members' calendars are read.</summary>
public sealed class CalendarStore(Database db)
{
    private const int Bits = 128;

    /// <summary>Gives a member a new address; the one before ends.</summary>
    /// <returns>Its secret part, which can't be told again.</returns>
    internal async Task<string> Renew(long user, CancellationToken stop)
    {
        var token = Secret.New(bits: Bits);
        await db.Write(
            async sql =>
            {
                await sql.MustStand(user);
                return await sql.Execute(
                    """
                    INSERT INTO library_calendars (user_id, token_hash, created_at) VALUES (@user, @Hash, @Now)
                    ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at
                    """,
                    new
                    {
                        user,
                        Hash = Secret.Hash(token),
                        sql.Now,
                    }
                );
            },
            stop
        );
        return token;
    }

    /// <summary>Ends a member's address, if he has one.</summary>
    internal Task<int> Revoke(long user, CancellationToken stop) =>
        db.Write(sql => sql.Execute("DELETE FROM library_calendars WHERE user_id = @user", new { user }), stop);

    /// <returns>Since when a member has an address; null when he has none.</returns>
    internal Task<DateTimeOffset?> Since(long user, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<DateTimeOffset?>(
                    "SELECT created_at FROM library_calendars WHERE user_id = @user",
                    new { user }
                ),
            stop
        );

    /// <returns>Whose calendar it is, and his language; null when the address is nobody's, or his account is closed.</returns>
    internal Task<CalendarOwner?> Find(string token, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<CalendarOwner>(
                    """
                    SELECT users.id, users.language FROM library_calendars JOIN users ON users.id = user_id
                    WHERE token_hash = @Hash AND disabled_at IS NULL AND deleted_at IS NULL
                    """,
                    new { Hash = Secret.Hash(token) }
                ),
            stop
        );
}

/// <summary>Whose calendar an address is.</summary>
internal sealed record CalendarOwner
{
    public required long Id { get; init; }

    public string? Language { get; init; }
}
