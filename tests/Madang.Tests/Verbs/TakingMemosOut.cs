using System.Text.Json;
using Madang.Tests.Faults;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>The verb <c>memos export</c>: a whole file or none, and no yard where there was none.</summary>
public sealed class TakingMemosOut
{
    private const string Email = "me@example.com";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_how_far_it_is_and_the_file_is_there_when_it_is_whole()
    {
        await using var yard = await Filled(memos: 120);
        using var folder = new TemporaryFolder();
        var ran = await Export(yard, folder.File("all.json"));

        Assert.Contains("Writing the memos: done", ran.Well().Output, StringComparison.Ordinal);
        Assert.Equal([folder.File("all.json")], Directory.GetFileSystemEntries(folder.Path));
        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.File("all.json"), Stop));
        Assert.Equal(120, file.RootElement.GetProperty("memos").GetArrayLength());
        (await Export(yard, folder.File("all.json"))).Refused("is there already");
        (await Export(yard, folder.File("none/all.zip"))).Refused($"There is no folder {folder.File("none")}.");
    }

    [Fact]
    public async Task What_has_no_room_leaves_nothing()
    {
        await using var yard = await Filled(memos: 30, size: 100_000);
        await using var disk = await SmallDisk.Mount(1);
        (await Export(yard, Path.Combine(disk.Path, "all.json"))).Refused("can't be written");
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }

    [Fact]
    public async Task In_a_mistyped_folder_it_makes_no_yard()
    {
        using var folder = new TemporaryFolder();
        var settings = $"--Data:Directory={folder.File("mistyped")}";
        (await Ran.Verb("memos", "export", folder.File("a.zip"), "--user", Email, settings)).Refused("no database in");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static Task<Ran> Export(Bare yard, string file) =>
        Ran.Verb(["memos", "export", file, "--user", Email, .. yard.Settings]);

    private static async Task<Bare> Filled(int memos, int size = 10)
    {
        var yard = new BareSqlite();
        await yard.InitializeAsync();
        await yard.Build();
        await yard.Do(
            """
            INSERT INTO users (email, email_key, username, security_stamp, role, created_at, updated_at)
            VALUES (@Email, @Email, '나', 's', 'admin', 1, 1)
            """,
            new { Email }
        );
        await yard.Do(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @memos)
            INSERT INTO memos (owner_id, text, text_key, visibility, created_at, updated_at)
            SELECT 1, @text, @text, 'private', n, n FROM numbers
            """,
            new { memos, text = new string('x', size) }
        );
        return yard;
    }
}
