using System.Net;
using Madang.Links;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>Lines that people paste, and CSV of no certain program.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class ImportingLines(SqliteYard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_comma_in_an_address_is_part_of_it_and_a_tab_is_not()
    {
        var me = await yard.SignUp();
        string[] urls =
        [
            "https://example.com/news,42",
            "https://www.google.com/maps/@37.5,127.0,15z",
            "https://example.com/?q=\"a\";b,url",
        ];
        var slug = $"tab-{me.Id}";
        var file = $"\uFEFF\n{string.Join("\r\n", urls)}\n  https://example.com/a,b \t{slug}\t 제목, \"둘\"\n";

        var import = await me.ImportLinks(file, "from=csv");
        Assert.Equal(["2 added", "3 added", "4 added", "5 added"], import.Lines());
        Assert.Equal(
            [.. urls, "https://example.com/a,b"],
            import.GetProperty("lines").EnumerateArray().Select(line => line.Text("url"))
        );
        Assert.Equal("제목, \"둘\"", (await me.Link(slug)).Text("title"));
    }

    [Fact]
    public async Task A_CSV_of_no_certain_program_keeps_what_it_says_and_never_opens_what_was_shut()
    {
        var me = await yard.SignUp();
        var slug = $"csv-{me.Id}";
        var file = $"""
            url,slug,visibility,starts_at,max_visits,fallback_url,redirect_status,forward_query,password
            https://example.com/1,{slug},team,2030-01-02T03:04:05Z,"1,000",https://example.com/after,302,true,
            https://example.com/2,,,,,,,,secret
            https://example.com/3,,,,0,,,,
            https://example.com/4,,,,many,,,,
            https://example.com/5,,,,,javascript:alert(1),,,
            """;

        var lines = (await me.ImportLinks(file, "from=csv")).Lines();
        Assert.Equal(
            ["2 added", "3 refused protected", "4 refused bad_limit", "5 refused bad_limit", "6 refused bad_url"],
            lines
        );
        var link = await me.Link(slug);
        Assert.Equal(("team", 1_000), (link.Text("visibility"), link.Number("max_visits")));
        Assert.Equal(("2030-01-02T03:04:05Z", 302), (link.Text("starts_at"), link.Number("redirect_status")));
        Assert.Equal("https://example.com/after", link.Text("fallback_url"));
        Assert.True(link.GetProperty("forward_query").GetBoolean());
    }

    [Fact]
    public async Task A_dry_run_says_of_lines_that_come_again_what_then_happens()
    {
        var me = await yard.SignUp();
        var (taken, slug) = (await yard.Admin.Slug(), $"again-{me.Id}");
        var file = $"""
            url,slug,created_at
            https://example.com/1,{taken},
            https://example.com/1,{taken},
            https://example.com/2,{slug},
            https://example.com/2,{slug},2020-01-01T00:00:00Z
            https://example.com/2,,
            """;
        string[] lines = ["2 refused taken", "3 refused taken", "4 added", "5 present", "6 present"];

        Assert.Equal(lines, (await me.ImportLinks(file, "from=csv&dry_run=true")).Lines());
        Assert.Equal(lines, (await me.ImportLinks(file, "from=csv")).Lines());

        // What is put away is not followed: whoever wants the same address gets a link that is.
        var put = $$"""
            [{"url":"https://example.com/3","slug":"put-{{me.Id}}","archived_at":"2026-01-02T03:04:05Z"},{"url":"https://example.com/3"}]
            """;
        string[] both = ["1 added", "2 added"];
        Assert.Equal(both, (await me.ImportLinks(put, "from=madang&dry_run=true")).Lines());
        Assert.Equal(both, (await me.ImportLinks(put, "from=madang")).Lines());
    }

    [Fact]
    public async Task Of_an_address_that_is_too_long_its_beginning_is_told()
    {
        var me = await yard.SignUp();
        var import = await me.ImportLinks($"https://example.com/{new string('a', 100_000)}", "from=csv");
        Assert.Equal(["1 refused bad_url"], import.Lines());
        Assert.Equal(Target.Longest, import.GetProperty("lines")[0].Text("url").Length);
    }

    [Fact]
    public async Task An_address_is_here_already_only_where_a_link_does_nothing_but_lead_there()
    {
        var me = await yard.SignUp();
        foreach (
            var link in new object[]
            {
                new { url = "https://example.com/over", expires_at = "2020-01-01T00:00:00Z" },
                new { url = "https://example.com/few", max_visits = 3 },
                new { url = "https://example.com/team", visibility = "team" },
                new { url = "https://example.com/named", title = "이름" },
            }
        )
        {
            await me.Shorten(link);
        }
        const string File = """
            url,expires_at
            https://example.com/over,
            https://example.com/few,
            https://example.com/team,
            https://example.com/named,
            https://example.com/new,2020-01-01T00:00:00Z
            https://example.com/new,
            https://example.com/new,
            """;
        string[] lines = ["2 added", "3 added", "4 added", "5 present", "6 added", "7 added", "8 present"];
        Assert.Equal(lines, (await me.ImportLinks(File, "from=csv&dry_run=true")).Lines());
        Assert.Equal(lines, (await me.ImportLinks(File, "from=csv")).Lines());
    }

    [Fact]
    public async Task Lines_without_a_slug_are_the_same_only_when_all_that_they_say_is()
    {
        var me = await yard.SignUp();
        const string File = """
            url,title,tags,max_visits,expires_at
            https://example.com/,가을,답사,,
            https://example.com/,가을,답사,5,
            https://example.com/,가을,안내,,
            https://example.com/,가을,답사,,2126-01-01T00:00:00Z
            https://example.com/,가을,답사,,
            """;
        string[] lines = ["2 added", "3 added", "4 added", "5 added", "6 present"];
        Assert.Equal(lines, (await me.ImportLinks(File, "from=csv&dry_run=true")).Lines());
        Assert.Equal(lines, (await me.ImportLinks(File, "from=csv")).Lines());
        Assert.Equal("done 5: 0 0 5 0", (await me.ImportLinks(File, "from=csv")).LinkCounts());
    }

    [Fact]
    public async Task A_dry_run_whose_file_is_gone_says_so_on_its_page()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        var id = (await me.ImportLinks("https://example.com/1", "from=csv&dry_run=true")).Number("id");
        await yard.Database.Write(
            sql => sql.Execute("UPDATE link_imports SET file = NULL WHERE id = @id", new { id }),
            Stop
        );
        var answer = await browser.Post("/links/import", $"/links/import/{id}/run");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("id=\"file-wrong\"", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await browser.Post("/links/import", "/links/import/999999/run").Is(HttpStatusCode.NotFound);
    }
}
