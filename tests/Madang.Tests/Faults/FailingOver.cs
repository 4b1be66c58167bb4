using System.Diagnostics;
using System.Net;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>A primary with a synchronous standby: the primary dies, the standby is promoted, and the program finds it by itself.</summary>
public sealed class FailingOver : IAsyncLifetime
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private PostgresProcess? primary;
    private PostgresProcess? standby;
    private Served? served;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresProcess.Programs is null, PostgresProcess.NotInstalled);
        primary = await PostgresProcess.Make();
        await primary.Do("CREATE DATABASE madang");
        standby = await primary.MakeStandby();
        await primary.Do("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await primary.Ask<bool>("SELECT pg_reload_conf()");
        await Probe.Until(async () =>
            await primary.Ask<string>("SELECT max(sync_state) FROM pg_stat_replication") == "sync"
        );
        served = new Served(
            $"--Data:Postgres=Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Username=postgres;Database=madang",
            $"--Data:TimeLimit={TimeLimit.TotalSeconds}"
        );
        await served.Migrate();
        await served.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { served, standby, primary })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task The_primary_killed_and_the_standby_promoted_nothing_acknowledged_is_lost_and_writes_go_on()
    {
        await using var writers = served!.Writers();
        await writers.More(200);
        await primary!.Kill();
        await writers.Somebody(HttpStatusCode.ServiceUnavailable);
        await IsWhole(writers, "primary killed", await Promote(writers));
    }

    /// <summary>
    /// A commit that waits for its standby and is cancelled is told as done, though the standby never had it: so nobody may cancel.
    /// </summary>
    [Fact]
    public async Task What_the_standby_did_not_confirm_was_not_acknowledged_when_the_primary_dies()
    {
        await using var writers = served!.Writers();
        await writers.More(200);
        await standby!.Freeze();
        await writers.Somebody(HttpStatusCode.ServiceUnavailable);
        // All that were on their way when it froze have been told so by now, and more after them.
        await writers.Somebody(HttpStatusCode.ServiceUnavailable);
        await primary!.Kill();
        // What the dead primary had sent and the standby had not read is lost with the connection.
        await standby.Kill();
        await standby.Start();
        await IsWhole(writers, "standby frozen, then primary killed", await Promote(writers));
    }

    /// <returns>How long it took from the promotion until writes went on.</returns>
    private async Task<TimeSpan> Promote(Writers writers)
    {
        var watch = Stopwatch.StartNew();
        await standby!.Promote();
        await Probe.Until(served!.IsReady, Form.Hang);
        await writers.More(50);
        return watch.Elapsed;
    }

    private async Task IsWhole(Writers writers, string fault, TimeSpan recovery)
    {
        await writers.End();
        var longest = writers.EverybodyWasAnswered(HttpStatusCode.ServiceUnavailable);
        await using var database = Database.OpenPostgres(standby!.Connection("madang"), TimeProvider.System);
        await database.Has(writers.Acknowledged);
        await database.IsSound();
        Form.Within(TimeLimit + TimeSpan.FromSeconds(2), longest, "The longest refusal");
        Form.Within(TimeSpan.FromSeconds(5), recovery, "Failing over");
        Form.Tell(
            $"PostgreSQL with a synchronous standby, {fault}: {writers.Acknowledged.Count} memos acknowledged, none lost; refused "
                + $"within {longest.TotalSeconds:0.0} s; writing again {recovery.TotalSeconds:0.0} s after the promotion began."
        );
    }
}
