using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>
/// Random creates, edits, renames, loans, returns and lists of several clients at once. Every list must be what the model allows: on the
/// process that took a write the newest, on another one at most a second old; and never something that was not so at any time.
/// </summary>
[Collection(nameof(TwoLibraries))]
public sealed class ListsAgainstAModel(TwoLibraries servers)
{
    /// <summary>A list that begins so long after a write's answer shows it, on whichever process.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private static readonly string?[] Titles = [null, null, "산", "sea", "ㄱㅇ", "ㅅ", "을 산", "ㅋㅋ", "c1", "없는"];

    private static readonly string?[] Authors = [null, null, null, "지은이", "ㄷㄹ", "0"];

    private static readonly string?[] Orders = [null, "title", "-title", "published_at", "-published_at"];

    private static readonly int[] Sizes = [1, 2, 5, 500];

    [Fact]
    public async Task Of_two_processes_on_one_database_and_one_Redis_no_list_is_older_than_promised()
    {
        Check(servers.Clients, 7);
        // They were not only right, but came out of both levels.
        foreach (var level in new[] { "memory", "redis" })
        {
            var hits = await Task.WhenAll(
                servers.All.Select(server => server.Counted("hits_total", $"level=\"{level}\""))
            );
            Assert.All(hits, count => Assert.True(count > 0, $"Only {count} lists came out of {level}."));
        }
    }

    [Fact]
    public async Task On_the_embedded_database_every_list_is_the_newest()
    {
        await using var yard = await NewYards.OnSqlite.Start(
            "--SignIn:AllowSignUp=true",
            "--RateLimits:Enabled=false",
            "--Library:MaxLoans=10000"
        );
        Check([(await yard.SignUp()).Client], 7);
    }

    private static void Check(HttpClient[] processes, int plans) =>
        Prop.ForAll(LibraryPlan.Any(), plan => Run(plan, processes).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(plans));

    private static async Task<bool> Run(LibraryPlan plan, HttpClient[] processes)
    {
        var lists = new ConcurrentBag<Listed>();
        LibraryClient[] clients = [];
        clients =
        [
            .. plan.Clients.Select(
                (_, number) => new LibraryClient(number, processes, lists, step => AskedIn(step.A, step.B))
            ),
        ];
        try
        {
            await Task.WhenAll(clients.Zip(plan.Clients, (client, steps) => Task.Run(() => client.Do(steps))));
            // From here on nobody writes: when the bound is over, both show the last state, whatever they were asked before.
            await Task.Delay(Bound);
            var first = 0;
            foreach (var list in lists.Select(list => list.Asked).DistinctBy(asked => asked.Query).ToList())
            {
                // What the one has computed the other finds in Redis, if it is the same.
                await clients[0].List(first, list);
                await clients[0].List((first + 1) % processes.Length, list);
                first = (first + 1) % processes.Length;
            }
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.TidyUp(0);
            }
            // A write of its own, after which the other process too knows of all that.
            await new LibraryClient(0, processes, [], _ => new(null, null, [], true, null, 1, 1)).Do([
                new(Deed.AddTag, processes.Length - 1, 0, 0),
                new(Deed.DeleteTag, processes.Length - 1, 0, 0),
            ]);
        }
        foreach (var list in lists)
        {
            IsAllowed(list, clients);
        }
        return true;

        Asked AskedIn(int a, int b)
        {
            if (a % 4 == 0)
            {
                // Whatever is written changes this one.
                return new(null, null, [], true, null, 500, 1);
            }
            var question = plan.Questions[a % plan.Questions.Length];
            var tags = clients[b % clients.Length].Now.Tags.Keys.Order().ToList();
            return new(
                Next(Titles),
                Next(Authors),
                Next([0, 0, 1, 2]) is var count && tags.Count < count ? [] : [.. tags.Take(count)],
                Next([true, false]),
                Next(Orders),
                Next(Sizes),
                Next([1, 1, 2, 3])
            );

            T Next<T>(T[] of)
            {
                var one = of[question % of.Length];
                question /= of.Length;
                return one;
            }
        }
    }

    /// <summary>Of each client, the list shows one of the states that it may show; together they make its answer.</summary>
    private static void IsAllowed(Listed list, LibraryClient[] clients)
    {
        var windows = clients.Select(client => Window(list, client.History)).ToList();
        IEnumerable<ImmutableList<ShelfModel>> together = [ImmutableList<ShelfModel>.Empty];
        foreach (var window in windows)
        {
            together = together.SelectMany(some => window.Select(some.Add));
        }
        if (!together.Any(models => ShelfModel.All(models).Answer(list.Asked) == list.Answer))
        {
            var newest = ShelfModel.All(windows.Select(window => window[^1])).Answer(list.Asked);
            Assert.Fail(
                $"Process {list.Process} answered {list.Asked.Query} with\n{list.Answer}\nof {string.Join('×', windows.Select(window => window.Count))} states that it may show the newest is\n{newest}"
            );
        }
    }

    private static List<ShelfModel> Window(Listed list, IReadOnlyList<Written> history)
    {
        var least = 0;
        for (var at = 0; at < history.Count; at++)
        {
            var (_, ended, process, _) = history[at];
            var isKnown =
                process == list.Process
                    ? ended <= list.Began
                    : ended <= list.Began && Stopwatch.GetElapsedTime(ended, list.Began) >= Bound;
            least = isKnown ? at : least;
        }
        return [.. history.Skip(least).TakeWhile(one => one.Began < list.Ended).Select(one => one.After)];
    }
}
