using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Http;
using Madang.Memos.Reading;
using Madang.Memos.Writing;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class SearchAgainstAModelOnSqlite(SqliteYard yard) : SearchAgainstAModel(yard), IClassFixture<SqliteYard>;

public sealed class SearchAgainstAModelOnPostgres(PostgresYard yard)
    : SearchAgainstAModel(yard),
        IClassFixture<PostgresYard>;

/// <summary>Random writes, edits, shares and deletions; after each, the team's search must equal a look through all texts.</summary>
public abstract class SearchAgainstAModel(Yard yard)
{
    private static readonly string[] Words =
    [
        "회의",
        "의회",
        "회",
        "책 장",
        "C++",
        "c+",
        "가나다",
        "나다가",
        "a\nb",
        "🎉회",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Search_finds_just_the_memos_that_contain_the_query() =>
        Prop.ForAll(Gen.Choose(0, 999).ArrayOf(12).ToArbitrary(), steps => Run(steps).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    private async Task<bool> Run(int[] steps)
    {
        var (store, lists) = (yard.Get<MemoStore>(), yard.Get<MemoLists>());
        var me = yard.Admin.Id;
        var model = new Dictionary<long, (string Text, bool IsTeam)>();
        foreach (var step in steps)
        {
            var text = $"{Words[step % 10]} {Words[step / 10 % 10]}{Words[step / 100 % 10]}";
            var visibility = step % 3 == 0 ? "private" : "team";
            var known = model.Keys.ElementAtOrDefault(step % Math.Max(1, model.Count));
            if (known == 0 || step % 4 == 0)
            {
                var memo = await store.Write(me, new() { Text = text, Visibility = visibility }, Stop);
                model[memo.Id] = (text, visibility == "team");
            }
            else if (step % 4 == 1)
            {
                await store.Delete(known, me, Precondition.None, Stop);
                model.Remove(known);
            }
            else
            {
                await store.Change(
                    known,
                    me,
                    Precondition.None,
                    new() { Text = new(text), Visibility = new(visibility) },
                    Stop
                );
                model[known] = (text, visibility == "team");
            }
        }
        foreach (var word in Words)
        {
            var expected = model
                .Where(memo => memo.Value.IsTeam && Contains(memo.Value.Text, word))
                .Select(memo => memo.Key);
            var found = await lists.List(new MemoFilter(IsTeam: true, Query: word), me, null, 500, Stop);
            Assert.Equal(expected.Order(), found.Select(memo => memo.Id).Order());
        }
        foreach (var id in model.Keys)
        {
            await store.Delete(id, me, Precondition.None, Stop);
        }
        return true;
    }

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
