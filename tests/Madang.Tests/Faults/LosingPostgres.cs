using System.Diagnostics;
using System.Net;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>The PostgreSQL server goes away under load, or stands still, and comes back.</summary>
public sealed class LosingPostgres : IAsyncLifetime
{
    /// <summary>Shorter than anything here stands still.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private PostgresProcess? postgres;
    private Served? served;
    private string connection = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresProcess.Programs is null, PostgresProcess.NotInstalled);
        postgres = await PostgresProcess.Make();
        await postgres.Do("CREATE DATABASE madang");
        connection = postgres.Connection("madang");
        served = new Served($"--Data:Postgres={connection}", $"--Data:TimeLimit={TimeLimit.TotalSeconds}");
        await served.Migrate();
        await served.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (served is not null)
        {
            await served.DisposeAsync();
        }
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    [Fact]
    public async Task Killed_and_started_again_nothing_acknowledged_is_lost_and_nobody_hangs()
    {
        await using var writers = served!.Writers();
        var recoveries = new List<TimeSpan>();
        for (var round = 0; round < Form.Rounds(2, 20); round++)
        {
            await writers.More(100);
            var refused = writers.Somebody(HttpStatusCode.ServiceUnavailable);
            await postgres!.Kill();
            await refused;
            Assert.False(await served.IsReady());

            await postgres.Start();
            recoveries.Add(await Recovered(writers));
        }
        await IsWhole(writers, "killed and started again", recoveries.Max());
    }

    [Fact]
    public async Task Frozen_for_ten_seconds_everybody_is_told_so_in_time_and_the_server_itself_stands()
    {
        await using var writers = served!.Writers();
        await writers.More(100);
        var refused = writers.Somebody(HttpStatusCode.ServiceUnavailable);
        await postgres!.Freeze();
        var watch = Stopwatch.StartNew();
        await refused;
        Assert.False(await served.IsReady());
        while (watch.Elapsed < TimeSpan.FromSeconds(10))
        {
            var look = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.OK, await served.Lives());
            Form.Within(TimeSpan.FromSeconds(1), look.Elapsed, "To say that it lives");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        await postgres.Thaw();
        await IsWhole(writers, "frozen for 10 s", await Recovered(writers));
    }

    [Fact]
    public async Task Frozen_for_ten_seconds_known_links_are_followed_and_counted_and_others_are_not_said_to_be_unknown()
    {
        var slugs = await served!.Links(20);
        await using var followers = Followers.Begin(served.Url, slugs);
        await followers.More(2_000);
        await postgres!.Freeze();
        var watch = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await served.Get("/nobody-knows"));
        var answered = followers.Answered;
        var visitors = followers.More(20_000);
        await Task.Delay(TimeSpan.FromSeconds(10) - watch.Elapsed, TestContext.Current.CancellationToken);
        Assert.False(await served.IsReady());
        await visitors;
        await postgres.Thaw();

        await Probe.Until(async () => await served.Get("/nobody-knows") == HttpStatusCode.NotFound, Form.Hang);
        await followers.End();
        await served.Stop();
        await using var database = Database.OpenPostgres(connection, TimeProvider.System);
        Assert.Equal(followers.Answered, await database.Visits());
        Form.Tell(
            $"PostgreSQL frozen for 10 s: {followers.Answered - answered} visits of known links meanwhile, all counted."
        );
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_ended_by_PostgreSQL_and_told_as_such()
    {
        await using var database = Database.OpenPostgres(connection, TimeProvider.System, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
            database.Read(sql => sql.Query<object>("SELECT pg_sleep(60)"), CancellationToken.None)
        );
        await Probe.Until(async () =>
            await postgres!.Ask<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == 0
        );
    }

    /// <summary>Until it is ready and writes go on.</summary>
    private async Task<TimeSpan> Recovered(Writers writers)
    {
        var watch = Stopwatch.StartNew();
        await Probe.Until(served!.IsReady, Form.Hang);
        await writers.More(50);
        return watch.Elapsed;
    }

    private async Task IsWhole(Writers writers, string fault, TimeSpan recovery)
    {
        await writers.End();
        var longest = writers.EverybodyWasAnswered(HttpStatusCode.ServiceUnavailable);
        await using var database = Database.OpenPostgres(connection, TimeProvider.System);
        await database.Has(writers.Acknowledged);
        await database.IsSound();
        Form.Within(TimeLimit + TimeSpan.FromSeconds(2), longest, "The longest refusal");
        Form.Within(TimeSpan.FromSeconds(10), recovery, "Coming back");
        Form.Tell(
            $"PostgreSQL {fault}: {writers.Acknowledged.Count} memos acknowledged, none lost; refused within "
                + $"{longest.TotalSeconds:0.0} s (limit {TimeLimit.TotalSeconds} s); writing again {recovery.TotalSeconds:0.0} s after it."
        );
    }
}
