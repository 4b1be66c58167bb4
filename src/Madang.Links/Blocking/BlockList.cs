using Madang.Foundation.Data;
using Madang.Links.Following;
using Madang.Links.Shortening;

namespace Madang.Links.Blocking;

/// <summary>A host that no link may lead to, nor to any below it.</summary>
/// <param name="Host">In ASCII, an international one in Punycode.</param>
/// <param name="Name">As people read it.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record BlockedHost(string Host, string Name, DateTimeOffset CreatedAt);

/// <summary>Every line of SQL that changes which hosts are blocked, and tells the processes of it.</summary>
public sealed class BlockList(Database db, BlockedHosts hosts, OpenLinks open)
{
    /// <summary>In the place of a slug among the changes: the list itself was changed, and any link may be another now.</summary>
    internal const string Sign = "*";

    /// <returns>How many there are, and those of one page, by name.</returns>
    internal Task<(long Count, List<BlockedHost> Hosts)> List(long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var rows = await sql.Query<Row>(
                    "SELECT host, created_at FROM link_blocked_hosts ORDER BY host LIMIT @size OFFSET @offset",
                    new { size, offset }
                );
                return (
                    await sql.Single<long>("SELECT count(*) FROM link_blocked_hosts"),
                    rows.ConvertAll(row => new BlockedHost(row.Host, Target.Readable(row.Host), row.CreatedAt))
                );
            },
            stop
        );

    /// <summary>Blocks a host. One that is blocked already stays so.</summary>
    internal Task<bool> Block(string host, CancellationToken stop) =>
        Change(
            "INSERT INTO link_blocked_hosts (host, created_at) VALUES (@host, @Now) ON CONFLICT DO NOTHING",
            host,
            stop
        );

    /// <returns>False when it wasn't blocked.</returns>
    internal Task<bool> Allow(string host, CancellationToken stop) =>
        Change("DELETE FROM link_blocked_hosts WHERE host = @host", host, stop);

    private async Task<bool> Change(string text, string host, CancellationToken stop)
    {
        var isChanged = await db.Write(
            async sql =>
            {
                var count = await sql.Execute(text, new { host, sql.Now });
                await LinkChanges.Note(sql, Sign);
                return count == 1;
            },
            stop
        );
        // First the list, then the links: one that is read between them is read again.
        await hosts.Load(CancellationToken.None);
        open.ForgetAll();
        return isChanged;
    }

    private sealed record Row
    {
        public required string Host { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
    }
}
