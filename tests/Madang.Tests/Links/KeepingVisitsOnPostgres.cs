using Madang.Foundation.Data;
using Madang.Links.Counting;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>There one may hold what others want to write.</summary>
[Collection(nameof(SharedPostgresYard))]
public sealed class KeepingVisitsOnPostgres(PostgresYard yard) : KeepingVisits(yard)
{
    /// <summary>Who waits for a lock for so long is told that the database is away.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Where_only_the_sums_cannot_be_written_the_visits_are_and_somebody_sums_them_up_later()
    {
        var (slug, link) = await NewLink();
        await using var hasty = Database.OpenPostgres(Yard.Databases[0].Split('=', 2)[1], TimeProvider.System, Short);
        using var counter = NewCounter(new VisitStore(hasty));
        Visit(counter, link, 3);
        await using (await Held("LOCK TABLE link_totals IN EXCLUSIVE MODE"))
        {
            await counter.Write(Stop);
            Assert.Equal((0, 3), (counter.Left, await Told(slug, counter)));
            // More than it tries: then they are left to others.
            for (var time = 0; time < 5; time++)
            {
                Visit(counter, link, 1);
                await counter.Write(Stop);
                Assert.Equal(0, counter.Left);
            }
        }
        await counter.Write(Stop, isLast: true);
        await Yard.Get<VisitStore>().SumUpLeftOver(TimeSpan.Zero, Stop);
        Assert.Equal(8, await Told(slug, counter));
    }

    [Fact]
    public async Task A_batch_that_cannot_be_summed_up_now_keeps_no_other()
    {
        var (slug, link) = await NewLink();
        var batches = new[] { NewBatch(link, 1), NewBatch(link, 2), NewBatch(link, 4) };
        foreach (var batch in batches)
        {
            await Yard.Get<VisitStore>().Write(batch, null, Stop);
        }
        await using var hasty = Database.OpenPostgres(Yard.Databases[0].Split('=', 2)[1], TimeProvider.System, Short);
        using var counter = NewCounter(new VisitStore(hasty));
        await using (await Held("SELECT number FROM link_batches WHERE name = @Name FOR UPDATE", batches[0]))
        {
            await Probe.Until(
                async () =>
                {
                    await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
                        new VisitStore(hasty).SumUpLeftOver(TimeSpan.Zero, Stop)
                    );
                    return await Told(slug, counter) == 6;
                },
                TimeSpan.FromSeconds(20)
            );
        }
        await Yard.Get<VisitStore>().SumUpLeftOver(TimeSpan.Zero, Stop);
        Assert.Equal(7, await Told(slug, counter));
    }

    /// <summary>Holds what a statement locks until it is disposed of.</summary>
    private async Task<Hold> Held(string text, object? values = null)
    {
        var hold = new Hold();
        hold.Ends = Yard.Database.Write(
            async sql =>
            {
                await sql.Execute(text, values);
                hold.Begun.SetResult();
                await hold.GoOn.Task;
                return 0;
            },
            Stop
        );
        await hold.Begun.Task;
        return hold;
    }

    private sealed class Hold : IAsyncDisposable
    {
        internal TaskCompletionSource Begun { get; } = new();

        internal TaskCompletionSource GoOn { get; } = new();

        internal Task Ends { get; set; } = Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            GoOn.SetResult();
            await Ends;
        }
    }
}
