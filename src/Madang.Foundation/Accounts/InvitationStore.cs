using Madang.Foundation.Data;

namespace Madang.Foundation.Accounts;

/// <summary>Every line of SQL about invitations.</summary>
public sealed class InvitationStore(Database db)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>An invitation is worth no more than its maker: it ends when he is no admin any more.</summary>
    private const string Usable = """
        FROM invitations
        JOIN users ON users.id = created_by
        WHERE used_at IS NULL AND expires_at > @Now
        AND users.role = 'admin' AND disabled_at IS NULL AND deleted_at IS NULL
        """;

    internal Task<InvitationRow> Make(string token, string role, long admin, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.Single<InvitationRow>(
                    """
                    INSERT INTO invitations (hash, role, created_by, created_at, expires_at)
                    VALUES (@Hash, @role, @admin, @Now, @End)
                    RETURNING id, role, created_at, expires_at
                    """,
                    new
                    {
                        Hash = Secret.Hash(token),
                        role,
                        admin,
                        sql.Now,
                        End = sql.Now + Lifetime,
                    }
                ),
            stop
        );

    /// <returns>Those that may still be used, newest first.</returns>
    internal Task<(long Count, List<InvitationRow> Open)> ListOpen(long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var count = await sql.Single<long>($"SELECT count(*) {Usable}", new { sql.Now });
                var open = await sql.Query<InvitationRow>(
                    $"""
                    SELECT invitations.id, invitations.role, invitations.created_at, expires_at
                    {Usable}
                    ORDER BY invitations.id DESC
                    LIMIT @size OFFSET @offset
                    """,
                    new
                    {
                        sql.Now,
                        size,
                        offset,
                    }
                );
                return (count, open);
            },
            stop
        );

    internal Task<Change> Revoke(long id, Func<InvitationRow, bool> isAllowed, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var open = await sql.First<InvitationRow>(
                    $"""
                    SELECT id, role, created_at, expires_at FROM invitations
                    WHERE id = @id AND used_at IS NULL
                    {sql.For("", "FOR UPDATE")}
                    """,
                    new { id }
                );
                if (open is null)
                {
                    return Change.Missing;
                }
                if (!isAllowed(open))
                {
                    return Change.Stale;
                }
                await sql.Execute("DELETE FROM invitations WHERE id = @id", new { id });
                return Change.Done;
            },
            stop
        );

    internal static Task<InvitationRow?> FindOpen(Sql sql, string token) =>
        sql.First<InvitationRow>(
            $"""
            SELECT invitations.id, invitations.role, invitations.created_at, expires_at
            {Usable}
            AND hash = @Hash
            """,
            new { Hash = Secret.Hash(token), sql.Now }
        );

    /// <returns>False when it was used or revoked meanwhile.</returns>
    internal static async Task<bool> Use(Sql sql, long id, long userId) =>
        await sql.Execute(
            "UPDATE invitations SET used_by = @userId, used_at = @Now WHERE id = @id AND used_at IS NULL",
            new
            {
                id,
                userId,
                sql.Now,
            }
        ) == 1;
}

internal sealed record InvitationRow
{
    public required long Id { get; init; }
    public required string Role { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
