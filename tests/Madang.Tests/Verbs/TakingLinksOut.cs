using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>The verbs <c>links export</c> and <c>links import</c>.</summary>
public sealed class TakingLinksOut
{
    private const string Email = "me@example.com";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Links_come_in_from_a_file_and_go_out_into_one_and_nothing_comes_twice()
    {
        await using var yard = await WithUser();
        using var folder = new TemporaryFolder();
        var file = folder.File("yourls.csv");
        await File.WriteAllTextAsync(
            file,
            "keyword,url,title,timestamp,ip,clicks\nverb-1,https://example.com/1,제목 하나,2013-01-01 00:00:00,127.0.0.1,7\nverb-2,nonsense\u001b[2J\u202E,,2013-01-01 00:00:00,127.0.0.1,0\n",
            Stop
        );
        var dry = (await Import(yard, file, "--dry-run")).Well().Output;
        Assert.Contains("2\twould be added\tverb-1\thttps://example.com/1", dry, StringComparison.Ordinal);
        Assert.Contains("3\tInvalid URL format\t\tnonsense\uFFFD[2J\uFFFD", dry, StringComparison.Ordinal);
        Assert.Contains(
            "Nothing was changed. New: 1, with another slug: 0, here already: 0, refused: 1.",
            dry,
            StringComparison.Ordinal
        );
        Assert.Contains("Added: 1,", (await Import(yard, file)).Well().Output, StringComparison.Ordinal);
        Assert.Contains(
            "Added: 0, with another slug: 0, here already: 1,",
            (await Import(yard, file)).Well().Output,
            StringComparison.Ordinal
        );

        var csv = folder.File("all.csv");
        var ran = await Ran.Verb(["links", "export", csv, "--owner", Email, .. yard.Settings]);
        Assert.Contains("Writing the links: done", ran.Well().Output, StringComparison.Ordinal);
        var rows = (await File.ReadAllTextAsync(csv, Stop)).Split("\r\n");
        Assert.StartsWith("verb-1,https://example.com/1,제목 하나,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",2013-01-01T00:00:00Z,7,0", rows[1], StringComparison.Ordinal);
        (await Ran.Verb(["links", "export", csv, "--owner", Email, .. yard.Settings])).Refused("is there already");
        (await Ran.Verb(["links", "export", folder.File("all"), "--owner", Email, .. yard.Settings])).Refused(
            "--format"
        );
        (await Ran.Verb(["links", "import", csv, "--from", "kutt", "--owner", Email, .. yard.Settings])).Refused(
            "The first line has none of the columns"
        );
        (await Ran.Verb(["links", "import", csv, "--from", "tinyurl", "--owner", Email, .. yard.Settings])).Refused(
            "tinyurl"
        );
    }

    private static Task<Ran> Import(Bare yard, string file, params string[] more) =>
        Ran.Verb(["links", "import", file, "--from", "yourls", "--owner", Email, .. more, .. yard.Settings]);

    private static async Task<Bare> WithUser()
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
        return yard;
    }
}
