using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

public sealed class MovingFromSqlite(PostgresServer postgres) : MovingDatabases(postgres)
{
    protected override Bare NewSource() => new BareSqlite();

    [Fact]
    public async Task A_NUL_in_a_text_is_left_out_where_it_cannot_be_held_and_told_of()
    {
        await using var source = await Filled();
        await source.Do("UPDATE memos SET text = 'a' || char(0) || 'b' || char(0) WHERE id = 1");
        using var folder = new TemporaryFolder();
        await Backups.Write(source.Database, folder.Path, folder.File("b.zip"));
        await using var target = new BarePostgres(Postgres);
        await target.InitializeAsync();

        Assert.Equal(2, await Backups.Restore(target, folder.Path, folder.File("b.zip")));
        Assert.Equal("ab", await target.Ask<string>("SELECT text FROM memos WHERE id = 1"));
    }
}

public sealed class MovingFromPostgres(PostgresServer postgres) : MovingDatabases(postgres)
{
    protected override Bare NewSource() => new BarePostgres(Postgres);
}

/// <summary>Every value comes to the other database as it was, ids are never given again, and an older schema is brought up.</summary>
public abstract class MovingDatabases(PostgresServer postgres)
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected PostgresServer Postgres => postgres;

    protected abstract Bare NewSource();

    [Fact]
    public async Task Every_row_of_every_table_comes_as_it_was_to_either_database()
    {
        await using var source = await Filled();
        using var folder = new TemporaryFolder();
        var manifest = await Backups.Write(source.Database, folder.Path, folder.File("b.zip"));
        foreach (var target in new Bare[] { new BareSqlite(), new BarePostgres(postgres) })
        {
            await using var restored = target;
            await Restore(restored, folder.File("b.zip"));
            foreach (var table in manifest.Tables)
            {
                Assert.Equal(await source.Database.Dump(table.Name), await restored.Database.Dump(table.Name));
            }
            Assert.Equal(7, manifest.Tables.Single(table => table.Name == "memos").Rows);
        }
    }

    [Fact]
    public async Task An_id_that_was_given_is_never_given_again()
    {
        await using var source = await Filled();
        // Ids given and gone: at the end of a table, and all of another.
        await source.Do("DELETE FROM memos WHERE id > 3");
        await source.Do("DELETE FROM invitations");
        using var folder = new TemporaryFolder();
        await Backups.Write(source.Database, folder.Path, folder.File("b.zip"));
        foreach (var target in new Bare[] { new BareSqlite(), new BarePostgres(postgres) })
        {
            await using var restored = target;
            await Restore(restored, folder.File("b.zip"));
            Assert.Equal(8, await Next(restored, InsertMemo));
            Assert.Equal(2, await Next(restored, InsertInvitation));
        }
    }

    [Fact]
    public async Task A_backup_of_an_older_schema_is_brought_up_to_this_one()
    {
        await using var source = NewSource();
        await source.InitializeAsync();
        await source.BuildOld();
        await source.Do(InsertUser, Values(source));
        await source.Do(InsertMemo, Values(source));
        using var folder = new TemporaryFolder();
        await Backups.Write(source.Database, folder.Path, folder.File("b.zip"));
        foreach (var target in new Bare[] { new BareSqlite(), new BarePostgres(postgres) })
        {
            await using var restored = target;
            await Restore(restored, folder.File("b.zip"));
            Assert.Empty(await new SchemaRunner(restored.Database, Modules.All).Pending(Stop));
            Assert.Equal(1, await restored.Ask<long>("SELECT count(*) FROM memos"));
            Assert.Equal(0, await restored.Ask<long>("SELECT count(*) FROM memo_versions"));
        }
    }

    private const string InsertUser = """
        INSERT INTO users (email, email_key, username, password_hash, security_stamp, role, created_at, updated_at)
        VALUES ('me@example.com', 'me@example.com', @Text, NULL, 's', 'admin', @Least, @Most)
        """;

    private const string InsertMemo = """
        INSERT INTO memos (owner_id, text, text_key, visibility, pinned_at, created_at, updated_at)
        VALUES (1, @Text, @Text, 'team', NULL, @Least, @Most)
        """;

    private const string InsertInvitation = """
        INSERT INTO invitations (hash, role, created_by, created_at, expires_at)
        VALUES (@Bytes, 'member', 1, @Least, @Most)
        """;

    /// <summary>A source with what is hard to carry over: the ends of every type, no bytes, marks and letters of all kinds.</summary>
    protected async Task<Bare> Filled()
    {
        var source = NewSource();
        await source.InitializeAsync();
        await source.Build();
        await source.Do(InsertUser, Values(source));
        await source.Do(InsertInvitation, Values(source));
        for (var i = 0; i < 7; i++)
        {
            await source.Do(InsertMemo, Values(source));
        }
        await source.Do(
            "INSERT INTO memo_tags (memo_id, key, name, is_written, owner_id, created_at) VALUES (1, 'k', @Text, @Yes, 1, @Least), (1, 'l', '', @No, 9223372036854775807, @Most)",
            Values(source)
        );
        await source.Do(
            """
            INSERT INTO idempotency_keys (user_id, method, path, key, body_hash, status, location, body, created_at)
            VALUES (1, 'POST', '/', 'a', @Bytes, 201, NULL, @None, @Least), (1, 'POST', '/', 'b', @Bytes, -2147483648, '', @Long, @Most)
            """,
            Values(source)
        );
        return source;
    }

    private static object Values(Bare source)
    {
        var isSqlite = source.Database.Dialect == Dialect.Sqlite;
        return new
        {
            Text = "가을 \"답사\"\\ 🍂 'x' \u2028\t\r\n\u0001 é e\u0301 </script>",
            Least = DateTimeOffset.UnixEpoch.AddYears(-1900).AddMicroseconds(1),
            Most = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(999_999),
            Yes = isSqlite ? 1 : (object)true,
            No = isSqlite ? 0 : (object)false,
            Bytes = new byte[] { 0, 255, 10, 34 },
            None = Array.Empty<byte>(),
            Long = Enumerable.Range(0, 300_000).Select(i => (byte)i).ToArray(),
        };
    }

    private static async Task Restore(Bare target, string file)
    {
        await target.InitializeAsync();
        using var uploads = new TemporaryFolder();
        await Backups.Restore(target, uploads.Path, file);
    }

    private static Task<long> Next(Bare target, string insert) =>
        target.Database.Write(async sql => (await sql.Query<long>($"{insert} RETURNING id", Values(target)))[0], Stop);
}
