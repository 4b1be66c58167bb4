using Madang.Foundation.Data;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>Every line of SQL about identities: which account belongs to whom an issuer names. Pages call them connections.</summary>
internal sealed class ConnectionStore(Database db)
{
    /// <returns>Whose identity it is, or null; remembered as used.</returns>
    internal static async Task<Known?> Use(Sql sql, Profile profile)
    {
        var known = await Find(sql, profile);
        if (known is not null && (known.IsStale(sql.Now) || known.IdentityEmail != profile.Email))
        {
            await sql.Execute(
                "UPDATE identities SET last_used_at = @Now, email = @Email WHERE issuer = @Issuer AND subject = @Subject",
                new
                {
                    profile.Issuer,
                    profile.Subject,
                    profile.Email,
                    sql.Now,
                }
            );
        }
        return known;
    }

    internal static Task<Known?> Find(Sql sql, Profile profile) =>
        sql.First<Known>(
            """
            SELECT user_id, users.email, identities.email AS identity_email, last_used_at, disabled_at, deleted_at
            FROM identities
            JOIN users ON users.id = user_id
            WHERE issuer = @Issuer AND subject = @Subject
            """,
            new { profile.Issuer, profile.Subject }
        );

    /// <returns>False when the identity belongs to an account already.</returns>
    internal static async Task<bool> Add(Sql sql, Profile profile, long userId) =>
        await sql.Execute(
            """
            INSERT INTO identities (issuer, subject, user_id, provider, email, created_at, last_used_at)
            VALUES (@Issuer, @Subject, @userId, @Provider, @Email, @Now, @Now)
            ON CONFLICT (issuer, subject) DO NOTHING
            """,
            new
            {
                profile.Issuer,
                profile.Subject,
                userId,
                profile.Provider,
                profile.Email,
                sql.Now,
            }
        ) == 1;

    internal Task<List<Connection>> List(long userId, CancellationToken stop) =>
        db.Read(sql => List(sql, userId), stop);

    internal static Task<List<Connection>> List(Sql sql, long userId) =>
        sql.Query<Connection>(
            """
            SELECT id, issuer, subject, provider, email, created_at, last_used_at FROM identities
            WHERE user_id = @userId
            ORDER BY id
            """,
            new { userId }
        );

    /// <returns>Through which provider it was, or null when it is none of his.</returns>
    internal static Task<string?> Remove(Sql sql, long id, long userId) =>
        sql.First<string>(
            "DELETE FROM identities WHERE id = @id AND user_id = @userId RETURNING provider",
            new { id, userId }
        );

    internal static Task<int> RemoveAll(Sql sql, long userId) =>
        sql.Execute("DELETE FROM identities WHERE user_id = @userId", new { userId });
}

/// <summary>The account that an identity belongs to.</summary>
internal sealed record Known
{
    public required long UserId { get; init; }
    public string? Email { get; init; }
    public string? IdentityEmail { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When it was used is told to ten minutes, and not written at every request.</summary>
    internal bool IsStale(DateTimeOffset now) => LastUsedAt < now - TimeSpan.FromMinutes(10);

    internal bool IsEnabled => DisabledAt is null && DeletedAt is null;
}

/// <summary>An identity of a user, as he sees it and as his export holds it.</summary>
internal sealed record Connection
{
    public required long Id { get; init; }
    public required string Issuer { get; init; }
    public required string Subject { get; init; }
    public required string Provider { get; init; }
    public string? Email { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To ten minutes.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }
}
