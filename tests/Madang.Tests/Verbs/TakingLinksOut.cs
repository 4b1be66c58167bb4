using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

public sealed class TakingLinksOutOnSqlite() : TakingLinksOut(new BareSqlite())
{
    [Fact]
    public async Task Links_come_in_from_a_file_and_go_out_into_one_and_nothing_comes_twice()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("yourls.csv");
        await File.WriteAllTextAsync(
            file,
            "keyword,url,title,timestamp,ip,clicks\nverb-1,https://example.com/1,제목 하나,2013-01-01 00:00:00,127.0.0.1,7\nverb-2,nonsense\u001b[2J\u202E,,2013-01-01 00:00:00,127.0.0.1,0\n",
            Stop
        );
        // Verbs speak English, whatever the terminal does.
        var korean = new Dictionary<string, string> { ["LC_ALL"] = "ko_KR.UTF-8" };
        string[] words = ["links", "import", file, "--from", "yourls", "--owner", Email, "--dry-run", .. Settings];
        var dry = (await Ran.In(folder.Path, korean, words)).Well().Output;
        Assert.Contains("2\twould be added\tverb-1\thttps://example.com/1", dry, StringComparison.Ordinal);
        Assert.Contains("3\tInvalid URL format\t\tnonsense\uFFFD[2J\uFFFD", dry, StringComparison.Ordinal);
        Assert.Contains(
            "Nothing was changed. New: 1, with another slug: 0, here already: 0, refused: 1.",
            dry,
            StringComparison.Ordinal
        );
        Assert.Contains("Added: 1,", (await Import(file)).Well().Output, StringComparison.Ordinal);
        Assert.Contains(
            "Added: 0, with another slug: 0, here already: 1,",
            (await Import(file)).Well().Output,
            StringComparison.Ordinal
        );

        var csv = folder.File("all.csv");
        var ran = await Ran.Verb(["links", "export", csv, "--owner", Email, .. Settings]);
        Assert.Contains("Writing the links: done", ran.Well().Output, StringComparison.Ordinal);
        var rows = (await File.ReadAllTextAsync(csv, Stop)).Split("\r\n");
        Assert.StartsWith("verb-1,https://example.com/1,제목 하나,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",2013-01-01T00:00:00Z,7,0", rows[1], StringComparison.Ordinal);
        (await Ran.Verb(["links", "export", csv, "--owner", Email, .. Settings])).Refused("is there already");
        (await Ran.Verb(["links", "export", folder.File("all"), "--owner", Email, .. Settings])).Refused("--format");
        (await Ran.Verb(["links", "import", csv, "--from", "kutt", "--owner", Email, .. Settings])).Refused(
            "The first line has none of the columns"
        );
        (await Ran.Verb(["links", "import", csv, "--from", "tinyurl", "--owner", Email, .. Settings])).Refused(
            "tinyurl"
        );
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_in_one_sentence_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("file"), "https://example.com/\n", Stop);
        (string Words, string Sentence)[] refused =
        [
            ("import {0}/none.csv --from csv --owner me@example.com", "can't be read"),
            ("import {0} --from csv --owner me@example.com", "can't be read"),
            ("import {0}/file --from madang --owner me@example.com", "can't be imported"),
            ("import {0}/file --owner me@example.com", "--from"),
            ("import {0}/file --from csv", "--owner"),
            ("import {0}/file --from csv --owner you@example.com", "you@example.com"),
            ("export {0}/all.csv --owner you@example.com", "you@example.com"),
            ("export {0}/all.csv --format xml --owner me@example.com", "xml"),
            ("export {0}/none/all.csv --owner me@example.com", "There is no folder"),
        ];
        var ran = await Task.WhenAll(
            refused.Select(one =>
                Ran.Verb([
                    "links",
                    .. one.Words.Split(' ').Select(word => word.Replace("{0}", folder.Path, StringComparison.Ordinal)),
                    .. Settings,
                ])
            )
        );
        Assert.All(ran.Zip(refused), pair => pair.First.Refused(pair.Second.Sentence));
        Assert.Equal([folder.File("file")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(0, await Count());
    }

    private Task<Ran> Import(string file, params string[] more) =>
        Ran.Verb(["links", "import", file, "--from", "yourls", "--owner", Email, .. more, .. Settings]);
}

public sealed class TakingLinksOutOnPostgres(PostgresServer postgres) : TakingLinksOut(new BarePostgres(postgres));

/// <summary>The verbs <c>links export</c> and <c>links import</c>.</summary>
public abstract class TakingLinksOut(Bare yard) : IAsyncLifetime
{
    private protected const string Email = "me@example.com";
    private const string Other = "other@example.com";

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected string[] Settings => yard.Settings;

