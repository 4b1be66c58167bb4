using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

public sealed class CountingThroughFaultsOnSqlite() : CountingThroughFaults(new BareSqlite());

public sealed class CountingThroughFaultsOnPostgres(PostgresServer postgres)
    : CountingThroughFaults(new BarePostgres(postgres));

/// <summary>Links followed by 32 visitors at once while the program is stopped or killed: what was counted is compared with what was answered.</summary>
public abstract class CountingThroughFaults(Bare bare) : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => bare.InitializeAsync();

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task A_hundred_thousand_visits_and_a_stop_in_the_midst_of_more_are_counted_to_the_last()
    {
        await using var served = new Served(bare.Settings);
        await served.Migrate();
        await served.Start();
        var slugs = await served.Links(20);
        long answered;
        await using (var first = Followers.Begin(served.Url, slugs))
        {
            await first.More(100_000);
            await first.End();
            answered = first.Answered;
        }
        await using (var wave = Followers.Begin(served.Url, slugs))
        {
            await wave.More(2_000);
            await served.Stop();
            await wave.End(isServerGone: true);
            answered += wave.Answered;
        }
        Assert.Equal(answered, await bare.Database.Visits());

        await served.Start();
        Assert.Equal(answered, await served.Followed(slugs));
    }

    [Fact]
    public async Task Killed_it_loses_the_visits_of_the_last_second_at_most_and_never_a_link()
    {
        await using var served = new Served(bare.Settings);
        await served.Migrate();
        await served.Start();
        var slugs = await served.Links(20);
        var (before, most) = (0L, 0L);
        var rounds = Form.Rounds(3, 20);
        for (var round = 0; round < rounds; round++)
        {
            await using var followers = Followers.Begin(served.Url, slugs);
            await followers.More(2_000);
            // In the last round so long that what is due by then is most of it.
            var isLast = round == rounds - 1;
            await Task.Delay(isLast ? TimeSpan.FromSeconds(8) : RandomTime(), Stop);
            slugs.AddRange(await served.Links(1));
            var killed = Environment.TickCount64;
            await served.Kill();
            await followers.End(isServerGone: true);

            await served.Start();
            await Probe.Until(async () => await bare.Database.Unsummed() == 0, Form.Hang);
            var counted = await bare.Database.Visits() - before;
            // One second until it is written, and while that lasts the next one's gather; a busy machine is given more in the short form.
            var due = killed - (Form.IsLong ? 1_500 : 5_000);
            Assert.InRange(counted, followers.Before(due), followers.Answered + Followers.Count);
            Assert.True(!isLast || followers.Before(due) > 0, "Nothing was due.");
            most = Math.Max(most, followers.Answered - counted);
            before += counted;
            foreach (var slug in slugs)
            {
                Assert.Equal(HttpStatusCode.OK, await served.Get($"/api/v1/links/{slug}"));
            }
        }
        Assert.Equal(before, await served.Followed(slugs));
        Form.Tell(
            $"{bare.Database.Dialect}: killed {rounds} times under {Followers.Count} visitors, {before} visits counted, at most {most} of a kill lost; no link lost."
        );
    }

    private static TimeSpan RandomTime() => TimeSpan.FromMilliseconds(Random.Shared.Next(1_000, 2_500));
}
