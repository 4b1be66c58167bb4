using Madang.Foundation.Data;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Every line of SQL about refresh tokens: each gets the next one once, and all that came of one sign-in are a family, which is a
/// session. The family dies when one of its tokens comes a second time (RFC 9700, 4.14.2).
/// </summary>
public sealed partial class RefreshTokens(Database db, ILogger<RefreshTokens> log)
{
    /// <returns>A new token of this session.</returns>
    internal static async Task<string> Add(Sql sql, long sessionId)
    {
        var token = Secret.New();
        await sql.Execute(
            """
            INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)
            VALUES (@Hash, @sessionId, @Now, @End)
            """,
            new
            {
                Hash = Secret.Hash(token),
                sessionId,
                sql.Now,
                End = sql.Now + SessionStore.Lifetime,
            }
        );
        return token;
    }

    /// <summary>
    /// Trades a token of somebody who may sign in for the next one. One that was used before is a sign of theft: its whole family dies,
    /// and its owner and the operator are told.
    /// </summary>
    /// <returns>Whose it is and the next token, or null.</returns>
    internal Task<(long UserId, string Token)?> Rotate(string token, Client client, CancellationToken stop) =>
        db.Write<(long, string)?>(
            async sql =>
            {
                var hash = Secret.Hash(token);
                var family = await sql.First<Family>(
                    """
                    SELECT sessions.id, user_id
                    FROM refresh_tokens
                    JOIN sessions ON sessions.id = session_id
                    JOIN users ON users.id = user_id
                    WHERE hash = @hash AND refresh_tokens.expires_at > @Now
                    AND revoked_at IS NULL AND disabled_at IS NULL AND deleted_at IS NULL
                    """,
                    new { hash, sql.Now }
                );
                if (family is null)
                {
                    return null;
                }
                var isFirstUse =
                    await sql.Execute(
                        "UPDATE refresh_tokens SET used_at = @Now WHERE hash = @hash AND used_at IS NULL",
                        new { hash, sql.Now }
                    ) == 1;
                if (!isFirstUse)
                {
                    await EndStolen(sql, family, client);
                    return null;
                }
                // A family that died between the two statements stays dead.
                var isAlive =
                    await sql.Execute(
                        """
                        UPDATE sessions SET expires_at = @End, last_used_at = @Now
                        WHERE id = @Id AND revoked_at IS NULL
                        """,
                        new
                        {
                            family.Id,
                            sql.Now,
                            End = sql.Now + SessionStore.Lifetime,
                        }
                    ) == 1;
                return isAlive ? (family.UserId, await Add(sql, family.Id)) : null;
            },
            stop
        );

    /// <summary>Ends the family of a token of this user.</summary>
    /// <returns>False when he has no such token.</returns>
    internal Task<bool> End(string token, long userId, Client client, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var id = await sql.First<long?>(
                    """
                    SELECT sessions.id FROM refresh_tokens
                    JOIN sessions ON sessions.id = refresh_tokens.session_id
                    WHERE hash = @Hash AND user_id = @userId
                    """,
                    new { Hash = Secret.Hash(token), userId }
                );
                if (id is not { } found)
                {
                    return false;
                }
                if (await SessionStore.Revoke(sql, found, userId) == 1)
                {
                    await SignInRecords.Add(sql, userId, SignInRecords.SignOut, SignInRecords.SignedOut, client);
                }
                return true;
            },
            stop
        );

    private async Task EndStolen(Sql sql, Family family, Client client)
    {
        if (await SessionStore.Revoke(sql, family.Id, family.UserId) == 1)
        {
            await SignInRecords.Add(sql, family.UserId, SignInRecords.RefreshReuse, SignInRecords.SignedOut, client);
            sql.AfterCommit(() => CameTwice(log, family.UserId, family.Id));
        }
    }

    [LoggerMessage(
        1203,
        LogLevel.Warning,
        "A refresh token of user {UserId} came a second time, as a stolen one does: session {SessionId} was ended."
    )]
    private static partial void CameTwice(ILogger log, long userId, long sessionId);

    private sealed record Family
    {
        public required long Id { get; init; }
        public required long UserId { get; init; }
    }
}
