using Madang.Links.Blocking;
using Madang.Links.Following;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging.Abstractions;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class RememberingLinksOnSqlite(SqliteYard yard) : RememberingLinks(yard)
{
    [Fact]
    public async Task What_is_forgotten_is_not_brought_back_by_who_looks_at_it_meanwhile()
    {
        var slug = await Yard.Admin.Slug();
        // Whatever is kept makes the halves change places, so that it is taken from the old one each time.
        var links = new OpenLinks(Yard.Database) { MostOfHalf = 0 };
        using var end = new CancellationTokenSource();
        var readers = Enumerable
            .Range(0, 3)
            .Select(_ =>
                Task.Run(
                    () =>
                    {
                        while (!end.IsCancellationRequested)
                        {
                            links.Remembered(slug);
                        }
                    },
                    Stop
                )
            )
            .ToList();
        var wrong = 0;
        for (var round = 0; round < 1_000; round++)
        {
            await links.Find(slug, Stop);
            links.Forget(slug);
            for (var look = 0; look < 20; look++)
            {
                wrong += links.Remembered(slug) is null ? 0 : 1;
            }
        }
        await end.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(0, wrong);
    }
}

[Collection(nameof(SharedPostgresYard))]
public sealed class RememberingLinksOnPostgres(PostgresYard yard) : RememberingLinks(yard)
{
    [Fact]
    public async Task What_was_read_before_a_change_and_comes_after_it_is_not_remembered()
    {
        var slug = await Yard.Admin.Slug();
        var links = new OpenLinks(Yard.Database);
        var isHeld = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var holder = Yard.Database.Write(
            async sql =>
            {
                await sql.Execute("LOCK TABLE links IN ACCESS EXCLUSIVE MODE");
                isHeld.SetResult();
                await goOn.Task;
                return 0;
            },
            Stop
        );
        await isHeld.Task;
        var reading = links.Find(slug, Stop);
        links.Forget(slug);
        goOn.SetResult();
        await holder;

        Assert.NotNull(await reading);
        Assert.Null(links.Remembered(slug));
        Assert.NotNull(await links.Find(slug, Stop));
        Assert.NotNull(links.Remembered(slug));
    }
}

/// <summary>The links that a process has in memory: so many, and none as it was before a change.</summary>
public abstract class RememberingLinks(Yard yard)
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected Yard Yard => yard;

    [Fact]
    public async Task A_million_links_would_not_fill_the_memory()
    {
        var links = new OpenLinks(yard.Database) { MostOfHalf = 8_000 };
        var slugs = new List<string>();
        for (var number = 0; number < 60; number++)
        {
            slugs.Add(await yard.Admin.Slug());
        }
        foreach (var slug in slugs)
        {
            Assert.NotNull(await links.Find(slug, Stop));
            // What is followed all the time stays, whatever comes and goes beside it.
            Assert.NotNull(links.Remembered(slugs[0]));
        }
        Assert.InRange(links.Count, 10, 56);
        Assert.Null(links.Remembered(slugs[1]));
        links.Forget(slugs[0]);
        Assert.Null(links.Remembered(slugs[0]));
    }

    [Fact]
    public async Task Who_was_away_for_longer_than_notes_of_changes_are_read_begins_anew()
    {
        var slug = await yard.Admin.Slug();
        var clock = new Stopwatch();
        var links = new OpenLinks(yard.Database);
        using var watcher = new LinkWatcher(
            yard.Database,
            links,
            yard.Get<BlockedHosts>(),
            clock,
            NullLogger<LinkWatcher>.Instance
        );
        await watcher.Look(Stop);
        await links.Find(slug, Stop);
        await watcher.Look(Stop);
        Assert.NotNull(links.Remembered(slug));

        clock.Elapsed += yard.Database.TimeLimit + TimeSpan.FromSeconds(1);
        await watcher.Look(Stop);
        Assert.Null(links.Remembered(slug));
    }

    private sealed class Stopwatch : TimeProvider
    {
        internal TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
