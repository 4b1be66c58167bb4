using Madang.Tests.Yards;
using Microsoft.Data.Sqlite;

namespace Madang.Tests.Memos;

/// <summary>The file that whoever runs usememos himself has, as its releases make it.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class UsememosDatabases(SqliteYard yard)
{
    private const string Newer = """
        CREATE TABLE user (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE);
        CREATE TABLE memo (
          id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, creator_id INTEGER NOT NULL,
          created_ts BIGINT NOT NULL, updated_ts BIGINT NOT NULL, row_status TEXT NOT NULL DEFAULT 'NORMAL',
          content TEXT NOT NULL DEFAULT '', visibility TEXT NOT NULL DEFAULT 'PRIVATE',
          pinned INTEGER NOT NULL DEFAULT 0, payload TEXT NOT NULL DEFAULT '{}');
        INSERT INTO user (username) VALUES ('haneul'), ('seojun');
        INSERT INTO memo (uid, creator_id, created_ts, updated_ts, row_status, content, visibility, pinned) VALUES
          ('a', 1, 1700000000, 1700000100, 'NORMAL', '하늘의 것 #여행/제주', 'PROTECTED', 1),
          ('b', 1, 1700000200, 1700000200, 'ARCHIVED', '보관한 것', 'PRIVATE', 0),
          ('c', 2, 1700000300, 1700000300, 'NORMAL', '서준의 것', 'PUBLIC', 0);
        """;

    private const string Older = """
        CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE);
        CREATE TABLE memo (
          id INTEGER PRIMARY KEY, creator_id INTEGER NOT NULL, created_ts BIGINT NOT NULL, updated_ts BIGINT NOT NULL,
          row_status TEXT NOT NULL DEFAULT 'NORMAL', content TEXT NOT NULL, visibility TEXT NOT NULL DEFAULT 'PRIVATE');
        CREATE TABLE memo_organizer (memo_id INTEGER NOT NULL, user_id INTEGER NOT NULL, pinned INTEGER NOT NULL DEFAULT 0);
        INSERT INTO user (username) VALUES ('haneul');
        INSERT INTO memo (creator_id, created_ts, updated_ts, content) VALUES (1, 1600000000, 1600000000, '고정한 것'), (1, 1600000001, 1600000001, '아닌 것');
        INSERT INTO memo_organizer VALUES (1, 1, 1);
        """;

    [Fact]
    public async Task Of_several_people_one_is_named_and_only_his_memos_come_in()
    {
        var me = await yard.SignUp();
        var file = Database(Newer);
        var unnamed = await me.Import(file);
        Assert.Equal(("needs_author", "haneul, seojun"), (unnamed.Text("problem"), unnamed.Text("detail")));
        Assert.Equal("needs_author", (await me.Import(file, "author=nobody")).Text("problem"));

        Assert.Equal("done 2: 2 0 0", (await me.Import(file, "author=haneul")).Counts());
        Assert.Equal("done 2: 0 2 0", (await me.Import(file, "author=haneul")).Counts());
        var all = await me.All();
        Assert.Equal(2, all.Count);
        Assert.Contains(
            "team|2023-11-14T22:15:00Z||",
            all.Single(memo => memo.StartsWith("하늘", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "private||2023-11-14T22:16:40Z|",
            all.Single(memo => memo.StartsWith("보관", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Of_an_old_release_the_pins_stand_in_a_table_of_their_own()
    {
        var me = await yard.SignUp();
        Assert.Equal("done 2: 2 0 0", (await me.Import(Database(Older))).Counts());
        Assert.Single(await me.List("pinned=true"));
    }

    [Theory]
    [InlineData("CREATE TABLE other (id INTEGER)", "unknown_database")]
    [InlineData(
        "CREATE VIEW memo AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, 1 AS creator_id, 'x' AS content FROM n",
        "unknown_database"
    )]
    [InlineData("CREATE TABLE memo (id INTEGER)", "broken_database")]
    public async Task Another_database_is_told_apart_and_nothing_of_it_is_run(string schema, string problem)
    {
        var me = await yard.SignUp();
        Assert.Equal(problem, (await me.Import(Database(schema))).Text("problem"));
    }

    [Fact]
    public async Task A_damaged_one_adds_nothing()
    {
        var me = await yard.SignUp();
        var file = Database(Newer);
        file.AsSpan(4096).Fill(0xEE);
        Assert.Equal("broken_database", (await me.Import(file, "author=haneul")).Text("problem"));
        Assert.Empty(await me.All());
    }

    private static byte[] Database(string script)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("memos_prod.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = script;
            command.ExecuteNonQuery();
        }
        return File.ReadAllBytes(path);
    }
}
