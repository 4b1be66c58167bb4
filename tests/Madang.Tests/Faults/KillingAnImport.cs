using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>The program killed without a word in the midst of an import of thousands of things.</summary>
public abstract class KillingAnImport(BareSqlite bare)
{
    /// <summary>So often an import may be at its end before it is killed, on a machine that stood still.</summary>
    private const int MostRepeated = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected BareSqlite Bare => bare;

    /// <summary>How many things a file holds.</summary>
    private protected abstract int Size { get; }

    private protected abstract int Rounds { get; }

    private protected abstract string What { get; }

    private protected abstract string Path { get; }

    private protected abstract string Query { get; }

    /// <summary>Makes an import as old as one whose process has lost it.</summary>
    private protected abstract Task<int> Age(long id);

    /// <returns>A file of things that no other round has.</returns>
    private protected abstract byte[] File(int round);

    /// <summary>Nothing is there twice, and each thing is whole.</summary>
    /// <returns>How many there are.</returns>
    private protected abstract Task<long> AreWhole();

    [Fact]
    public async Task What_came_in_is_there_once_and_whole_the_import_says_how_far_it_came_and_the_same_file_brings_the_rest()
    {
        await using var served = new Served(bare.Settings);
        await served.Start();
        byte[] file = [];
        var (before, added, killed, repeated) = (0L, 0L, 0, 0);
        while (killed < Rounds)
        {
            // New ones in each round: what is there already is passed over too quickly to be killed in the midst of it.
            file = File(killed + repeated);
            var id = await Begin(served, file);
            var some = RandomNumberGenerator.GetInt32(1, Size / 4);
            await Probe.Until(async () => (await Read(served, id)).Number("added") >= some, Form.Hang);
            await served.Kill();

            await served.Start();
            // Its process says nothing for two minutes.
            await Age(id);
            var import = await Read(served, id);
            added = import.Number("added");
            Assert.Equal(before + added, await AreWhole());
            before += added;
            if (import.Text("state") == "done")
            {
                Assert.Equal(Size, added);
                Assert.True(++repeated <= MostRepeated, "Each import is at its end before it is killed.");
                continue;
            }
            Assert.Equal(("failed", "interrupted"), (import.Text("state"), import.Text("problem")));
            Assert.InRange(added, some, Size);
            killed++;
        }

        var last = await Begin(served, file);
        await Probe.Until(async () => (await Read(served, last)).Text("state") is "done" or "failed", Form.Hang);
        var rest = await Read(served, last);
        Assert.Equal(
            ("done", Size, Size - added, added),
            (rest.Text("state"), rest.Number("total"), rest.Number("added"), rest.Number("present"))
        );
        Assert.Equal(before - added + Size, await AreWhole());
        Form.Tell(
            $"Sqlite: {killed} imports of {Size} {What} killed in their midst, {before} had come, none lost, none twice."
        );
    }

    private async Task<long> Begin(Served served, byte[] file)
    {
        using var client = served.Client();
        using var body = new ByteArrayContent(file);
        using var answer = await client.PostAsync(Path + Query, body, Stop);
        return (await answer.Json(HttpStatusCode.Created)).Number("id");
    }

    private async Task<JsonElement> Read(Served served, long id)
    {
        using var client = served.Client();
        using var answer = await client.GetAsync($"{Path}/{id}", Stop);
        return await answer.Json(HttpStatusCode.OK);
    }
}
