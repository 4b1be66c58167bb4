using Madang.Foundation.Modules;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>A backup has proved that it loads before it gets its name.</summary>
public sealed class TryingBackups(PostgresServer postgres)
{
    [Fact]
    public async Task One_that_no_database_would_take_is_not_kept_though_every_checksum_is_right()
    {
        await using var source = new BareSqlite();
        await source.InitializeAsync();
        await source.Build();
        // A connection that holds no references, as an old tool's may be.
        source.FromOutside<long>(
            """
            PRAGMA foreign_keys = OFF;
            INSERT INTO memos (owner_id, text, text_key, visibility, created_at, updated_at)
            VALUES (77, '주인 없음', '주인 없음', 'private', 1, 1)
            RETURNING id
            """
        );
        using var folder = new TemporaryFolder();
        var refused = await Assert.ThrowsAsync<StartupException>(() =>
            Backups.Write(source.Database, folder.Path, folder.File("b.zip"))
        );

        Assert.Contains("does not load", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Where_there_is_no_SQLite_it_says_that_it_was_only_read_again()
    {
        await using var source = new BarePostgres(postgres);
        await source.InitializeAsync();
        await source.Build();
        using var folder = new TemporaryFolder();
        var backup = folder.File("b.zip");
        var ran = await Ran.Verb([
            "backup",
            backup,
            .. source.Settings,
            folder.Setting,
            "--Data:SqliteLibrary=/nowhere/libsqlite3.so",
        ]);

        Assert.Contains("it was only read again", ran.Well().Output, StringComparison.Ordinal);
        await Backups.Verify(backup);
    }
}
