using Madang.Foundation.Data;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Sessions as they are used: a browser's, or a program's with its family of refresh tokens (<see cref="RefreshTokens"/>). A revoked
/// session is dead whatever its tokens say. How their owner sees them is in <see cref="OwnSessions"/>.
/// </summary>
public sealed partial class SessionStore(Database db, ILogger<SessionStore> log)
{
    /// <summary>How long a session lives without being used.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>How long after signing in one may open other ways into the account: an open browser that is found later may not.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <summary>When a session was last used is kept no finer than this, or every page would be a write.</summary>
    private static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(10);

    /// <returns>The new session's id, and for a program its first refresh token.</returns>
    internal static async Task<(long Id, string RefreshToken)> Start(
        Sql sql,
        long userId,
        SessionKind kind,
        Client client
    )
    {
        var id = await sql.Single<long>(
            """
            INSERT INTO sessions (user_id, kind, address, agent, created_at, last_used_at, expires_at)
            VALUES (@userId, @Kind, @Address, @Agent, @Now, @Now, @End)
            RETURNING id
            """,
            new
            {
                userId,
                Kind = kind.ToString(),
                client.Address,
                client.Agent,
                sql.Now,
                End = sql.Now + Lifetime,
            }
        );
        return (id, kind == SessionKind.Program ? await RefreshTokens.Add(sql, id) : "");
    }

    /// <returns>Whose living session it is, or null. That it was used is noted, no finer than <see cref="UseGrain"/>.</returns>
    internal async Task<long?> UserOf(long sessionId, CancellationToken stop)
    {
        var found = await db.Read(
            sql =>
                sql.First<Use>(
                    """
                    SELECT user_id, last_used_at FROM sessions
                    WHERE id = @sessionId AND revoked_at IS NULL AND expires_at > @Now
                    """,
                    new { sessionId, sql.Now }
                ),
            stop
        );
        if (found is not null && (found.LastUsedAt is not { } last || last < db.Clock.GetUtcNow() - UseGrain))
        {
            await NoteUse(sessionId, stop);
        }
        return found?.UserId;
    }

    /// <returns>Whether a living session began no longer ago than that.</returns>
    internal static async Task<bool> IsFresh(Sql sql, long sessionId, TimeSpan age) =>
        await sql.First<long?>(
            "SELECT id FROM sessions WHERE id = @sessionId AND revoked_at IS NULL AND created_at > @Since",
            new { sessionId, Since = sql.Now - Fresh }
        )
            is not null;

    /// <summary>Lets a session that is in use live on.</summary>
    internal Task<int> Prolong(long sessionId, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Execute(
                    """
                    SELECT sessions.id, sessions.user_id
                    FROM refresh_tokens
                    JOIN sessions ON sessions.id = refresh_tokens.session_id
                    WHERE hash = @hash AND revoked_at IS NULL AND refresh_tokens.expires_at > @Now
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
                    await Revoke(sql, family.Id, family.UserId);
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
                            End = sql.Now + Lifetime,
                        }
                    ) == 1;
                return isAlive ? (family.UserId, await AddToken(sql, family.Id)) : null;
            },
            stop
        );

    /// <summary>Ends the family of a refresh token of this user.</summary>
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
                    new
                    {
                        sessionId,
                        sql.Now,
                        End = sql.Now + Lifetime,
                    }
                ),
            stop
        );

    /// <summary>Ends all sessions of a user but one, and records it when there were any.</summary>
    /// <param name="sql">The write that it belongs to.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="kept">Which stays, or null for none.</param>
    /// <param name="how">What ended them, as <see cref="SignInRecords"/> names it.</param>
    /// <param name="client">From where.</param>
    /// <returns>How many ended.</returns>
    internal static async Task<int> EndOthers(Sql sql, long userId, long? kept, string how, Client client)
    {
        var ended = await sql.Execute(
            """
            UPDATE sessions SET revoked_at = @Now
            WHERE user_id = @userId AND revoked_at IS NULL AND id <> @Kept
            """,
            new
            {
                userId,
                sql.Now,
                Kept = kept ?? 0,
            }
        );
        if (ended > 0)
        {
            await SignInRecords.Add(sql, userId, how, SignInRecords.SignedOut, client);
        }
        return ended;
    }

    internal static Task<int> Revoke(Sql sql, long id, long userId) =>
        sql.Execute(
            "UPDATE sessions SET revoked_at = @Now WHERE id = @id AND user_id = @userId AND revoked_at IS NULL",
            new
            {
                id,
                userId,
                sql.Now,
            }
        );

    private static async Task<string> AddToken(Sql sql, long sessionId)
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
                End = sql.Now + Lifetime,
            }
        );
        return token;
    }

    /// <summary>A full disk must not keep a page from being read: then its use goes unnoted.</summary>
    private async Task NoteUse(long id, CancellationToken stop)
    {
        try
        {
            await db.Write(
                sql => sql.Execute("UPDATE sessions SET last_used_at = @Now WHERE id = @id", new { id, sql.Now }),
                stop
            );
        }
        catch (DatabaseUnavailableException error)
        {
            CannotNote(log, error);
            return false;
        }
    }

    [LoggerMessage(1202, LogLevel.Warning, "When a session was used can't be noted now.")]
    private static partial void CannotNote(ILogger log, Exception error);

    private sealed record Use
    {
        public required long UserId { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
    }
}

/// <summary>Who holds a session.</summary>
internal enum SessionKind
{
    /// <summary>A browser, by its cookie.</summary>
    Web,

    /// <summary>A program, by its refresh token.</summary>
    Program,
}
