using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

public sealed class KillingAnImportOfLinks(BareSqlite bare) : KillingAnImport(bare), IClassFixture<BareSqlite>
{
    private protected override int Size => Form.Rounds(600, 3_000);

    private protected override int Rounds => Form.Rounds(1, 20);

    private protected override string What => "links";

    private protected override string Path => "/api/v1/links/imports";

    private protected override string Query => "?from=shlink";

    private protected override Task<int> Age(long id) =>
        Bare.Do("UPDATE link_imports SET updated_at = updated_at - 121000000 WHERE id = @id", new { id });

    private protected override byte[] File(int round) =>
        JsonSerializer.SerializeToUtf8Bytes(
            Enumerable
                .Range(0, Size)
                .Select(number => new
                {
                    shortCode = number % 3 == 0 ? $"kill-{round}-{number}" : null,
                    longUrl = $"https://example.com/{round}/{number}",
                    title = $"옮긴 링크 {round} {number}",
                    dateCreated = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000 + (round * Size) + number),
                    tags = new[] { "옮김", $"w{number % 7}" },
                    visitsSummary = new { total = 3, bots = 1 },
                })
        );

    /// <summary>No link is there twice, and each has its tags, its origin, its visits and its place in search.</summary>
    /// <returns>How many there are.</returns>
    private protected override async Task<long> AreWhole()
    {
        var count = await Bare.Ask<long>("SELECT count(*) FROM links");
        Assert.Equal(count, await Bare.Ask<long>("SELECT count(DISTINCT url) FROM links"));
        Assert.Equal(count, await Bare.Ask<long>("SELECT count(*) FROM link_origins JOIN links ON links.id = link_id"));
        Assert.Equal(2 * count, await Bare.Ask<long>("SELECT count(*) FROM link_totals WHERE people = 2 AND bots = 1"));
        Assert.Equal(2 * count, await Bare.Ask<long>("SELECT count(*) FROM links, json_each(links.tags)"));
        Assert.Equal(count, await Bare.Ask<long>("SELECT count(*) FROM link_grams WHERE link_grams MATCH 'xc62e'"));
        Assert.Equal("ok", await Bare.Ask<string>("SELECT group_concat(integrity_check) FROM pragma_integrity_check"));
        return count;
    }
}
