using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Madang.Memos.Writing;
using Madang.Tests.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class ManyMemosAtOnceOnSqlite(SqliteYard yard) : ManyMemosAtOnce(yard), IClassFixture<SqliteYard>;

public sealed class ManyMemosAtOnceOnPostgres(PostgresYard yard) : ManyMemosAtOnce(yard), IClassFixture<PostgresYard>
{
    /// <summary>Whose programs write without a pause always has one on its way; on SQLite all take turns.</summary>
    [Fact]
    public async Task A_picture_comes_in_while_a_memo_of_its_owner_is_being_written()
    {
        var me = await yard.SignUp();
        var url = await yard.Database.Write(
            async sql =>
            {
                await MemoStore.Add(sql, me.Id, new() { Text = "아직 쓰는 중" });
                return await me.Keep(Made.Png());
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.OK, await me.See(url));
    }
}

public abstract class ManyMemosAtOnce(Yard yard)
{
    private const int Memos = 200;
    private const int Clients = 16;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_memos_by_sixteen_clients_are_all_made_and_paging_sees_each_once_while_more_arrive()
    {
        var me = await yard.SignUp();
        var ids = new ConcurrentBag<long>();
        await Parallel.ForAsync(
            0,
            Memos,
            new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Stop },
            async (number, _) => ids.Add(await me.Write($"메모 {number} #한꺼번에"))
        );
        Assert.Equal(Memos, ids.Distinct().Count());

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var arriving = Parallel.ForAsync(0, Clients, async (_, _) => await KeepWriting(me, enough.Token));
        foreach (var query in new[] { "page_size=7", "page_size=7&tag=한꺼번에", "page_size=7&q=메모" })
        {
            var seen = await me.List(query);
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Superset(ids.ToHashSet(), seen.ToHashSet());
        }
        await enough.CancelAsync();
        await arriving;
    }

    [Fact]
    public async Task Paging_goes_back_the_way_it_came()
    {
        var me = await yard.SignUp();
        for (var number = 0; number < 7; number++)
        {
            await me.Write($"{number}");
        }
        var first = await Page(me, "/api/v1/memos?page_size=3");
        var second = await Page(me, first.Next!);
        var third = await Page(me, second.Next!);
        Assert.Null(first.Previous);
        Assert.Null(third.Next);
        Assert.Equal(7, first.Ids.Concat(second.Ids).Concat(third.Ids).Distinct().Count());

        Assert.Equal(second.Ids, (await Page(me, third.Previous!)).Ids);
        var start = await Page(me, second.Previous!);
        Assert.Equal(first.Ids, start.Ids);
        Assert.Null(start.Previous);
    }

    private static async Task KeepWriting(Person me, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var answer = await me.Client.PostAsJsonAsync("/api/v1/memos", new { text = "더 온 메모 #한꺼번에" }, Stop);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }

    private static async Task<(List<long> Ids, string? Next, string? Previous)> Page(Person me, string url)
    {
        var page = await (await me.Client.GetAsync(url, Stop)).Json(HttpStatusCode.OK);
        return (
            [.. page.GetProperty("results").EnumerateArray().Select(memo => memo.GetProperty("id").GetInt64())],
            page.GetProperty("next").GetString(),
            page.GetProperty("previous").GetString()
        );
    }
}
