using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Mail;

namespace Madang.Foundation.Accounts;

/// <summary>Every line of SQL about the users table.</summary>
public sealed class AccountStore
{
    private const string Columns = """
        id, email, email_verified_at, is_shown_apart, signed_out_at, new_email, username, password_hash, security_stamp, role,
        language, theme, time_zone, disabled_at, deleted_at, created_at, updated_at
        """;

    private readonly Database db;
    private readonly UserDirectory directory;

    internal AccountStore(Database db, UserDirectory directory) => (this.db, this.directory) = (db, directory);

    internal Task<User?> Find(long id, CancellationToken stop) => db.Read(sql => Find(sql, id), stop);

    internal Task<User?> FindByEmail(string email, CancellationToken stop) =>
        db.Read(sql => FindByEmail(sql, email), stop);

    internal Task<(long Count, List<User> Users)> List(long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var count = await sql.Single<long>("SELECT count(*) FROM users WHERE deleted_at IS NULL");
                var users = await sql.Query<User>(
                    $"""
                    SELECT {Columns} FROM users
                    WHERE deleted_at IS NULL
                    ORDER BY id
                    LIMIT @size OFFSET @offset
                    """,
                    new { size, offset }
                );
                return (count, users);
            },
            stop
        );

    /// <returns>Those whose name or e-mail contains the text, any case. A yard's users are few enough to be looked through.</returns>
    internal async Task<(long Count, List<User> Users)> List(
        string? text,
        long offset,
        int size,
        CancellationToken stop
    )
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return await List(offset, size, stop);
        }
        var key = Fold.Key(text.Trim());
        var all = await db.Read(
            sql => sql.Query<User>($"SELECT {Columns} FROM users WHERE deleted_at IS NULL ORDER BY id"),
            stop
        );
        var found = all.FindAll(user => Has(user.Username, key) || Has(user.Email ?? "", key));
        return (found.Count, [.. found.Skip((int)Math.Min(offset, int.MaxValue)).Take(size)]);
    }

    /// <returns>How many admins may sign in.</returns>
    internal Task<long> CountAdmins(CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL AND deleted_at IS NULL"
                ),
            stop
        );

    private static bool Has(string text, string key) => Fold.Key(text).Contains(key, StringComparison.Ordinal);

    internal static Task<User?> FindByEmail(Sql sql, string email) =>
        sql.First<User>($"SELECT {Columns} FROM users WHERE email_key = @Key", new { Key = Fold.Key(email) });

    internal static Task<User?> Find(Sql sql, long id) =>
        sql.First<User>($"SELECT {Columns} FROM users WHERE id = @id", new { id });

    /// <summary>Makes the user, with the role it has. Who may be made at all is <see cref="SignUp"/>'s to say.</summary>
    /// <returns>False when the e-mail is taken.</returns>
    internal static async Task<bool> Insert(Sql sql, User user)
    {
        user.CreatedAt = user.UpdatedAt = sql.Now;
        var id = await sql.First<long?>(
            """
            INSERT INTO users (email, email_key, username, password_hash, security_stamp, role, created_at, updated_at)
            VALUES (@Email, @EmailKey, @Username, @PasswordHash, @SecurityStamp, @Role, @Now, @Now)
            ON CONFLICT (email_key) DO NOTHING
            RETURNING id
            """,
            new
            {
                user.Email,
                EmailKey = user.Email is null ? null : Fold.Key(user.Email),
                user.Username,
                user.PasswordHash,
                user.SecurityStamp,
                user.Role,
                sql.Now,
            }
        );
        user.Id = id ?? 0;
        return id is not null;
    }

    /// <summary>Reads a user for change, lets <paramref name="change"/> decide, and writes what it left.</summary>
    /// <returns>What <paramref name="change"/> answered; only for <see cref="Change.Done"/> is anything written.</returns>
    internal Task<Change> Update(long id, Func<Sql, User, Task<Change>> change, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                // One lock for all changes of users: they are rare, and the last admin is a fact about all of them.
                await WorkspaceStore.Lock(sql);
                if (await Find(sql, id) is not { DeletedAt: null } user)
                {
                    return Change.Missing;
                }
                var outcome = await change(sql, user);
                if (outcome != Change.Done)
                {
                    sql.RollBack();
                    return outcome;
                }
                await Write(sql, user);
                sql.AfterCommit(() => directory.Forget(id));
                return Change.Done;
            },
            stop
        );

    /// <returns>Whether a user may still sign in, and with the same password. Nobody changes him before this transaction ends.</returns>
    internal static async Task<bool> IsUnchanged(Sql sql, User user) =>
        await sql.First<long?>(
            $"""
            SELECT id FROM users
            WHERE id = @Id AND password_hash = @PasswordHash AND disabled_at IS NULL AND deleted_at IS NULL
            {sql.For("", "FOR SHARE")}
            """,
            new { user.Id, user.PasswordHash }
        )
            is not null;

    /// <returns>Whether an account has this e-mail.</returns>
    internal static async Task<bool> IsTaken(Sql sql, string email) =>
        await sql.First<long?>("SELECT id FROM users WHERE email_key = @Key", new { Key = Fold.Key(email) })
            is not null;

    internal static async Task<bool> IsLastAdmin(Sql sql, User user) =>
        user is { Role: Roles.Admin, DisabledAt: null }
        && await sql.Single<long>(
            """
            SELECT count(*) FROM users
            WHERE role = 'admin' AND disabled_at IS NULL AND deleted_at IS NULL AND id <> @Id
            """,
            new { user.Id }
        ) == 0;

    /// <summary>
    /// Takes away everything that tells who the user was, and tells every room. The row stays, so that the id is never given again.
    /// </summary>
    internal Task<Change> Delete(long id, Func<User, bool> isAllowed, CancellationToken stop) =>
        Update(
            id,
            async (sql, user) =>
            {
                if (!isAllowed(user))
                {
                    return Change.Stale;
                }
                if (await IsLastAdmin(sql, user))
                {
                    return Change.LastAdmin;
                }
                // Failed tries for the address, before and after it had an account, would still tell of it.
                await sql.Execute(
                    "DELETE FROM sign_ins WHERE user_id = @id OR email_hash = @Hash",
                    new { id, Hash = SignInAttempts.Hash(user.Email ?? "") }
                );
                await MailedLinkStore.Forget(sql, id, user.Email ?? "");
                (user.Email, user.PasswordHash, user.Username, user.Role) = (null, null, "", Roles.Member);
                (user.EmailVerifiedAt, user.IsShownApart, user.NewEmail) = (null, false, null);
                (user.Language, user.Theme, user.TimeZone) = (null, null, null);
                (user.SecurityStamp, user.DeletedAt) = (Secret.New(), sql.Now);
                await sql.Execute("DELETE FROM sessions WHERE user_id = @id", new { id });
                await PersonalTokenStore.RemoveAll(sql, id);
                await ConnectionStore.RemoveAll(sql, id);
                await sql.Execute("DELETE FROM idempotency_keys WHERE user_id = @id", new { id });
                await sql.Append(new UserDeleted(id), actorId: id);
                return Change.Done;
            },
            stop
        );

    private static Task<int> Write(Sql sql, User user)
    {
        user.UpdatedAt = sql.Now;
        return sql.Execute(
            """
            UPDATE users SET
                email = @Email, email_key = @EmailKey, email_verified_at = @EmailVerifiedAt, is_shown_apart = @IsShownApart,
                signed_out_at = @SignedOutAt, new_email = @NewEmail, username = @Username, password_hash = @PasswordHash,
                security_stamp = @SecurityStamp, role = @Role, language = @Language, theme = @Theme, time_zone = @TimeZone,
                disabled_at = @DisabledAt, deleted_at = @DeletedAt, updated_at = @UpdatedAt
            WHERE id = @Id
            """,
            new
            {
                user.Id,
                user.Email,
                EmailKey = user.Email is null ? null : Fold.Key(user.Email),
                user.EmailVerifiedAt,
                user.IsShownApart,
                user.SignedOutAt,
                user.NewEmail,
                user.Username,
                user.PasswordHash,
                user.SecurityStamp,
                user.Role,
                user.Language,
                user.Theme,
                user.TimeZone,
                user.DisabledAt,
                user.DeletedAt,
                user.UpdatedAt,
            }
        );
    }
}
