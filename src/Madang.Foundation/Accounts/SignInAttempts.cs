using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Data;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Guards passwords against guessing, for known and unknown e-mails alike. Every try is counted before the password is looked at,
/// so that tries at once can't slip past the count. A network that fails five times waits; an account that many networks try waits
/// too, but never for the networks its owner signed in from before: nobody can be locked out by another.
/// </summary>
internal sealed class SignInAttempts(Database db)
{
    internal const int MostFromOneNetwork = 5;
    internal const int MostFromAll = 50;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>How long a network in which the owner signed in counts as his.</summary>
    private static readonly TimeSpan Familiar = TimeSpan.FromDays(90);

    /// <returns>The try's id, or null when it must wait.</returns>
    internal Task<long?> Begin(string email, string how, Client client, CancellationToken stop) =>
        db.Write<long?>(
            async sql =>
            {
                var hash = Hash(email);
                if (sql.Dialect == Dialect.Postgres)
                {
                    // Tries for one e-mail go one by one, or each would count before the others are written.
                    await sql.Execute(
                        "SELECT pg_advisory_xact_lock(hashtextextended(encode(@hash, 'hex'), 1))",
                        new { hash }
                    );
                }
                var counts = await sql.Single<Counts>(
                    """
                    SELECT
                        count(*) AS from_all,
                        coalesce(sum(CASE WHEN address = @Address THEN 1 ELSE 0 END), 0) AS from_here
                    FROM sign_ins
                    WHERE email_hash = @hash AND at > @Since AND outcome = 'failed'
                    """,
                    new
                    {
                        hash,
                        client.Address,
                        Since = sql.Now - Window,
                    }
                );
                var mustWait =
                    counts.FromHere >= MostFromOneNetwork
                    || (counts.FromAll >= MostFromAll && !await IsFamiliar(sql, hash, client.Address));
                return mustWait
                    ? null
                    : await sql.Single<long>(
                        """
                        INSERT INTO sign_ins (email_hash, how, address, outcome, at)
                        VALUES (@hash, @how, @Address, 'failed', @Now)
                        RETURNING id
                        """,
                        new
                        {
                            hash,
                            how,
                            client.Address,
                            sql.Now,
                        }
                    );
            },
            stop
        );

    /// <summary>The try's password was right: it no longer counts as failed.</summary>
    internal static Task<int> Succeed(Sql sql, long attempt, long userId) =>
        sql.Execute(
            "UPDATE sign_ins SET outcome = 'signed_in', user_id = @userId WHERE id = @attempt",
            new { attempt, userId }
        );

    private static async Task<bool> IsFamiliar(Sql sql, byte[] hash, string address) =>
        await sql.First<long?>(
            """
            SELECT id FROM sign_ins
            WHERE email_hash = @hash AND at > @Since AND outcome = 'signed_in' AND address = @address
            LIMIT 1
            """,
            new
            {
                hash,
                address,
                Since = sql.Now - Familiar,
            }
        )
            is not null;

    /// <summary>Hashed, so that the table holds no addresses of people who have no account here.</summary>
    private static byte[] Hash(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(Fold.Key(email)));

    private sealed record Counts
    {
        public long FromAll { get; init; }
        public long FromHere { get; init; }
    }
}
