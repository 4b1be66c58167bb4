using Madang.Foundation.Data;
using Madang.Foundation.Http;

namespace Madang.Foundation.Accounts;

/// <summary>
/// The record of sign-ins, failed ones and sign-outs, kept for 90 days (<see cref="ExpiredRows"/>). Tries are written by
/// <see cref="SignInAttempts"/>, which counts them; what else ends or changes a sign-in is written here.
/// </summary>
public sealed class SignInRecords(Database db)
{
    /// <summary>The outcome of what ends sessions.</summary>
    internal const string SignedOut = "signed_out";

    /// <summary>The outcomes of connecting a provider, which is the way then, and of disconnecting it.</summary>
    internal const string Linked = "linked";

    /// <inheritdoc cref="Linked" />
    internal const string Unlinked = "unlinked";

    /// <summary>He went out himself.</summary>
    internal const string SignOut = "sign_out";

    /// <summary>He ended a session of his from another.</summary>
    internal const string SessionEnded = "session_ended";

    /// <summary>He ended all his other sessions.</summary>
    internal const string SessionsEnded = "sessions_ended";

    /// <summary>He set a new password by a mailed link, which ended all his sessions.</summary>
    internal const string PasswordReset = "password_reset";

    /// <summary>Somebody who was not signed in verified the account's first address by a mailed link, which ended all sessions.</summary>
    internal const string EmailVerification = "email_verification";

    /// <summary>He changed his password: as a proof that he knew the old one, and as what ended his other sessions.</summary>
    internal const string PasswordChange = "password_change";

    /// <summary>He set the first password of an account that came in through a provider, which ended his other sessions.</summary>
    internal const string FirstPassword = "first_password";

    /// <summary>The operator set a new password, which ended all his sessions.</summary>
    internal const string OperatorPassword = "operator_password";

    /// <summary>An admin disabled the account, which ended all his sessions.</summary>
    internal const string Disabled = "disabled";

    /// <summary>A refresh token came a second time, which ended its session.</summary>
    internal const string RefreshReuse = "refresh_reuse";

    /// <summary>He gave his password so that he might connect a provider.</summary>
    internal const string ConnectionCheck = "connection_check";

    /// <summary>He gave his password so that his account be deleted.</summary>
    internal const string AccountDeletion = "account_deletion";

    /// <summary>Records something about a user who has an account, in the write that does it.</summary>
    internal static async Task Add(Sql sql, long userId, string how, string outcome, Client client)
    {
        var email = await sql.First<string>("SELECT email FROM users WHERE id = @userId", new { userId });
        await sql.Execute(
            """
            INSERT INTO sign_ins (email_hash, user_id, how, address, agent, outcome, at)
            VALUES (@Hash, @userId, @how, @Address, @Agent, @outcome, @Now)
            """,
            new
            {
                Hash = SignInAttempts.Hash(email ?? ""),
                userId,
                how,
                client.Address,
                client.Agent,
                outcome,
                sql.Now,
            }
        );
    }

    /// <returns>How often a user's providers were connected and disconnected since then.</returns>
    internal static Task<long> CountConnections(Sql sql, long userId, DateTimeOffset since) =>
        sql.Single<long>(
            """
            SELECT count(*) FROM sign_ins
            WHERE user_id = @userId AND at > @since AND outcome IN ('linked', 'unlinked')
            """,
            new { userId, since }
        );

    /// <returns>Newest first, or oldest first for a cursor that leads back; one more than asked for where there are more.</returns>
    /// <param name="userId">Whose, or null for everybody's.</param>
    /// <param name="cursor">Where to go on.</param>
    /// <param name="size">How many.</param>
    /// <param name="stop">Ends the read.</param>
    internal Task<List<SignInRow>> List(long? userId, Cursor? cursor, int size, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<SignInRow>(
                    // A try that is still under way is none yet.
                    $"""
                    SELECT sign_ins.id, user_id, username, how, outcome, address, agent, at
                    FROM sign_ins
                    LEFT JOIN users ON users.id = user_id
                    WHERE outcome <> 'trying'
                    {(userId is null ? "" : "AND user_id = @userId")}
                    {Places(cursor)}
                    LIMIT @Limit
                    """,
                    new
                    {
                        userId,
                        cursor?.At,
                        cursor?.Id,
                        Limit = size + 1,
                    }
                ),
            stop
        );

    private static string Places(Cursor? cursor) =>
        cursor switch
        {
            null => "ORDER BY at DESC, sign_ins.id DESC",
            { IsBackward: true } => "AND (at, sign_ins.id) > (@At, @Id) ORDER BY at, sign_ins.id",
            _ => "AND (at, sign_ins.id) < (@At, @Id) ORDER BY at DESC, sign_ins.id DESC",
        };
}

/// <summary>One line of the record.</summary>
internal sealed record SignInRow
{
    public required long Id { get; init; }

    /// <summary>Whose account, or null when the address has none.</summary>
    public long? UserId { get; init; }
    public string? Username { get; init; }
    public required string How { get; init; }

    /// <summary><c>signed_in</c>, <c>failed</c>, <c>signed_out</c>, <c>linked</c> or <c>unlinked</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The network it came from, /24 or /48.</summary>
    public required string Address { get; init; }

    /// <summary>The start of its User-Agent; null for one from before this was kept.</summary>
    public string? Agent { get; init; }
    public required DateTimeOffset At { get; init; }
}
