using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>The program killed without a word in the midst of an import of thousands of links.</summary>
public sealed class KillingAnImportOfLinks(BareSqlite bare) : IClassFixture<BareSqlite>
{
    private const int Links = 3_000;

    /// <summary>So often an import may be at its end before it is killed, on a machine that stood still.</summary>
    private const int MostRepeated = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_in_is_there_once_and_whole_the_import_says_how_far_it_came_and_the_same_file_brings_the_rest()
    {
        await using var served = new Served(bare.Settings);
        await served.Start();
        byte[] file = [];
        var (before, added, killed, repeated) = (0L, 0L, 0, 0);
        while (killed < Form.Rounds(2, 20))
        {
            // New links in each round: what is there already is passed over too quickly to be killed in the midst of it.
            file = File(killed + repeated);
            var id = await Begin(served, file);
            var some = RandomNumberGenerator.GetInt32(1, 800);
            await Probe.Until(async () => (await Read(served, id)).Number("added") >= some, Form.Hang);
            await served.Kill();

            await served.Start();
            // Its process says nothing for two minutes.
            await bare.Do("UPDATE link_imports SET updated_at = updated_at - 121000000 WHERE id = @id", new { id });
            var import = await Read(served, id);
            added = import.Number("added");
            Assert.Equal(before + added, await AreWhole());
            before += added;
            if (import.Text("state") == "done")
            {
                Assert.Equal(Links, added);
                Assert.True(++repeated <= MostRepeated, "Each import is at its end before it is killed.");
                continue;
            }
            Assert.Equal(("failed", "interrupted"), (import.Text("state"), import.Text("problem")));
            Assert.InRange(added, some, Links);
            killed++;
        }

        var last = await Begin(served, file);
        await Probe.Until(async () => (await Read(served, last)).Text("state") is "done" or "failed", Form.Hang);
        var rest = await Read(served, last);
        Assert.Equal(
            ("done", Links, Links - added, added),
            (rest.Text("state"), rest.Number("total"), rest.Number("added"), rest.Number("present"))
        );
        Assert.Equal(before - added + Links, await AreWhole());
        Form.Tell(
            $"Sqlite: {killed} imports of {Links} links killed in their midst, {before} had come, none lost, none twice."
        );
    }

    private static byte[] File(int round) =>
        JsonSerializer.SerializeToUtf8Bytes(
            Enumerable
                .Range(0, Links)
                .Select(number => new
                {
                    shortCode = number % 3 == 0 ? $"kill-{round}-{number}" : null,
                    longUrl = $"https://example.com/{round}/{number}",
                    title = $"옮긴 링크 {round} {number}",
                    dateCreated = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000 + (round * Links) + number),
                    tags = new[] { "옮김", $"w{number % 7}" },
                    visitsSummary = new { total = 3, bots = 1 },
                })
        );

    /// <summary>No link is there twice, and each has its tags, its origin, its visits and its place in search.</summary>
    /// <returns>How many there are.</returns>
    private async Task<long> AreWhole()
    {
        var count = await bare.Ask<long>("SELECT count(*) FROM links");
        Assert.Equal(count, await bare.Ask<long>("SELECT count(DISTINCT url) FROM links"));
        Assert.Equal(count, await bare.Ask<long>("SELECT count(*) FROM link_origins JOIN links ON links.id = link_id"));
        Assert.Equal(2 * count, await bare.Ask<long>("SELECT count(*) FROM link_totals WHERE people = 2 AND bots = 1"));
        Assert.Equal(2 * count, await bare.Ask<long>("SELECT count(*) FROM links, json_each(links.tags)"));
        Assert.Equal(count, await bare.Ask<long>("SELECT count(*) FROM link_grams WHERE link_grams MATCH 'xc62e'"));
        Assert.Equal("ok", await bare.Ask<string>("SELECT group_concat(integrity_check) FROM pragma_integrity_check"));
        return count;
    }

    private static async Task<long> Begin(Served served, byte[] file)
    {
        using var client = served.Client();
        using var body = new ByteArrayContent(file);
        using var answer = await client.PostAsync("/api/v1/links/imports?from=shlink", body, Stop);
        return (await answer.Json(HttpStatusCode.Created)).Number("id");
    }

    private static async Task<JsonElement> Read(Served served, long id)
    {
        using var client = served.Client();
        using var answer = await client.GetAsync($"/api/v1/links/imports/{id}", Stop);
        return await answer.Json(HttpStatusCode.OK);
    }
}
