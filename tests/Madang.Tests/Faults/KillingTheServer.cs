using System.Security.Cryptography;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

public sealed class KillingTheServerOnSqlite() : KillingTheServer(new BareSqlite());

public sealed class KillingTheServerOnPostgres(PostgresServer postgres) : KillingTheServer(new BarePostgres(postgres));

/// <summary>The program killed without a word at any moment, again and again.</summary>
public abstract class KillingTheServer(Bare bare) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => bare.InitializeAsync();

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task Under_32_writers_nothing_acknowledged_is_lost_and_it_comes_back_by_itself()
    {
        await using var served = new Served(bare.Settings);
        await served.Migrate();
        await served.Start();
        var rounds = Form.Rounds(20, 200);
        var times = new List<TimeSpan>();
        var acknowledged = new Dictionary<long, string>();
        for (var round = 0; round < rounds; round++)
        {
            var wait = RandomNumberGenerator.GetInt32(300);
            await using var writers = served.Writers();
            await writers.More(1);
            await Task.Delay(wait, TestContext.Current.CancellationToken);
            await served.Kill();
            await writers.End();

            times.Add(await served.Start());
            await bare.Database.Has(writers.Acknowledged);
            foreach (var (id, text) in writers.Acknowledged)
            {
                acknowledged.Add(id, text);
            }
            if (round % 5 == 4)
            {
                await bare.Database.IsSound();
            }
        }
        await bare.Database.Has(acknowledged);
        Assert.Superset(acknowledged.Keys.ToHashSet(), await served.Listed());

        times.Sort();
        Assert.InRange(times[^1], TimeSpan.Zero, Form.Hang);
        Form.Within(TimeSpan.FromSeconds(5), times[rounds / 2], "The start after a kill");
        Form.Tell(
            $"{bare.Database.Dialect}: killed {rounds} times under {Writers.Count} writers, {acknowledged.Count} memos acknowledged, "
                + $"none lost; ready again after {times[rounds / 2].TotalSeconds:0.0} s ({times[^1].TotalSeconds:0.0} s at most)."
        );
    }
}
