using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Madang.Foundation.Moving;
using Madang.Memos.Moving;
using Madang.Tests.Files;
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
    [InlineData(
        "CREATE TABLE memo (id INTEGER, creator_id INTEGER, content TEXT AS (hex(zeroblob(100000000))))",
        "unknown_database"
    )]
    [InlineData("CREATE VIRTUAL TABLE memo USING fts5 (id, creator_id, content)", "unknown_database")]
    [InlineData(
        "CREATE TABLE memo (id INTEGER PRIMARY KEY, creator_id INTEGER, content TEXT); INSERT INTO memo VALUES (1, 1, hex(zeroblob(4500000)))",
        "too_large_a_part"
    )]
    public async Task Another_database_is_told_apart_and_nothing_of_it_is_run(string schema, string problem)
    {
        var me = await yard.SignUp();
        Assert.Equal(problem, (await me.Import(Database(schema))).Text("problem"));
    }

    [Fact]
    public async Task Beside_the_memos_only_tables_that_just_lie_there_are_read()
    {
        const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
        var me = await yard.SignUp();
        var file = Database(
            $"""
            {Older}
            DROP TABLE user;
            DROP TABLE memo_organizer;
            CREATE VIEW user AS {Endless} SELECT -i AS id, 'haneul' AS username FROM n;
            CREATE VIEW memo_organizer AS {Endless} SELECT 1 AS memo_id, 1 AS user_id, -i AS pinned FROM n;
            CREATE VIEW attachment AS {Endless} SELECT 1 AS memo_id, -i AS creator_id, x'00' AS blob, 'a' AS filename FROM n;
            """
        );
        Assert.Equal("done 2: 2 0 0", (await me.Import(file)).Counts());
    }

    /// <summary>Its tree holds the same page 400 to the power of four times, so that it never comes to an end.</summary>
    [Fact]
    public void One_without_an_end_is_left_when_its_time_is_over()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("endless.db");
        File.WriteAllBytes(path, Endless(Database(Older)));
        var watch = Stopwatch.StartNew();
        using var database = new UsememosDatabase(path, ImportFile.MostUnpacked, TimeSpan.FromSeconds(0.2));
        var error = Assert.Throws<BrokenImportException>(() => database.Read(null, DateTimeOffset.UtcNow).Count());
        Assert.Equal("too_large", error.Problem);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Theory, InlineData("resource"), InlineData("attachment")]
    public async Task Pictures_that_it_holds_are_put_at_the_end_of_their_memos(string table)
    {
        var me = await yard.SignUp();
        var picture = Convert.ToHexString(Made.Png(3, 2));
        var file = Database(
            $"""
            {Older}
            CREATE TABLE {table} (
              id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, creator_id INTEGER NOT NULL,
              filename TEXT NOT NULL DEFAULT '', blob BLOB DEFAULT NULL, type TEXT NOT NULL DEFAULT '', memo_id INTEGER);
            INSERT INTO {table} (uid, creator_id, filename, blob, type, memo_id) VALUES
              ('a', 1, '창밖[1].png', x'{picture}', 'image/png', 2), ('b', 1, 'letter.pdf', x'00', 'application/pdf', 2),
              ('c', 1, 'elsewhere.png', NULL, 'image/png', 2), ('d', 2, 'another.png', x'{picture}', 'image/png', 2),
              ('e', 1, 'none.png', x'00', 'image/png', 2);
            """
        );
        foreach (var query in new[] { "dry_run=true", "", "" })
        {
            var import = await me.Import(file, query);
            Assert.Equal(import.Number("added") == 2 ? 1 : 0, import.Number("pictures"));
            Assert.Equal(
                import.Number("added") == 2 ? [$"{table} 5: none.png picture_unknown"] : [],
                import.Refusals()
            );
        }
        var url = Assert.Single(await me.Pictures());
        Assert.Equal(HttpStatusCode.OK, await me.See(url));
        Assert.Contains(
            await me.All(),
            memo => memo.StartsWith($"아닌 것\n\n![창밖1]({url})|", StringComparison.Ordinal)
        );
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

    private static byte[] Endless(byte[] file)
    {
        const int Page = 4096;
        var root = RootOf(file);
        var (pages, leaf) = (file.Length / Page, file.AsSpan((root - 1) * Page, Page).ToArray());
        byte[][] more = [leaf, Tree(pages + 1), Tree(pages + 2), Tree(pages + 3)];
        byte[] endless = [.. file, .. more.SelectMany(page => page)];
        Tree(pages + 4).CopyTo(endless, (root - 1) * Page);
        BinaryPrimitives.WriteInt32BigEndian(endless.AsSpan(28), pages + more.Length);
        return endless;

        // An inner page of a table's tree (SQLite, Database File Format, 1.6), all of whose children are the same page.
        static byte[] Tree(int child)
        {
            const int Cells = 400;
            var page = new byte[Page];
            page[0] = 5;
            BinaryPrimitives.WriteInt16BigEndian(page.AsSpan(3), Cells);
            BinaryPrimitives.WriteInt16BigEndian(page.AsSpan(5), Page - (5 * Cells));
            BinaryPrimitives.WriteInt32BigEndian(page.AsSpan(8), child);
            for (var cell = 0; cell < Cells; cell++)
            {
                var at = Page - (5 * (cell + 1));
                BinaryPrimitives.WriteInt16BigEndian(page.AsSpan(12 + (2 * cell)), (short)at);
                BinaryPrimitives.WriteInt32BigEndian(page.AsSpan(at), child);
                page[at + 4] = 1;
            }
            return page;
        }
    }

    private static int RootOf(byte[] file)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("memos.db");
        File.WriteAllBytes(path, file);
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT rootpage FROM sqlite_master WHERE name = 'memo'";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <returns>The file that a script makes.</returns>
    internal static byte[] Database(string script)
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