    public async ValueTask InitializeAsync()
    {
        await yard.InitializeAsync();
        await yard.Build();
        foreach (var email in new[] { Email, Other })
        {
            await yard.Do(
                """
                INSERT INTO users (email, email_key, username, security_stamp, role, created_at, updated_at)
                VALUES (@email, @email, '나', 's', 'admin', @At, @At)
                """,
                new { email, At = DateTimeOffset.UnixEpoch }
            );
        }
    }

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Fact]
    public async Task A_taken_slug_is_refused_or_drawn_anew_and_an_export_has_ones_own_links_or_the_teams_too()
    {
        using var folder = new TemporaryFolder();
        var (theirs, mine) = (folder.File("theirs.csv"), folder.File("mine.json"));
        await File.WriteAllTextAsync(
            theirs,
            "url,slug,visibility\nhttps://example.com/team,ours,team\nhttps://example.com/secret,secret,private\n",
            Stop
        );
        await File.WriteAllTextAsync(
            mine,
            """[{"url":"https://example.com/1","slug":"ours"},{"url":"https://example.com/2","slug":"mine","title":"제목"}]""",
            Stop
        );
        Says("Added: 2, with another slug: 0,", await Import(theirs, Other, "--from", "csv"));

        Says(
            "Nothing was changed. New: 1, with another slug: 1,",
            await Import(mine, Email, "--from", "csv", "--dry-run", "--new-slugs")
        );
        Assert.Equal(2, await Count());
        var refused = await Import(mine, Email, "--from", "csv");
        Says("1\tThis short address is taken or reserved.\tours\thttps://example.com/1", refused);
        Says("Added: 1, with another slug: 0, here already: 0, refused: 1.", refused);
        Says(
            "Added: 0, with another slug: 1, here already: 1, refused: 0.",
            await Import(mine, Email, "--from", "csv", "--new-slugs")
        );

        var (own, all) = (folder.File("own.json"), folder.File("all"));
        (await Export(own)).Well();
        (await Export(all, "--all", "--format", "json")).Well();
        Assert.Equal(["https://example.com/1", "https://example.com/2"], Urls(own));
        Assert.Equal(["https://example.com/1", "https://example.com/2", "https://example.com/team"], Urls(all));
        // What goes out as JSON comes in again.
        Says("Added: 0, with another slug: 0, here already: 2,", await Import(own, Email, "--from", "madang"));
        (await Export(folder.File("own.txt"), "--format", "csv")).Well();
        Assert.StartsWith(
            "slug,url,title,",
            await File.ReadAllTextAsync(folder.File("own.txt"), Stop),
            StringComparison.Ordinal
        );
    }

    private protected Task<long> Count() => yard.Ask<long>("SELECT count(*) FROM links");

    private static void Says(string words, Ran ran) =>
        Assert.Contains(words, ran.Well().Output, StringComparison.Ordinal);

    private static IEnumerable<string> Urls(string file) =>
        JsonElement
            .Parse(File.ReadAllText(file))
            .GetProperty("links")
            .EnumerateArray()
            .Select(link => link.Text("url"))
            .Order(StringComparer.Ordinal);

    private Task<Ran> Import(string file, string owner, params string[] more) =>
        Ran.Verb(["links", "import", file, "--owner", owner, .. more, .. Settings]);

    private Task<Ran> Export(string file, params string[] more) =>
        Ran.Verb(["links", "export", file, "--owner", Email, .. more, .. Settings]);
}
