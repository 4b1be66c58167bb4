using System.Net;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>How often the database is asked for one list.</summary>
[Collection(nameof(TwoLibraries))]
public sealed class ComputingListsOnce(TwoLibraries servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_first_requests_at_once_for_one_list_make_one_query()
    {
        var server = servers.All[0];
        await using var database = Database.OpenPostgres(
            servers.Database,
            TimeProvider.System,
            TimeSpan.FromMinutes(2)
        );
        var (waits, computations) = (await server.Counted("waits_total"), await server.Counted("computations_total"));
        // Somebody holds the table, so that every query of the list waits where it can be counted.
        var mayGo = new TaskCompletionSource();
        var isHeld = new TaskCompletionSource();
        var holding = database.Write(
            async sql =>
            {
                await sql.Execute("LOCK TABLE books IN ACCESS EXCLUSIVE MODE");
                isHeld.SetResult();
                await mayGo.Task;
                return 0;
            },
            Stop
        );
        await isHeld.Task;
        var path = $"/api/v1/books?page_size=7&title={Guid.NewGuid():N}";
        var answers = Array.ConvertAll(new int[200], _ => server.Client.GetAsync(path, Stop));
        try
        {
            await Probe.Until(async () => await server.Counted("waits_total") == waits + 199);
            await Probe.Until(async () => await Waiting() > 0);
            Assert.Equal(1, await Waiting());
        }
        finally
        {
            mayGo.SetResult();
            await holding;
        }
        foreach (var answer in await Task.WhenAll(answers))
        {
            Assert.Equal(0, (await answer.Json(HttpStatusCode.OK)).Number("count"));
            answer.Dispose();
        }
        Assert.Equal(computations + 1, await server.Counted("computations_total"));

        Task<long> Waiting() =>
            database.Read(
                sql =>
                    sql.Single<long>(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'books'::regclass"
                    ),
                Stop
            );
    }
}
