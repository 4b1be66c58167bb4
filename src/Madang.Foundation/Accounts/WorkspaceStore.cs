using System.Globalization;
using Madang.Foundation.Data;
using Madang.Foundation.Http;

namespace Madang.Foundation.Accounts;

/// <summary>The few facts about the whole yard that an admin may change, and the lock for what may happen only once in it.</summary>
public sealed class WorkspaceStore(Database db)
{
    private const string SetupCodeName = "setup_code";
    private const string SignUpOpenName = "sign_up_open";
    private const string BackupName = "backed_up_at";

    /// <summary>
    /// Lets one transaction at a time pass, whatever the processes: the first user, the first key. On SQLite every write is alone
    /// anyway.
    /// </summary>
    internal static async Task Lock(Sql sql)
    {
        if (sql.Dialect == Dialect.Postgres)
        {
            await sql.Execute("SELECT pg_advisory_xact_lock(7161727)");
        }
    }

    internal static async Task<string?> SetupCode(Sql sql) => await Get(sql, SetupCodeName);

    internal static async Task<bool> IsSignUpOpen(Sql sql) => await Get(sql, SignUpOpenName) == "true";

    internal Task<WorkspaceView> View(CancellationToken stop) => db.Read(View, stop);

    internal Task<Change> Update(Precondition ifMatch, Given<bool?> isSignUpOpen, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                await Lock(sql);
                if (!ifMatch.Allows(await View(sql)))
                {
                    return Change.Stale;
                }
                if (isSignUpOpen.IsGiven)
                {
                    await Set(sql, SignUpOpenName, isSignUpOpen.Value == true ? "true" : "false");
                }
                return Change.Done;
            },
            stop
        );

    /// <returns>The code that the first sign-up needs from afar, the same for every process; null once there is a user.</returns>
    public Task<string?> SetupCodeWhileEmpty(CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                await Lock(sql);
                if (await HasUsers(sql))
                {
                    return null;
                }
                if (await SetupCode(sql) is { } made)
                {
                    return made;
                }
                var code = Secret.New()[..16];
                await Set(sql, SetupCodeName, code);
                return code;
            },
            stop
        );

    /// <summary>A backup was made just now.</summary>
    internal static Task<int> RememberBackup(Sql sql) =>
        Set(sql, BackupName, sql.Now.ToString("O", CultureInfo.InvariantCulture));

    /// <returns>When the last backup was made, or null when none ever was.</returns>
    internal static async Task<DateTimeOffset?> LastBackup(Sql sql) =>
        await Get(sql, BackupName) is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null;

    internal static async Task<bool> HasUsers(Sql sql) =>
        await sql.First<long?>("SELECT id FROM users LIMIT 1") is not null;

    private static async Task<WorkspaceView> View(Sql sql) => new(await IsSignUpOpen(sql));

    private static Task<string?> Get(Sql sql, string name) =>
        sql.First<string>("SELECT value FROM workspace WHERE name = @name", new { name });

    private static Task<int> Set(Sql sql, string name, string value) =>
        sql.Execute(
            """
            INSERT INTO workspace (name, value) VALUES (@name, @value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            new { name, value }
        );
}
