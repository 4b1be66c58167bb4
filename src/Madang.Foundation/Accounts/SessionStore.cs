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
            await Note(
                sql =>
                    sql.Execute(
                        "UPDATE sessions SET last_used_at = @Now WHERE id = @sessionId",
                        new { sessionId, sql.Now }
                    ),
                stop
            );
        }
        return found?.UserId;
    }

    /// <returns>Whether a living session began no longer ago than <see cref="Fresh"/>.</returns>
    internal static async Task<bool> IsFresh(Sql sql, long sessionId) =>
        await sql.First<long?>(
            "SELECT id FROM sessions WHERE id = @sessionId AND revoked_at IS NULL AND created_at > @Since",
            new { sessionId, Since = sql.Now - Fresh }
        )
            is not null;

    /// <summary>Lets a living session that is in use live on.</summary>
    /// <returns>False when it lives no more, or when that can't be written now: then a later request may prolong it.</returns>
    internal Task<bool> Prolong(long sessionId, CancellationToken stop) =>
        Note(
            sql =>
                sql.Execute(
                    """
                    UPDATE sessions SET expires_at = @End
                    WHERE id = @sessionId AND revoked_at IS NULL AND expires_at > @Now
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

    /// <summary>A full disk must not keep a page from being read: then nothing is noted.</summary>
    /// <returns>Whether it was.</returns>
    private async Task<bool> Note(Func<Sql, Task<int>> note, CancellationToken stop)
    {
        try
        {
            return await db.Write(note, stop) == 1;
        }
        catch (DatabaseUnavailableException error)
        {
            CannotNote(log, error);
            return false;
        }
    }

    [LoggerMessage(1202, LogLevel.Warning, "That a session is used can't be noted now.")]
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
