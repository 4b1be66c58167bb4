using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Http;
using Madang.Memos;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>A page of memos that write themselves is, byte for byte, what the serialiser makes of it.</summary>
public sealed class MemosOnTheWire(SqliteYard yard) : IClassFixture<SqliteYard>
{
    [Fact]
    public void A_page_is_what_the_serialiser_would_write()
    {
        var json = yard.Get<ContractJson>();
        var times = Gen.Choose(0, int.MaxValue)
            .Select(seconds => DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddMicroseconds(seconds % 3 * 1234));
        var memos =
            from id in Gen.Choose(1, int.MaxValue)
            from text in Gen.Elements("글", "a \"b\" \\ \n\u0001<&>+'", "😀 𠮷 \u2028", "#일/회의 #a #읽기", "")
            from isTeam in Gen.Elements(true, false)
            from pinned in Gen.OneOf(times.Select(time => (DateTimeOffset?)time), Gen.Constant((DateTimeOffset?)null))
            from archived in Gen.OneOf(times.Select(time => (DateTimeOffset?)time), Gen.Constant((DateTimeOffset?)null))
            from created in times
            from updated in times
            select new Memo
            {
                Id = id,
                Text = text,
                Visibility = isTeam ? "team" : "private",
                PinnedAt = pinned,
                ArchivedAt = archived,
                CreatedAt = created,
                UpdatedAt = updated,
                AuthorId = id / 2,
            };
        var pages =
            from results in memos.ListOf()
            from next in Gen.Elements<string?>(null, "https://예.example/api/v1/memos?cursor=a&b")
            from previous in Gen.Elements<string?>(null, "https://a.example/?\"<")
            select new CursorPage<Memo>(next, previous, results);

        Prop.ForAll(
                pages.ToArbitrary(),
                page =>
                    Assert.Equal(
                        JsonSerializer.SerializeToUtf8Bytes(page, json.TypeInfo<CursorPage<Memo>>()),
                        json.Bytes(page)
                    )
            )
            .QuickCheckThrowOnFailure();
    }
}
