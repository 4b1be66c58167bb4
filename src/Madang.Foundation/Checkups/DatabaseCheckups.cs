using System.Diagnostics;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;

namespace Madang.Foundation.Checkups;

/// <summary>Whether the database answers, and how soon.</summary>
internal sealed class DatabaseCheckup(Database db) : ICheckup
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    public string Name => "database";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var version = await db.Read(
            sql => sql.Single<string>(sql.For("SELECT sqlite_version()", "SELECT current_setting('server_version')")),
            stop
        );
        var name = db.Dialect == Dialect.Sqlite ? "SQLite" : "PostgreSQL";
        var text = $"{name} {version} answered in {watch.ElapsedMilliseconds} ms";
        return watch.Elapsed < Slow ? Finding.Ok(text) : Finding.Warning($"{text}: look at its load, or the way to it");
    }
}

/// <summary>Whether the schema is this release's.</summary>
internal sealed class SchemaCheckup(SchemaRunner schema) : ICheckup
{
    public string Name => "schema";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        try
        {
            var pending = await schema.Pending(stop);
            return pending.Count == 0
                ? Finding.Ok("up to date")
                : Finding.Problem($"{string.Join(", ", pending)} did not run yet: run 'madang migrate'");
        }
        catch (StartupException error)
        {
            return Finding.Problem(error.Message);
        }
    }
}

/// <summary>Whether this machine's clock agrees with the database's, and with what is written already.</summary>
internal sealed class ClockCheckup(Database db, TimeProvider clock) : ICheckup
{
    /// <summary>Signing keys, leases and expiries of different machines are compared; they bear this much.</summary>
    private static readonly TimeSpan MostOff = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SomewhatOff = TimeSpan.FromSeconds(2);

    public string Name => "clock";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (now.Year is < 2026 or > 2100)
        {
            return Finding.Problem($"this machine says {now:yyyy-MM-dd}: set its clock");
        }
        var last = await db.Read(
            sql => sql.First<DateTimeOffset?>("SELECT at FROM sign_ins ORDER BY at DESC LIMIT 1"),
            stop
        );
        if (last > now + MostOff)
        {
            return Finding.Problem(
                $"somebody signed in at {last:yyyy-MM-dd HH:mm:ss} UTC, which is still to come: this machine's clock is behind, or was ahead"
            );
        }
        if (db.Dialect == Dialect.Sqlite)
        {
            return Finding.Ok($"{now:yyyy-MM-dd HH:mm:ss} UTC");
        }
        var before = clock.GetUtcNow();
        var theirs = await db.Read(sql => sql.Single<DateTimeOffset>("SELECT clock_timestamp()"), stop);
        var off = (theirs - (before + ((clock.GetUtcNow() - before) / 2))).Duration();
        var text = $"{off.TotalSeconds:0.0} s from the database's";
        return off > MostOff ? Finding.Problem($"{text}: set both by NTP")
            : off > SomewhatOff ? Finding.Warning($"{text}: set both by NTP")
            : Finding.Ok(text);
    }
}

/// <summary>Whether events reach their handlers.</summary>
internal sealed class DeliveriesCheckup(Database db) : ICheckup
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    public string Name => "deliveries";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        var (parked, late) = await db.Read(
            async sql =>
                (
                    await sql.Query<Parked>(
                        "SELECT handler, count(*) AS count FROM deliveries WHERE state = 'parked' GROUP BY handler ORDER BY handler"
                    ),
                    await sql.Single<long>(
                        "SELECT count(*) FROM deliveries WHERE state = 'waiting' AND next_at < @Before",
                        new { Before = sql.Now - Late }
                    )
                ),
            stop
        );
        var findings = parked.ConvertAll(one => new Finding(
            Verdict.Warning,
            $"{one.Count} to {one.Handler} failed ten times and are parked: see their error in the table deliveries"
        ));
        if (late > 0)
        {
            findings.Add(new(Verdict.Warning, $"{late} wait for more than 10 minutes: is a server running?"));
        }
        return findings.Count > 0 ? findings : Finding.Ok("none is late, none is parked");
    }

    private sealed record Parked
    {
        public required string Handler { get; init; }
        public required long Count { get; init; }
    }
}

/// <summary>How old the last backup is.</summary>
internal sealed class BackupCheckup(Database db, TimeProvider clock) : ICheckup
{
    private static readonly TimeSpan Old = TimeSpan.FromDays(8);

    public string Name => "backup";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        if (await db.Read(WorkspaceStore.LastBackup, stop) is not { } last)
        {
            return Finding.Ok("'madang backup' was never used here");
        }
        var text = $"the last one was made on {last:yyyy-MM-dd HH:mm} UTC";
        return clock.GetUtcNow() - last < Old ? Finding.Ok(text) : Finding.Warning($"{text}: run 'madang backup'");
    }
}
