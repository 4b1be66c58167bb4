using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>The program killed without a word in the midst of an import of thousands of memos.</summary>
public sealed class KillingAnImport(BareSqlite bare) : IClassFixture<BareSqlite>
{
    private const int Memos = 2_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_in_is_there_once_and_whole_the_import_says_how_far_it_came_and_the_same_file_brings_the_rest()
    {
        var file = JsonSerializer.SerializeToUtf8Bytes(
            Enumerable
                .Range(0, Memos)
                .Select(number => new
                {
                    content = $"모은 메모 {number} #옮김 #w{number % 7} ",
                    createdTs = 1_600_000_000 + number,
                    visibility = number % 10 == 0 ? "PUBLIC" : "PRIVATE",
                })
        );
        await using var served = new Served(bare.Settings);
        await served.Start();
        long before = 0;
        for (var round = 0; round < Form.Rounds(1, 20); round++)
        {
            var id = await Begin(served, file);
            var some = RandomNumberGenerator.GetInt32(1, 800 / Form.Rounds(1, 20));
            await Probe.Until(async () => (await Read(served, id)).Number("added") >= some, Form.Hang);
            await served.Kill();

            await served.Start();
            // Its process says nothing for two minutes.
            await bare.Do("UPDATE memo_imports SET updated_at = updated_at - 121000000 WHERE id = @id", new { id });
            var killed = await Read(served, id);
            Assert.Equal(("failed", "interrupted"), (killed.Text("state"), killed.Text("problem")));
            Assert.InRange(killed.Number("added"), some, Memos - 1);
            var there = await AreWhole();
            Assert.Equal(before + killed.Number("added"), there);
            before = there;
        }

        var last = await Begin(served, file);
        await Probe.Until(async () => (await Read(served, last)).Text("state") is "done" or "failed", Form.Hang);
        var import = await Read(served, last);
        Assert.Equal(
            ("done", Memos, Memos - before, before),
            (import.Text("state"), import.Number("total"), import.Number("added"), import.Number("present"))
        );
        Assert.Equal(Memos, await AreWhole());
        Form.Tell($"Sqlite: killed in the midst of an import after {before} of {Memos} memos, none lost, none twice.");
    }

    /// <summary>No memo is there twice, and each has its tags, its origin and, if it is the team's, its place in search.</summary>
    /// <returns>How many there are.</returns>
    private async Task<long> AreWhole()
    {
        var count = await bare.Ask<long>("SELECT count(*) FROM memos");
        Assert.Equal(count, await bare.Ask<long>("SELECT count(DISTINCT text) FROM memos"));
        Assert.Equal(count, await bare.Ask<long>("SELECT count(*) FROM memo_origins JOIN memos ON memos.id = memo_id"));
        Assert.Equal(
            2 * count,
            await bare.Ask<long>("SELECT count(*) FROM memo_tags JOIN memos ON memos.id = memo_id")
        );
        Assert.Equal(
            await bare.Ask<long>("SELECT count(*) FROM memos WHERE visibility = 'team'"),
            await bare.Ask<long>("SELECT count(*) FROM memo_grams WHERE memo_grams MATCH 'xbaa8'")
        );
        Assert.Equal("ok", await bare.Ask<string>("SELECT group_concat(integrity_check) FROM pragma_integrity_check"));
        return count;
    }

    private static async Task<long> Begin(Served served, byte[] file)
    {
        using var client = served.Client();
        using var body = new ByteArrayContent(file);
        using var answer = await client.PostAsync("/api/v1/memos/imports", body, Stop);
        return (await answer.Json(HttpStatusCode.Created)).Number("id");
    }

    private static async Task<JsonElement> Read(Served served, long id)
    {
        using var client = served.Client();
        using var answer = await client.GetAsync($"/api/v1/memos/imports/{id}", Stop);
        return await answer.Json(HttpStatusCode.OK);
    }
}
