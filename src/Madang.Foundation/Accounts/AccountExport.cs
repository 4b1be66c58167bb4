using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Data;
using Madang.Foundation.Http;

namespace Madang.Foundation.Accounts;

/// <summary>What the accounts have of a user besides the account itself: where he is signed in, his tokens, when he came in, and through whom.</summary>
internal sealed class AccountExport(Database db, ContractJson json) : IExportSource
{
    public Task<IReadOnlyList<ExportFile>> Export(long userId, CancellationToken stop) =>
        db.Read<IReadOnlyList<ExportFile>>(
            async sql =>
            {
                var sessions = await sql.Query<ExportedSession>(
                    """
                    SELECT kind, address, agent, created_at, last_used_at, expires_at, revoked_at FROM sessions
                    WHERE user_id = @userId
                    ORDER BY id
                    """,
                    new { userId }
                );
                var tokens = await sql.Query<PersonalTokenRow>(
                    """
                    SELECT id, user_id, name, scopes, created_at, expires_at, last_used_at FROM personal_tokens
                    WHERE user_id = @userId
                    ORDER BY id
                    """,
                    new { userId }
                );
                var signIns = await sql.Query<ExportedSignIn>(
                    "SELECT how, outcome, address, agent, at FROM sign_ins WHERE user_id = @userId ORDER BY id",
                    new { userId }
                );
                var identities = await ConnectionStore.List(sql, userId);
                return
                [
                    new("sessions.json", json.Bytes(sessions)),
                    new("tokens.json", json.Bytes(tokens.ConvertAll(PersonalTokenView.Of))),
                    new("sign_ins.json", json.Bytes(signIns)),
                    new("identities.json", json.Bytes(identities)),
                ];
            },
            stop
        );
}

/// <summary>A session in the export of one's own data.</summary>
internal sealed record ExportedSession
{
    /// <summary><c>Web</c> or <c>Program</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The network it began in, shortened.</summary>
    public required string Address { get; init; }
    public required string Agent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>A sign-in, a failed one or a sign-out in the export of one's own data.</summary>
internal sealed record ExportedSignIn
{
    public required string How { get; init; }

    /// <summary><c>signed_in</c>, <c>failed</c>, <c>signed_out</c>, <c>linked</c> or <c>unlinked</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The network it came from, shortened.</summary>
    public required string Address { get; init; }
    public string? Agent { get; init; }
    public required DateTimeOffset At { get; init; }
}
