using System.Collections.Frozen;
using Madang.Foundation.Data;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Accounts;

/// <summary>Every line of SQL about personal access tokens.</summary>
public sealed partial class PersonalTokenStore(Database db, ILogger<PersonalTokenStore> log)
{
    /// <summary>Begins every token, so that scanners find leaked ones and we tell them from access tokens.</summary>
    internal const string Prefix = "mdg_";

    /// <summary>When a token was last used is kept no finer than this, or every request would be a write.</summary>
    private static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(10);

    /// <returns>Null when the sign-in that asks for it has ended since: it would come back by the token.</returns>
    internal Task<PersonalTokenRow?> Make(
        CurrentUser me,
        string token,
        string name,
        IEnumerable<string> scopes,
        DateTimeOffset? end,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                // Whoever ends the user's sign-ins writes his row: after this they have ended, or will find the token.
                await sql.MustStand(me.Id);
                return await sql.First<PersonalTokenRow>(
                    """
                    INSERT INTO personal_tokens (user_id, name, hash, scopes, created_at, expires_at)
                    SELECT id, @name, @Hash, @Scopes, @Now, @End FROM users
                    WHERE id = @Id
                    AND (@TokenIssuedAt IS NULL OR signed_out_at IS NULL OR signed_out_at <= @TokenIssuedAt)
                    AND (@SessionId IS NULL OR EXISTS (SELECT 1 FROM sessions WHERE id = @SessionId AND revoked_at IS NULL))
                    RETURNING id, user_id, name, scopes, created_at, expires_at, last_used_at
                    """,
                    new
                    {
                        me.Id,
                        me.TokenIssuedAt,
                        me.SessionId,
                        name,
                        Hash = Secret.Hash(token),
                        Scopes = string.Join(' ', scopes.Order(StringComparer.Ordinal)),
                        sql.Now,
                        End = end ?? sql.Now.AddDays(90),
                    }
                );
            },
            stop
        );

    internal Task<(long Count, List<PersonalTokenRow> Tokens)> List(
        long userId,
        long offset,
        int size,
        CancellationToken stop
    ) =>
        db.Read(
            async sql =>
            {
                var count = await sql.Single<long>(
                    "SELECT count(*) FROM personal_tokens WHERE user_id = @userId",
                    new { userId }
                );
                var tokens = await sql.Query<PersonalTokenRow>(
                    """
                    SELECT id, user_id, name, scopes, created_at, expires_at, last_used_at FROM personal_tokens
                    WHERE user_id = @userId
                    ORDER BY id DESC
                    LIMIT @size OFFSET @offset
                    """,
                    new
                    {
                        userId,
                        size,
                        offset,
                    }
                );
                return (count, tokens);
            },
            stop
        );

    internal Task<Change> Revoke(
        long id,
        long userId,
        Func<PersonalTokenRow, bool> isAllowed,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                var token = await sql.First<PersonalTokenRow>(
                    $"""
                    SELECT id, user_id, name, scopes, created_at, expires_at, last_used_at FROM personal_tokens
                    WHERE id = @id AND user_id = @userId
                    {sql.For("", "FOR UPDATE")}
                    """,
                    new { id, userId }
                );
                if (token is null)
                {
                    return Change.Missing;
                }
                if (!isAllowed(token))
                {
                    return Change.Stale;
                }
                await sql.Execute("DELETE FROM personal_tokens WHERE id = @id", new { id });
                return Change.Done;
            },
            stop
        );

    /// <summary>Revokes all tokens of a user.</summary>
    internal static Task<int> RemoveAll(Sql sql, long userId) =>
        sql.Execute("DELETE FROM personal_tokens WHERE user_id = @userId", new { userId });

    /// <returns>The living token, or null.</returns>
    internal async Task<PersonalTokenRow?> Use(string token, CancellationToken stop)
    {
        var found = await db.Read(
            sql =>
                sql.First<PersonalTokenRow>(
                    """
                    SELECT id, user_id, name, scopes, created_at, expires_at, last_used_at FROM personal_tokens
                    WHERE hash = @Hash AND expires_at > @Now
                    """,
                    new { Hash = Secret.Hash(token), sql.Now }
                ),
            stop
        );
        if (found is not null && (found.LastUsedAt is not { } last || last < db.Clock.GetUtcNow() - UseGrain))
        {
            await NoteUse(found.Id, stop);
        }
        return found;
    }

    /// <summary>A full disk must not keep a token from reading: then its use goes unnoted.</summary>
    private async Task NoteUse(long id, CancellationToken stop)
    {
        try
        {
            await db.Write(
                sql =>
                    sql.Execute("UPDATE personal_tokens SET last_used_at = @Now WHERE id = @id", new { id, sql.Now }),
                stop
            );
        }
        catch (DatabaseUnavailableException error)
        {
            CannotNote(log, error);
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "When a personal access token was used can't be noted now.")]
    private static partial void CannotNote(ILogger log, Exception error);
}

internal sealed record PersonalTokenRow
{
    public required long Id { get; init; }
    public required long UserId { get; init; }
    public required string Name { get; init; }

    /// <summary>The scopes, sorted, a blank between them.</summary>
    public required string Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    internal FrozenSet<string> ScopeSet => Scopes.Split(' ').ToFrozenSet();
}
