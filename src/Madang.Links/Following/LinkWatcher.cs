using Madang.Foundation.Data;
using Madang.Links.Blocking;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Following;

/// <summary>
/// Forgets the links that other processes have changed. Ids and times are not the order of commits, so it looks back further than
/// any write lasts, and remembers what it has seen. A COMMIT may wait for its standby as long as that is away: then it looks back to
/// where the oldest write began that was not through when it looked last.
/// </summary>
internal sealed partial class LinkWatcher(
    Database db,
    OpenLinks links,
    BlockedHosts blocked,
    TimeProvider clock,
    ILogger<LinkWatcher> log
) : BackgroundService
{
    private const int Most = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer than a write may take.</summary>
    private readonly TimeSpan lookBack = 2 * db.TimeLimit;

    private HashSet<long> seen = [];
    private DateTimeOffset oldestWrite = DateTimeOffset.MaxValue;
    private long lastLook = -1;
    private bool isAway;

    /// <summary>The first look is done before the first request comes: it reads which hosts are blocked.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Look(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                await Look(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops: nobody follows links here any more.
        }
    }

    internal async Task Look(CancellationToken stop)
    {
        try
        {
            var start = clock.GetTimestamp();
            var (oldest, changes) = await Changes(stop);
            // Who was away for longer than it looks back may have missed some.
            if (
                changes.Count == Most
                || lastLook < 0
                || clock.GetElapsedTime(lastLook, start) > lookBack / 2
                || changes.Exists(change => change.Slug == BlockList.Sign && !seen.Contains(change.Id))
            )
            {
                // First the list, then the links: one that is read between them is read again.
                await blocked.Load(stop);
                links.ForgetAll();
            }
            foreach (var change in changes.Where(change => !seen.Contains(change.Id)))
            {
                links.Forget(change.Slug);
            }
            (seen, oldestWrite) = ([.. changes.Select(change => change.Id)], oldest);
            (lastLook, isAway) = (start, false);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            if (!isAway)
            {
                CannotLook(log, error);
            }
            isAway = true;
        }
    }

    private Task<(DateTimeOffset Oldest, List<Change> Changes)> Changes(CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                // Asked first: a write that is through before the changes are read is among them.
                var oldest = sql.Dialect == Dialect.Sqlite ? null : await OldestWrite(sql);
                var changes = await sql.Query<Change>(
                    sql.For(
                        "SELECT id, slug FROM link_changes WHERE at >= @Since ORDER BY at LIMIT @Most",
                        "SELECT id, slug FROM link_changes WHERE at >= least(now() - @Seconds * interval '1 second', @Since) ORDER BY at LIMIT @Most"
                    ),
                    new
                    {
                        Since = sql.Dialect == Dialect.Sqlite ? sql.Now - lookBack : oldestWrite,
                        Seconds = lookBack.TotalSeconds,
                        Most,
                    }
                );
                return (oldest ?? DateTimeOffset.MaxValue, changes);
            },
            stop
        );

    /// <summary>Since when the oldest transaction goes on that has written something; null when there is none.</summary>
    private static async Task<DateTimeOffset?> OldestWrite(Sql sql)
    {
        var times = await sql.Rows(
            """
            SELECT min(xact_start) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_xid IS NOT NULL
            """,
            null,
            row => row.TimeOrNull(0)
        );
        return times[0];
    }

    [LoggerMessage(
        3101,
        LogLevel.Warning,
        "Changes of links by other processes can't be read now; links are followed as they were."
    )]
    private static partial void CannotLook(ILogger log, Exception error);

    private sealed record Change
    {
        public required long Id { get; init; }
        public required string Slug { get; init; }
    }
}
