using System.Collections.Concurrent;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Tests.Yards;

namespace Madang.Tests.Events;

public sealed class ClaimingDeliveriesOnSqlite(BareSqlite bare) : ClaimingDeliveries(bare), IClassFixture<BareSqlite>;

public sealed class ClaimingDeliveriesOnPostgres(BarePostgres bare)
    : ClaimingDeliveries(bare),
        IClassFixture<BarePostgres>;

/// <summary>Who holds a delivery, when several processes are there and some of them die.</summary>
public abstract class ClaimingDeliveries(Bare bare) : IAsyncLifetime
{
    private static readonly TimeSpan PastLease = DeliveryStore.Lease + TimeSpan.FromSeconds(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DeliveryStore Store => new(bare.Database);

    public async ValueTask InitializeAsync() => await bare.Build();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_a_process_took_that_died_before_it_marked_it_is_delivered_again()
    {
        await Happen("dying");
        var effects = 0;
        var first = Assert.Single(await Claim("dying"));
        effects++;
        Assert.Empty(await Claim("dying"));
        bare.Clock.Advance(PastLease);
        await using var post = new Post(
            bare,
            new Listener(
                "dying",
                (envelope, _) =>
                {
                    Assert.Equal(first.EventId, envelope.Id);
                    effects++;
                    return Task.CompletedTask;
                }
            )
        );
        await post.Start();

        await Probe.Until(async () => (await post.Of("dying")).State == "done");
        Assert.Equal((2, 2), (effects, (await post.Of("dying")).Tries));
    }

    [Fact]
    public async Task Two_processes_never_hold_one_delivery_at_once()
    {
        for (var i = 0; i < 200; i++)
        {
            await Happen("contended");
        }
        await using var other = bare.Open();
        var taken = new ConcurrentBag<long>();
        async Task TakeAll(Database db)
        {
            var store = new DeliveryStore(db);
            while (await store.Claim(["contended"], 3, Stop) is { Count: > 0 } some)
            {
                some.ForEach(delivery => taken.Add(delivery.EventId));
            }
        }
        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => TakeAll(i % 2 == 0 ? bare.Database : other), Stop))
        );

        Assert.Equal(200, taken.Distinct().Count());
        Assert.Equal(200, taken.Count);
    }

    [Fact]
    public async Task Who_held_a_delivery_past_its_lease_cannot_undo_what_another_did()
    {
        await Happen("late");
        var late = Assert.Single(await Claim("late"));
        bare.Clock.Advance(PastLease);
        var next = Assert.Single(await Claim("late"));
        Assert.Equal(0, await Store.Failed(late, "Too late.", Stop));
        await Store.Done(next, Stop);
        await Store.Failed(late, "Too late.", Stop);
        await Store.Failed(next, "Too late.", Stop);

        Assert.Equal("done", await bare.Ask<string>("SELECT state FROM deliveries WHERE handler = 'late'"));
    }

    [Fact]
    public async Task A_delivery_that_ends_its_process_each_time_is_parked_too()
    {
        await Happen("deadly");
        for (var tries = 0; tries < DeliveryStore.MostTries; tries++)
        {
            Assert.Equal(tries, Assert.Single(await Claim("deadly")).Tries);
            bare.Clock.Advance(PastLease);
        }

        Assert.Empty(await Claim("deadly"));
        Assert.Equal("parked", await bare.Ask<string>("SELECT state FROM deliveries WHERE handler = 'deadly'"));
    }

    [Fact]
    public async Task An_event_is_undone_with_the_change_that_it_tells_of()
    {
        var rings = 0;
        bare.Database.Outbox = new OutboxSettings([new("undone", MemoShared.Type)], () => rings++);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            bare.Database.Write<int>(
                async sql =>
                {
                    await sql.Append(new MemoShared(77, 2), 2);
                    throw new InvalidOperationException("No.");
                },
                Stop
            )
        );
        await bare.Database.Write(
            async sql =>
            {
                await sql.Append(new MemoShared(77, 2), 2);
                sql.RollBack();
                return 0;
            },
            Stop
        );

        Assert.Equal(0, rings);
        Assert.Equal(0, await bare.Ask<int>("SELECT count(*) FROM deliveries WHERE handler = 'undone'"));
        Assert.Equal(0, await bare.Ask<int>("SELECT count(*) FROM events WHERE payload LIKE '%77%'"));
    }

    [Fact]
    public async Task A_delivery_for_a_handler_that_does_not_run_here_waits_for_the_process_where_it_does()
    {
        await Happen("elsewhere");

        Assert.Empty(await Claim("here"));
        Assert.Single(await Claim("elsewhere"));
    }

    private Task<List<Delivery>> Claim(string handler) => Store.Claim([handler], 10, Stop);

    private Task<int> Happen(string handler)
    {
        bare.Database.Outbox = new OutboxSettings([new(handler, MemoShared.Type)], () => { });
        return Post.Append(bare.Database);
    }
}
