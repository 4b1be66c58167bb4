using Madang.Foundation.Data;

namespace Madang.Foundation.Accounts;

/// <summary>Where a user is signed in, as he sees it: his living sessions, each of which he may end.</summary>
public sealed class OwnSessions(Database db)
{
    private const string Columns = "id, kind, address, agent, created_at, last_used_at, expires_at";

    /// <summary>Ends a session, and records it.</summary>
    /// <param name="sessionId">Which.</param>
    /// <param name="userId">Whose it must be.</param>
    /// <param name="how"><see cref="SignInRecords.SignOut"/> or <see cref="SignInRecords.SessionEnded"/>.</param>
    /// <param name="client">From where.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    /// <param name="isAllowed">Whether the session as it stands may be ended; null for always.</param>
    internal Task<Change> End(
        long sessionId,
        long userId,
        string how,
        Client client,
        CancellationToken stop,
        Func<SessionRow, bool>? isAllowed = null
    ) =>
        db.Write(
            async sql =>
            {
                var living = await sql.First<SessionRow>(
                    $"""
                    SELECT {Columns} FROM sessions
                    WHERE id = @sessionId AND user_id = @userId AND revoked_at IS NULL AND expires_at > @Now
                    {sql.For("", "FOR UPDATE")}
                    """,
                    new
                    {
                        sessionId,
                        userId,
                        sql.Now,
                    }
                );
                if (living is null)
                {
                    return Change.Missing;
                }
                if (isAllowed?.Invoke(living) == false)
                {
                    return Change.Stale;
                }
                await SessionStore.Revoke(sql, sessionId, userId);
                await SignInRecords.Add(sql, userId, how, SignInRecords.SignedOut, client);
                return Change.Done;
            },
            stop
        );

    /// <summary>Ends all of a user's sessions but one.</summary>
    internal Task<int> EndOthers(long userId, long? kept, Client client, CancellationToken stop) =>
        db.Write(sql => SessionStore.EndOthers(sql, userId, kept, SignInRecords.SessionsEnded, client), stop);

    /// <returns>A user's living sessions, newest first.</returns>
    internal Task<(long Count, List<SessionRow> Sessions)> List(
        long userId,
        long offset,
        int size,
        CancellationToken stop
    ) =>
        db.Read(
            async sql =>
            {
                var count = await sql.Single<long>(
                    """
                    SELECT count(*) FROM sessions
                    WHERE user_id = @userId AND revoked_at IS NULL AND expires_at > @Now
                    """,
                    new { userId, sql.Now }
                );
                var sessions = await sql.Query<SessionRow>(
                    $"""
                    SELECT {Columns} FROM sessions
                    WHERE user_id = @userId AND revoked_at IS NULL AND expires_at > @Now
                    ORDER BY id DESC
                    LIMIT @size OFFSET @offset
                    """,
                    new
                    {
                        userId,
                        sql.Now,
                        size,
                        offset,
                    }
                );
                return (count, sessions);
            },
            stop
        );
}

/// <summary>A living session.</summary>
internal sealed record SessionRow
{
    public required long Id { get; init; }

    /// <summary><c>Web</c> or <c>Program</c>.</summary>
    public required string Kind { get; init; }
    public required string Address { get; init; }
    public required string Agent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To ten minutes; null for one that began before this was kept.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
