using System.Net;
using System.Net.Http.Json;
using System.Text;
using Madang.Links.Moving;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class MovingLinksOnSqlite(SqliteYard yard, MovedToSqlite other)
    : MovingLinks(yard, other),
        IClassFixture<SqliteYard>,
        IClassFixture<MovedToSqlite>;

public sealed class MovingLinksOnPostgres(PostgresYard yard, MovedToSqlite other)
    : MovingLinks(yard, other),
        IClassFixture<PostgresYard>,
        IClassFixture<MovedToSqlite>;

/// <summary>Another workspace.</summary>
public sealed class MovedToSqlite : SqliteYard;

/// <summary>Out of one workspace and into another.</summary>
public abstract class MovingLinks(Yard yard, Yard other)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_imports_into_another_workspace_and_gives_equal_links_tags_and_totals()
    {
        var me = await yard.SignUp();
        await Fill(me);
        var all = await me.AllLinks();
        Assert.Equal(8, all.Length);
        Assert.Contains(all, link => link.Contains("\"people\":3", StringComparison.Ordinal));
        Assert.Contains(
            all,
            link => link.Contains("\"fallback_url\":\"https://example.com/", StringComparison.Ordinal)
        );
        string[] open = [.. all.Where(link => !link.Contains("\"has_password\":true", StringComparison.Ordinal))];
        Assert.Equal(7, open.Length);

        foreach (var (format, person) in new[] { ("json", await other.SignUp()), ("csv", await other.SignUp()) })
        {
            var file = await me.ExportLinks($"format={format}");
            var import = await person.ImportLinks(file, "from=madang");
            // The one with a password stays out, and is told.
            Assert.Equal("done 8: 7 0 0 1", import.LinkCounts());
            Assert.Contains(import.Lines(), line => line.EndsWith(" refused protected", StringComparison.Ordinal));
            Assert.Equal(open, await person.AllLinks());
            Assert.Equal(
                Records(file).Where(line => !line.Contains("moved-secret", StringComparison.Ordinal)),
                Records(await person.ExportLinks($"format={format}"))
            );
            Assert.Equal("done 8: 0 0 7 1", (await person.ImportLinks(file, "from=madang")).LinkCounts());
            Assert.Equal((3, 1), await person.Total("moved-1"));
            // Two of five visits were made there: three are left here. What is remembered of a link outlives how it is removed below.
            for (var visit = 1; format == "csv" && visit <= 4; visit++)
            {
                await other
                    .Anonymous.Follow("moved-3")
                    .Is(visit <= 3 ? HttpStatusCode.PermanentRedirect : HttpStatusCode.Gone);
            }
            await RemoveAll(person);
        }
        // Back where they come from nothing is new either.
        Assert.Equal("done 8: 0 0 7 1", (await me.ImportLinks(await me.ExportLinks(""), "from=madang")).LinkCounts());
    }

    [Fact]
    public async Task An_export_holds_ones_own_links_and_the_teams_where_they_are_asked_for()
    {
        var (me, colleague) = (await yard.SignUp(), await yard.SignUp());
        var mine = await me.Slug();
        var theirs = await colleague.Slug(visibility: "team");
        var secret = await colleague.Slug();
        var own = Encoding.UTF8.GetString(await me.ExportLinks(""));
        var all = Encoding.UTF8.GetString(await me.ExportLinks("scope=all"));

        Assert.Contains(mine, own, StringComparison.Ordinal);
        Assert.DoesNotContain(theirs, own, StringComparison.Ordinal);
        Assert.Contains(theirs, all, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        foreach (var (withTeam, query) in new[] { (false, "format=json"), (true, "format=json&scope=all") })
        {
            var count = await yard.Get<LinkExport>().Count(me.Id, withTeam, Stop);
            Assert.Equal((await me.AllLinks(query)).Length, count);
        }
    }

    [Fact]
    public async Task What_could_be_a_formula_is_none_in_a_spreadsheet()
    {
        var me = await yard.SignUp();
        foreach (var title in new[] { "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1+1" })
        {
            await me.Shorten(new { url = "https://example.com/", title });
        }
        var rows = Encoding.UTF8.GetString(await me.ExportLinks("")).Split("\r\n")[1..^1];

        Assert.Equal(5, rows.Length);
        Assert.All(rows, row => Assert.StartsWith("'", row.Split(',')[2].TrimStart('"'), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_tells_what_happens_to_each_line_and_then_it_is_done()
    {
        var me = await yard.SignUp();
        var taken = await yard.Admin.Slug();
        var slug = $"new-{me.Id}-{Guid.NewGuid():N}"[..20];
        var file = $"""
            url,slug,title,tags
            https://example.com/1,{slug},첫째,"가을, 답사"
            https://example.com/2,{taken},,
            https://example.com/3,{slug},,
            javascript:alert(1),,,
            https://example.com/4,,,
            https://example.com/5,no/good,,
            https://example.com/4,,,
            """;
        var dry = await me.ImportLinks(file, "from=csv&dry_run=true");

        Assert.Equal("done 7: 2 0 1 4", dry.LinkCounts());
        string[] lines =
        [
            "2 added",
            "3 refused taken",
            "4 refused taken",
            "5 refused bad_url",
            "6 added",
            "7 refused bad_slug",
            "8 present",
        ];
        Assert.Equal(lines, dry.Lines());
        Assert.Empty(await me.AllLinks());

        await me.Client.PostAsync($"/api/v1/links/imports/{dry.Number("id")}/run", null, Stop).Is(HttpStatusCode.OK);
        var done = await me.EndedLinks(dry.Number("id"));
        Assert.False(done.GetProperty("dry_run").GetBoolean());
        Assert.Equal(lines, done.Lines());
        Assert.Equal(
            ["가을", "답사"],
            (await me.Link(slug)).GetProperty("tags").EnumerateArray().Select(tag => tag.GetString())
        );
        Assert.Equal("done 7: 0 0 3 4", (await me.ImportLinks(file, "from=csv")).LinkCounts());
        Assert.Equal("done 7: 0 3 3 1", (await me.ImportLinks(file, "from=csv&new_slugs=true")).LinkCounts());
        Assert.Equal("done 7: 0 0 6 1", (await me.ImportLinks(file, "from=csv&new_slugs=true")).LinkCounts());
    }

    [Fact]
    public async Task A_link_whose_slug_was_changed_or_that_was_deleted_does_not_come_again()
    {
        var me = await yard.SignUp();
        var slug = $"gone-{Guid.NewGuid():N}"[..20];
        var file = $"url,slug\nhttps://example.com/{me.Id},{slug}\n";
        await me.ImportLinks(file, "from=csv");
        await me.Client.PatchAsJsonAsync($"/api/v1/links/{slug}", new { url = "https://b.example/" }, Stop);
        Assert.Equal("done 1: 0 0 1 0", (await me.ImportLinks(file, "from=csv")).LinkCounts());
        await me.Client.DeleteAsync($"/api/v1/links/{slug}", Stop);
        Assert.Equal("done 1: 0 0 1 0", (await me.ImportLinks(file, "from=csv&new_slugs=true")).LinkCounts());
    }

    private static async Task Fill(Person me)
    {
        await me.Shorten(
            new
            {
                url = "https://한글.example/경로?q=a,b\"c'",
                slug = "moved-1",
                title = "제목, \"인용\" '그리고' 🍁",
                tags = new[] { "가|을", "a\\b", "=1+1", "쉼,표" },
                notes = "- 첫 줄\r\n둘째\n\n",
                visibility = "team",
                starts_at = "2026-01-02T03:04:05.123456Z",
                expires_at = "2126-01-02T03:04:05Z",
                redirect_status = 302,
                forward_query = true,
                fallback_url = "https://example.com/끝?a,b",
            }
        );
        await me.Shorten(
            new
            {
                url = "https://example.com/2",
                slug = "-moved-2",
                title = "'=1+1",
            }
        );
        await me.Shorten(
            new
            {
                url = "https://example.com/3",
                slug = "moved-3",
                max_visits = 5,
            }
        );
        await me.Shorten(
            new
            {
                url = "https://example.com/4",
                slug = "moved-4",
                tags = new[] { "하나" },
            }
        );
        await me.Client.PatchAsJsonAsync("/api/v1/links/moved-4", new { archived = true }, Stop);
        await me.Shorten(
            new
            {
                url = "https://example.com/5",
                slug = "moved-secret",
                password = "열려라 참깨",
            }
        );
        await me.Shorten(new { url = "https://example.com/" });
        await me.Shorten(new { url = "https://example.com/", title = "'" });
        await me.Shorten(new { url = "https://example.com/", notes = "\t탭" });
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        browser.BaseAddress = me.Client.BaseAddress;
        foreach (var agent in new[] { LinkCalls.Chrome, LinkCalls.Chrome, LinkCalls.Chrome, "curl/8" })
        {
            await browser.Follow("moved-1", ("User-Agent", agent));
        }
        foreach (var agent in new[] { LinkCalls.Chrome, "curl/8" })
        {
            await browser.Follow("moved-3", ("User-Agent", agent)).Is(HttpStatusCode.PermanentRedirect);
        }
    }

    /// <returns>The links of an export as they stand there. None here has a line break outside JSON's escapes but moved-1, whose pieces stay in order.</returns>
    private static string[] Records(byte[] file) =>
        [.. Encoding.UTF8.GetString(file).Split('\n').Select(line => line.TrimEnd(','))];

    /// <summary>So that the same slugs are free in the same workspace again: they never are, their rows go.</summary>
    private async Task RemoveAll(Person person) =>
        await other.Database.Write(
            async sql =>
            {
                await sql.Execute(
                    "UPDATE links SET slug = slug || '-' || id, url = '', deleted_at = @Now WHERE owner_id = @Id",
                    new { person.Id, sql.Now }
                );
                return await sql.Execute("DELETE FROM link_totals");
            },
            Stop
        );
}
