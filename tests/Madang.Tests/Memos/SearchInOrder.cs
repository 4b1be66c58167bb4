using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Http;
using Madang.Memos.Reading;
using Madang.Memos.Writing;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class SearchInOrderOnSqlite(SqliteYard yard) : SearchInOrder(yard), IClassFixture<SqliteYard>;

public sealed class SearchInOrderOnPostgres(PostgresYard yard) : SearchInOrder(yard), IClassFixture<PostgresYard>;

/// <summary>Whatever order memos came in, as when older ones are brought from elsewhere, the team's search pages from the newest.</summary>
public abstract class SearchInOrder(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Pages_of_a_search_hold_every_hit_once_newest_first() =>
        Prop.ForAll(Gen.Choose(0, 99).ArrayOf(14).ToArbitrary(), hours => Run(hours).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    private async Task<bool> Run(int[] hours)
    {
        var (store, lists) = (yard.Get<MemoStore>(), yard.Get<MemoLists>());
        var me = yard.Admin.Id;
        var model = new List<(DateTimeOffset At, long Id)>();
        var begin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < hours.Length; i++)
        {
            // Every fifth is older or newer than those before it; the others come in order.
            var at = begin.AddHours(i % 5 == 4 ? hours[i] : i * 4);
            var text = hours[i] % 3 == 0 ? "다른 말" : "단풍 구경";
            var memo = await store.Write(me, new() { Text = text, Visibility = "team" }, Stop);
            await yard.Database.Write(
                sql => sql.Execute("UPDATE memos SET created_at = @at WHERE id = @Id", new { at, memo.Id }),
                Stop
            );
            if (text == "단풍 구경")
            {
                model.Add((at, memo.Id));
            }
        }

        var found = new List<(DateTimeOffset, long)>();
        for (Cursor? cursor = null; ; )
        {
            var page = await lists.List(new MemoFilter(IsTeam: true, Query: "단풍"), me, cursor, 3, Stop);
            found.AddRange(page.Take(3).Select(memo => (memo.CreatedAt, memo.Id)));
            if (page.Count <= 3)
            {
                break;
            }
            cursor = new(page[2].CreatedAt, page[2].Id, false);
        }

        Assert.Equal(model.OrderDescending(), found);
        await yard.Database.Write(sql => sql.Execute("UPDATE memos SET deleted_at = @Now", new { sql.Now }), Stop);
        return true;
    }
}
