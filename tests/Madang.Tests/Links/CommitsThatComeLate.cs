using Madang.Foundation.Data;
using Madang.Links.Blocking;
using Madang.Links.Following;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Madang.Tests.Links;

/// <summary>A change whose COMMIT waits, as it does for a standby that is away, is heard of whenever it is through.</summary>
public sealed class CommitsThatComeLate(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_that_took_longer_than_any_write_may_is_still_followed()
    {
        var connection = yard.Databases.Single()["--Data:Postgres=".Length..];
        // It looks back two seconds.
        await using var db = Database.OpenPostgres(connection, TimeProvider.System, TimeSpan.FromSeconds(1));
        var links = new OpenLinks(db);
        using var watcher = new LinkWatcher(
            db,
            links,
            yard.Get<BlockedHosts>(),
            TimeProvider.System,
            NullLogger<LinkWatcher>.Instance
        );
        var slug = await yard.Admin.Slug();
        await using var other = new NpgsqlConnection(connection);
        await other.OpenAsync(Stop);
        await using var change = await other.BeginTransactionAsync(Stop);
        await using (
            var note = new NpgsqlCommand(
                "INSERT INTO link_changes (slug, at) VALUES ($1, clock_timestamp())",
                other,
                change
            )
        )
        {
            note.Parameters.AddWithValue(slug);
            await note.ExecuteNonQueryAsync(Stop);
        }
        await watcher.Look(Stop);
        Assert.NotNull(await links.Find(slug, Stop));
        var noted = TimeProvider.System.GetTimestamp();
        await Probe.Until(async () =>
        {
            await watcher.Look(Stop);
            return TimeProvider.System.GetElapsedTime(noted) > TimeSpan.FromSeconds(3);
        });
        Assert.NotNull(links.Remembered(slug));

        await change.CommitAsync(Stop);
        await watcher.Look(Stop);
        Assert.Null(links.Remembered(slug));
    }
}
