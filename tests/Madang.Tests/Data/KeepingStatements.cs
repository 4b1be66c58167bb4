using System.Data.Common;
using Dapper;
using Madang.Foundation.Data;
using Madang.Tests.Yards;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Tests.Data;

/// <summary>Statements of the embedded database stay prepared from one call to the next, and nobody can tell.</summary>
public sealed class KeepingStatements : IAsyncLifetime
{
    private readonly BareSqlite bare = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await bare.InitializeAsync();
        await bare.Do("CREATE TABLE things (name text UNIQUE, kind text)");
    }

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task A_statement_that_failed_serves_the_next_caller()
    {
        await Add("a");
        Assert.Equal(19, (await Assert.ThrowsAsync<SqliteException>(() => Add("a"))).SqliteErrorCode);
        await Add("b");

        Assert.Equal("a b", await Names());
    }

    [Fact]
    public async Task Nothing_of_one_call_s_values_reaches_the_next()
    {
        const string Text = "SELECT count(*) FROM things WHERE (@kind IS NULL OR kind = @kind) AND name <> @name";
        await bare.Do("INSERT INTO things VALUES ('a', 'x'), ('b', 'y'), ('c', NULL)");

        Assert.Equal(1, await bare.Ask<int>(Text, new { kind = "x", name = "b" }));
        Assert.Equal(2, await bare.Ask<int>(Text, new { kind = (string?)null, name = "b" }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => bare.Ask<int>(Text, new { kind = "x" }));
        Assert.Equal(0, await bare.Ask<int>(Text, new { kind = "y", name = "b" }));
    }

    [Fact]
    public async Task Two_readers_of_one_text_on_one_connection_read_each_its_own()
    {
        await bare.Do("INSERT INTO things (name) VALUES ('a'), ('b')");
        var seen = await bare.Database.Read(
            async sql =>
            {
                await using var first = await Reader(sql);
                await first.ReadAsync(Stop);
                await using var second = await Reader(sql);
                await second.ReadAsync(Stop);
                await second.ReadAsync(Stop);
                await first.ReadAsync(Stop);
                return (first.GetString(0), second.GetString(0), await first.ReadAsync(Stop));
            },
            Stop
        );

        Assert.Equal(("b", "b", false), seen);
        Assert.Equal("a b", await Names());
    }

    [Fact]
    public async Task A_list_s_statement_is_prepared_once()
    {
        var prepared = await bare.Database.Read(
            async sql =>
            {
                var taken = new List<int>();
                for (var round = 0; round < 3; round++)
                {
                    await sql.Rows("SELECT name FROM things", null, row => row.Text(0));
                    taken.Add(Statements((SqliteConnection)sql.Connection));
                }
                return taken;
            },
            Stop
        );

        Assert.Single(prepared.Distinct());
    }

    [Fact]
    public async Task A_statement_from_before_a_migration_sees_the_table_as_it_is_now()
    {
        await Add("a");
        await Names();
        Assert.Equal(2, await Columns());
        await bare.Database.Migrate(
            async sql =>
                await sql.Execute("ALTER TABLE things ADD COLUMN size integer")
                + await sql.Execute("CREATE INDEX things_by_size ON things (size)"),
            Stop
        );

        Assert.Equal(3, await Columns());
        Assert.Equal("a", await Names());
    }

    [Fact]
    public async Task A_read_that_is_over_keeps_nobody_from_emptying_the_log()
    {
        for (var round = 0; round < 3; round++)
        {
            await Add($"{round}");
            await Names();
            await bare.Database.Read(sql => sql.First<string>("SELECT name FROM things"), Stop);
        }

        Assert.Equal(0, bare.FromOutside<long>("PRAGMA wal_checkpoint(TRUNCATE)"));
        Assert.Equal(0, new FileInfo($"{bare.File}-wal").Length);
    }

    [Fact]
    public async Task However_many_texts_there_are_each_is_answered()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number < 600; number++)
            {
                Assert.Equal(number, await bare.Ask<int>($"SELECT {number}"));
            }
        }
    }

    [Fact]
    public async Task The_version_is_another_after_each_commit_of_whoever_and_the_same_otherwise()
    {
        var first = bare.Database.Version;
        await Names();
        Assert.Equal(first, bare.Database.Version);

        await Add("a");
        var second = bare.Database.Version;
        Assert.NotEqual(first, second);

        await using (var outside = new SqliteConnection($"Data Source={bare.File};Pooling=false"))
        {
            outside.Open();
            outside.Execute("INSERT INTO things (name) VALUES ('b')");
        }
        Assert.NotEqual(second, bare.Database.Version);
    }

    /// <returns>Bytes that all statements of the connection take.</returns>
    private static int Statements(SqliteConnection connection)
    {
        Assert.Equal(
            raw.SQLITE_OK,
            raw.sqlite3_db_status(connection.Handle, raw.SQLITE_DBSTATUS_STMT_USED, out var bytes, out _, 0)
        );
        return bytes;
    }

    private Task<int> Add(string name) => bare.Do("INSERT INTO things (name) VALUES (@name)", new { name });

    private Task<string> Names() =>
        bare.Ask<string>("SELECT group_concat(name, ' ') FROM (SELECT name FROM things ORDER BY name)");

    private Task<int> Columns() =>
        bare.Database.Read(
            async sql =>
            {
                await using var reader = await Reader(sql);
                return reader.FieldCount;
            },
            Stop
        );

    private static Task<DbDataReader> Reader(Sql sql) =>
        sql.Connection.ExecuteReaderAsync("SELECT * FROM things ORDER BY name");
}
