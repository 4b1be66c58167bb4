using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

public sealed class KillingAnImportOfMemos(BareSqlite bare) : KillingAnImport(bare), IClassFixture<BareSqlite>
{
    private protected override int Size => Form.Rounds(1_000, 5_000);

    private protected override int Rounds => Form.Rounds(1, 20);

    private protected override string What => "memos";

    private protected override string Path => "/api/v1/memos/imports";

    private protected override string Query => "";

    private protected override Task<int> Age(long id) =>
        Bare.Do("UPDATE memo_imports SET updated_at = updated_at - 121000000 WHERE id = @id", new { id });

    private protected override byte[] File(int round) =>
        JsonSerializer.SerializeToUtf8Bytes(
            Enumerable
                .Range(0, Size)
                .Select(number => new
                {
                    content = $"모은 메모 {round} {number} #옮김 #w{number % 7} ",
                    createdTs = 1_600_000_000 + (round * Size) + number,
                    visibility = number % 10 == 0 ? "PUBLIC" : "PRIVATE",
                })
        );

    /// <summary>No memo is there twice, and each has its tags, its origin and, if it is the team's, its place in search.</summary>
    /// <returns>How many there are.</returns>
    private protected override async Task<long> AreWhole()
    {
        var count = await Bare.Ask<long>("SELECT count(*) FROM memos");
        Assert.Equal(count, await Bare.Ask<long>("SELECT count(DISTINCT text) FROM memos"));
        Assert.Equal(count, await Bare.Ask<long>("SELECT count(*) FROM memo_origins JOIN memos ON memos.id = memo_id"));
        Assert.Equal(
            2 * count,
            await Bare.Ask<long>("SELECT count(*) FROM memo_tags JOIN memos ON memos.id = memo_id")
        );
        Assert.Equal(
            await Bare.Ask<long>("SELECT count(*) FROM memos WHERE visibility = 'team'"),
            await Bare.Ask<long>("SELECT count(*) FROM memo_grams WHERE memo_grams MATCH 'xbaa8'")
        );
        Assert.Equal("ok", await Bare.Ask<string>("SELECT group_concat(integrity_check) FROM pragma_integrity_check"));
        return count;
    }
}
