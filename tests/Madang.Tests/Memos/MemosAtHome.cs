using System.Net;
using Madang.Memos.Reading;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class MemosAtHomeOnSqlite(SqliteYard yard) : MemosAtHome(yard), IClassFixture<SqliteYard>;

public sealed class MemosAtHomeOnPostgres(PostgresYard yard) : MemosAtHome(yard), IClassFixture<PostgresYard>;

/// <summary>What the tile on the home page shows of one's memos.</summary>
public abstract class MemosAtHome(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pinned_ones_stand_before_the_newest_each_newest_first_and_no_more_than_there_is_room_for()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var ids = new List<long>();
        for (var number = 0; number < 7; number++)
        {
            ids.Add(await me.Write($"메모 {number}"));
        }
        await other.Write("남의 것", "team");
        foreach (var pinned in new[] { ids[3], ids[1], ids[5] })
        {
            await me.Client.Send(HttpMethod.Put, $"/api/v1/memos/{pinned}/pin").Is(HttpStatusCode.NoContent);
        }
        await me.Client.Send(HttpMethod.Put, $"/api/v1/memos/{ids[5]}/archive").Is(HttpStatusCode.NoContent);
        await me.Client.Send(HttpMethod.Delete, $"/api/v1/memos/{ids[6]}").Is(HttpStatusCode.NoContent);

        Assert.Equal([ids[3], ids[1], ids[4], ids[2]], await Shown(me, 4));
        Assert.Equal([ids[3]], await Shown(me, 1));
        Assert.Equal([ids[3], ids[1], ids[4], ids[2], ids[0]], await Shown(me, 9));
        Assert.Empty(await Shown(await yard.SignUp(), 4));
    }

    private async Task<IEnumerable<long>> Shown(Person person, int most) =>
        (await yard.Get<MemoLists>().PinnedAndNewest(person.Id, most, Stop)).Select(memo => memo.Id);
}
