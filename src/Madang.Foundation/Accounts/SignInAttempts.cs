using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Data;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Guards passwords against guessing, for known and unknown e-mails alike. Every try is counted before the password is looked at,
/// so that tries at once can't slip past the count. A network that fails five times waits; an account that many networks try waits
/// too, but not for the networks its owner signed in from before. A browser he signed in with before is counted for itself alone: out of
/// that nobody can lock him.
/// </summary>
internal sealed class SignInAttempts(Database db)
{
    internal const int MostFromOneNetwork = 5;
    internal const int MostFromAll = 50;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>How long a network in which the owner signed in counts as his.</summary>
    private static readonly TimeSpan Familiar = TimeSpan.FromDays(90);

    /// <summary>A password is looked at in a tenth of a second; a try still open after this died with its process, and counts as failed.</summary>
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(10);

    /// <summary>How long a try waits for the outcome of others for the same e-mail, and how often it looks.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>
    /// Counts a try. While as many tries are open as may fail, it waits for their outcome: somebody who signs in on all his devices
    /// at once fails none.
    /// </summary>
    /// <returns>The try's id, or null when it must wait.</returns>
    internal async Task<long?> Begin(string email, string how, Client client, CancellationToken stop)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            var (id, isUndecided) = await db.Write(sql => Begin(sql, email, how, client), stop);
            if (id is not null || !isUndecided || waited >= Patience)
            {
                return id;
            }
            await Task.Delay(Pause, db.Clock, stop);
        }
    }

    /// <summary>The try failed: the password was wrong, or what another way of signing in asks for.</summary>
    /// <param name="attempt">Which.</param>
    /// <param name="userId">Whose account it was after, who is shown it; null when there is none.</param>
    internal Task<int> Fail(long attempt, long? userId = null) =>
        // Whoever hangs up meanwhile has tried all the same.
        db.Write(
            sql =>
                sql.Execute(
                    "UPDATE sign_ins SET outcome = 'failed', user_id = @userId WHERE id = @attempt",
                    new { attempt, userId }
                ),
            CancellationToken.None
        );

    /// <inheritdoc cref="Succeed(Sql, long, long)" />
    internal Task<int> Succeed(long attempt, long userId, CancellationToken stop) =>
        db.Write(sql => Succeed(sql, attempt, userId), stop);

    /// <summary>The try's password was right.</summary>
    internal static Task<int> Succeed(Sql sql, long attempt, long userId) =>
        sql.Execute(
            "UPDATE sign_ins SET outcome = 'signed_in', user_id = @userId WHERE id = @attempt",
            new { attempt, userId }
        );

    private static async Task<(long? Id, bool IsUndecided)> Begin(Sql sql, string email, string how, Client client)
    {
        var hash = Hash(email);
        if (sql.Dialect == Dialect.Postgres)
        {
            // Tries for one e-mail go one by one, or each would count before the others are written.
            await sql.Execute("SELECT pg_advisory_xact_lock(hashtextextended(encode(@hash, 'hex'), 1))", new { hash });
        }
        var tries = await sql.Query<Tries>(
            """
            SELECT
                coalesce(device, address) = @Place AS is_here,
                outcome = 'trying' AND at > @Open AS is_open,
                count(*) AS count
            FROM sign_ins
            WHERE email_hash = @hash AND at > @Since AND outcome IN ('failed', 'trying')
            GROUP BY 1, 2
            """,
            new
            {
                hash,
                Place = client.Device ?? client.Address,
                Since = sql.Now - Window,
                Open = sql.Now - LongestTry,
            }
        );
        var isFamiliar =
            client.Device is not null
            || (tries.Sum(one => one.Count) >= MostFromAll && await IsFamiliar(sql, hash, client.Address));
        if (AreTooMany(tries, isFamiliar))
        {
            return (null, !AreTooMany(tries.FindAll(one => !one.IsOpen), isFamiliar));
        }
        var id = await sql.Single<long>(
            """
            INSERT INTO sign_ins (email_hash, how, address, device, agent, outcome, at)
            VALUES (@hash, @how, @Address, @Device, @Agent, 'trying', @Now)
            RETURNING id
            """,
            new
            {
                hash,
                how,
                client.Address,
                client.Device,
                client.Agent,
                sql.Now,
            }
        );
        return (id, false);
    }

    private static bool AreTooMany(List<Tries> tries, bool isFamiliar) =>
        tries.Where(one => one.IsHere).Sum(one => one.Count) >= MostFromOneNetwork
        || (!isFamiliar && tries.Sum(one => one.Count) >= MostFromAll);

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
    internal static byte[] Hash(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(Fold.Key(email)));

    private sealed record Tries
    {
        public required bool IsHere { get; init; }
        public required bool IsOpen { get; init; }
        public required long Count { get; init; }
    }
}
