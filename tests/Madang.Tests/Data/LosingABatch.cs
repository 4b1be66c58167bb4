using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Data;

/// <summary>A batch that is lost as a whole on the embedded database: everybody is told so, and nobody the contrary.</summary>
public sealed class LosingABatch : IAsyncLifetime
{
    private readonly BareSqlite bare = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Database Db => bare.Database;

    private int Count => bare.FromOutside<int>("SELECT count(*) FROM things");

    public async ValueTask InitializeAsync()
    {
        await bare.InitializeAsync();
        await Db.Write(
            sql =>
                sql.Execute(
                    """
                    CREATE TABLE parents (id integer PRIMARY KEY);
                    CREATE TABLE things (text blob, parent integer REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)
                    """
                ),
            Stop
        );
    }

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task A_full_disk_gives_every_member_an_error_and_the_next_write_room()
    {
        var limit = await Db.Write(sql => sql.Single<long>("PRAGMA max_page_count = 16"), Stop);
        Assert.Equal(16, limit);
        await using var held = await HeldWriter.Of(Db);
        var before = Add(10);
        var tooLarge = Add(1_000_000);
        var after = Add(10);
        await held.Release();

        foreach (var write in new[] { before, tooLarge, after })
        {
            var lost = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => write);
            Assert.True(lost.IsDiskFull);
        }
        Assert.Equal(0, Count);
        Assert.Equal(1, await Add(10));
        Assert.Equal(1, Count);
    }

    [Fact]
    public async Task A_full_disk_that_a_write_overlooks_still_fails_the_batch()
    {
        await Db.Write(sql => sql.Single<long>("PRAGMA max_page_count = 16"), Stop);
        await using var held = await HeldWriter.Of(Db);
        var before = Add(10);
        var careless = Db.Write(
            async sql =>
            {
                await Assert.ThrowsAnyAsync<Exception>(() => Insert(sql, 1_000_000));
                return 1;
            },
            Stop
        );
        await held.Release();

        await Assert.ThrowsAnyAsync<Exception>(() => before);
        await Assert.ThrowsAnyAsync<Exception>(() => careless);
        Assert.Equal(0, Count);
    }

    [Fact]
    public async Task A_commit_that_fails_gives_every_member_an_error()
    {
        var isAfterCommit = false;
        await using var held = await HeldWriter.Of(Db);
        var before = Db.Write(
            sql =>
            {
                sql.AfterCommit(() => isAfterCommit = true);
                return Insert(sql, 10);
            },
            Stop
        );
        var orphan = Db.Write(sql => sql.Execute("INSERT INTO things (parent) VALUES (7)"), Stop);
        await held.Release();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => before);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => orphan);
        Assert.False(isAfterCommit);
        Assert.Equal(0, Count);
        Assert.Equal(1, await Add(10));
    }

    private Task<int> Add(int size) => Db.Write(sql => Insert(sql, size), Stop);

    private static Task<int> Insert(Sql sql, int size) =>
        sql.Execute("INSERT INTO things (text) VALUES (zeroblob(@size))", new { size });
}
