using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Events;

namespace Madang.Foundation.Mail;

/// <summary>
/// Every line of SQL about mailed links. A link is asked for in a request, gets its token when its mail is sent, and is good once.
/// </summary>
internal sealed class MailedLinkStore(Database db)
{
    internal const string PasswordReset = "password_reset";
    internal const string EmailVerification = "email_verification";

    /// <summary>How long a link lives after its mail was sent.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>So many of one kind to one address within <see cref="Lifetime"/>: whoever asks for more has them already.</summary>
    internal const int MostAtATime = 3;

    /// <summary>A link that may be used: not used before, in time, and for an address that is still its user's.</summary>
    private const string Usable = """
        FROM mailed_links
        JOIN users ON users.id = user_id
        WHERE hash = @Hash AND purpose = @purpose AND used_at IS NULL AND expires_at > @Now
        AND disabled_at IS NULL AND deleted_at IS NULL
        AND (mailed_links.email = users.email OR (purpose = 'email_verification' AND mailed_links.email = new_email))
        """;

    /// <summary>
    /// Asks for a link, for an address that has an account as for one that has none: the same statements, so that the time tells
    /// nothing. Of an address without an account only the hash is kept.
    /// </summary>
    /// <param name="sql">The write that this belongs to.</param>
    /// <param name="purpose">What the link is for.</param>
    /// <param name="email">To whom.</param>
    /// <param name="userId">Whose address it is, or null for nobody's.</param>
    /// <param name="language"><c>ko</c> or <c>en</c>, where the user has set none.</param>
    internal static async Task Ask(Sql sql, string purpose, string email, long? userId, string language)
    {
        var hash = SignInAttempts.Hash(email);
        if (sql.Dialect == Dialect.Postgres)
        {
            await sql.Execute("SELECT pg_advisory_xact_lock(hashtextextended(encode(@hash, 'hex'), 2))", new { hash });
        }
        var lately = await sql.Single<long>(
            """
            SELECT count(*) FROM mailed_links
            WHERE email_hash = @hash AND created_at > @Since AND purpose = @purpose
            """,
            new
            {
                hash,
                purpose,
                Since = sql.Now - Lifetime,
            }
        );
        if (lately >= MostAtATime)
        {
            return;
        }
        var id = await sql.Single<long>(
            """
            INSERT INTO mailed_links (purpose, email_hash, user_id, email, created_at, expires_at)
            VALUES (@purpose, @hash, @userId, @Email, @Now, @End)
            RETURNING id
            """,
            new
            {
                purpose,
                hash,
                userId,
                Email = userId is null ? null : email,
                sql.Now,
                End = sql.Now + Lifetime,
            }
        );
        await sql.Append(new MailedLinkAsked(id, language), actorId: null);
    }

    /// <summary>Gives a link that was asked for its token; one that had a token before has only the new one from now on.</summary>
    /// <returns>To whom it goes, or null when it is nobody's or was used.</returns>
    internal Task<MailedLink?> Arm(long id, string token, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var armed = await sql.Execute(
                    "UPDATE mailed_links SET hash = @Hash, expires_at = @End WHERE id = @id AND used_at IS NULL",
                    new
                    {
                        id,
                        Hash = Secret.Hash(token),
                        End = sql.Now + Lifetime,
                    }
                );
                return armed == 0
                    ? null
                    : await sql.First<MailedLink>(
                        """
                        SELECT purpose, user_id, mailed_links.email, language
                        FROM mailed_links
                        JOIN users ON users.id = user_id
                        WHERE mailed_links.id = @id AND disabled_at IS NULL AND deleted_at IS NULL
                        """,
                        new { id }
                    );
            },
            stop
        );

    /// <returns>The link with this token, while it may be used; looking uses nothing up.</returns>
    internal Task<MailedLink?> Find(string token, string purpose, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<MailedLink>(
                    $"SELECT purpose, user_id, mailed_links.email, language {Usable}",
                    new
                    {
                        Hash = Secret.Hash(token),
                        purpose,
                        sql.Now,
                    }
                ),
            stop
        );

    /// <returns>False when it was used meanwhile, perhaps at this very moment, or is not what it was.</returns>
    internal static async Task<bool> Use(Sql sql, string token, string purpose) =>
        await sql.Execute(
            $"""
            UPDATE mailed_links SET used_at = @Now
            WHERE used_at IS NULL AND id IN (SELECT mailed_links.id {Usable})
            """,
            new
            {
                Hash = Secret.Hash(token),
                purpose,
                sql.Now,
            }
        ) == 1;

    /// <summary>Ends all links of a user for one purpose, those whose mail is still on its way too.</summary>
    internal static Task<int> EndAll(Sql sql, long userId, string purpose) =>
        sql.Execute(
            "UPDATE mailed_links SET used_at = @Now WHERE user_id = @userId AND purpose = @purpose AND used_at IS NULL",
            new
            {
                userId,
                purpose,
                sql.Now,
            }
        );

    /// <summary>Forgets a user's links, and those that were asked for with his address before he had an account.</summary>
    internal static Task<int> Forget(Sql sql, long userId, string email) =>
        sql.Execute(
            "DELETE FROM mailed_links WHERE user_id = @userId OR email_hash = @Hash",
            new { userId, Hash = SignInAttempts.Hash(email) }
        );
}

/// <summary>A mailed link, without its token.</summary>
internal sealed record MailedLink
{
    public required string Purpose { get; init; }
    public required long UserId { get; init; }

    /// <summary>The address that it went to, and that it proves.</summary>
    public required string Email { get; init; }

    /// <summary>The language that the user has set, or null.</summary>
    public string? Language { get; init; }
}
