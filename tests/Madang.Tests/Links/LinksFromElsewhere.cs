using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>Files as other programs document them, and files that are none.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class LinksFromElsewhere(SqliteYard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shlinks_list_of_its_REST_API()
    {
        var import = await yard.Admin.ImportLinks(
            """
            {"shortUrls":{"data":[
              {"shortCode":"shl-12Kb3","shortUrl":"https://s.test/shl-12Kb3","longUrl":"https://shlink.io/문서",
               "dateCreated":"2016-08-21T20:34:16+02:00","visitsSummary":{"total":328,"nonBots":328,"bots":0},
               "tags":["게임","tech"],"meta":{"validSince":null,"validUntil":"2126-01-21T20:34:16+02:00","maxVisits":500},
               "domain":null,"title":"어느 제목","crawlable":false,"forwardQuery":true,"hasRedirectRules":false},
              {"shortCode":"shl-bot","shortUrl":"https://s.test/shl-bot","longUrl":"https://shlink.io","dateCreated":"2020-01-01T00:00:00Z",
               "visitsSummary":{"total":10,"nonBots":7,"bots":3},"tags":[],"meta":{"validSince":null,"validUntil":null,"maxVisits":null},"domain":null,"title":null}
            ],"pagination":{"currentPage":1,"pagesCount":1,"itemsPerPage":10,"itemsInCurrentPage":2,"totalItems":2}}}
            """,
            "from=shlink"
        );

        Assert.Equal("done 2: 2 0 0 0", import.LinkCounts());
        var link = await yard.Admin.Link("shl-12Kb3");
        Assert.Equal(("어느 제목", "https://shlink.io/문서"), (link.Text("title"), link.Text("url")));
        Assert.Equal(("2016-08-21T18:34:16Z", 500), (link.Text("created_at"), link.Number("max_visits")));
        Assert.Equal("2126-01-21T18:34:16Z", link.Text("expires_at"));
        Assert.True(link.GetProperty("forward_query").GetBoolean());
        Assert.False((await yard.Admin.Link("shl-bot")).GetProperty("forward_query").GetBoolean());
        Assert.Equal("[\"게임\",\"tech\"]", link.GetProperty("tags").GetRawText());
        Assert.Equal((328, 0), await yard.Admin.Total("shl-12Kb3"));
        Assert.Equal((7, 3), await yard.Admin.Total("shl-bot"));
    }

    [Fact]
    public async Task Shlinks_CSV_of_its_web_client_and_the_one_that_it_imports()
    {
        var client = """
            createdAt,domain,shortCode,shortUrl,longUrl,title,tags,visits
            2023-04-01T09:00:00+09:00,s.test,shc-1,https://s.test/shc-1,https://example.com/가,"가을, 답사",여행|2023,41
            """;
        var standard =
            "\uFEFFLong URL;Tags;Domain;Short code;Title\nhttps://example.com/b;tag1|tag2;;shc-2;한글 제목\n";
        Assert.Equal("done 1: 1 0 0 0", (await yard.Admin.ImportLinks(client, "from=shlink")).LinkCounts());
        Assert.Equal("done 1: 1 0 0 0", (await yard.Admin.ImportLinks(standard, "from=shlink")).LinkCounts());

        var (first, second) = (await yard.Admin.Link("shc-1"), await yard.Admin.Link("shc-2"));
        Assert.Equal(("가을, 답사", "2023-04-01T00:00:00Z"), (first.Text("title"), first.Text("created_at")));
        Assert.Equal("[\"여행\",\"2023\"]", first.GetProperty("tags").GetRawText());
        Assert.Equal((41, 0), await yard.Admin.Total("shc-1"));
        Assert.Equal(
            ("한글 제목", "[\"tag1\",\"tag2\"]"),
            (second.Text("title"), second.GetProperty("tags").GetRawText())
        );
    }

    [Fact]
    public async Task Kutts_list_of_links()
    {
        var import = await yard.Admin.ImportLinks(
            """
            {"limit":10,"skip":0,"total":3,"data":[
              {"address":"kutt-1","banned":false,"created_at":"2024-05-06T07:08:09.123Z","id":"5e1a0f2c-0000-4000-8000-000000000001",
               "link":"https://kutt.it/kutt-1","password":false,"target":"https://example.com/쿠트","description":"설명","updated_at":"2024-05-06T07:08:09.123Z","visit_count":12},
              {"address":"kutt-2","banned":false,"created_at":"2024-05-06T07:08:09.123Z","password":true,"target":"https://example.com/","visit_count":1},
              {"address":"kutt-3","banned":true,"created_at":"2024-05-06T07:08:09.123Z","password":false,"target":"https://example.com/","visit_count":1}
            ]}
            """,
            "from=kutt"
        );

        Assert.Equal(["1 added", "2 refused protected", "3 refused banned"], import.Lines());
        var link = await yard.Admin.Link("kutt-1");
        Assert.Equal(("설명", "2024-05-06T07:08:09.123Z"), (link.Text("title"), link.Text("created_at")));
        Assert.Equal((12, 0), await yard.Admin.Total("kutt-1"));
    }

    [Fact]
    public async Task Yourlss_statistics_as_JSON_and_its_table_as_CSV()
    {
        var stats = await yard.Admin.ImportLinks(
            """
            {"links":{
              "link_1":{"shorturl":"http://sho.rt/yo-1","url":"http://example.com/1","title":"여를스 제목","timestamp":"2012-08-03 14:09:52","ip":"127.0.0.1","clicks":"1234"},
              "link_2":{"shorturl":"http://sho.rt/yo-2","url":"http://example.com/2","title":"http://example.com/2","timestamp":"2012-08-04 00:00:00","ip":"127.0.0.1","clicks":"0"}
            },"stats":{"total_links":"2","total_clicks":"1234"},"statusCode":200,"message":"success"}
            """,
            "from=yourls"
        );
        var table = await yard.Admin.ImportLinks(
            "keyword,url,title,timestamp,ip,clicks\nyo-3,https://example.com/3,\"쉼표, 제목\",2013-01-01 00:00:00,127.0.0.1,7\n",
            "from=yourls"
        );

        Assert.Equal("done 2: 2 0 0 0", stats.LinkCounts());
        Assert.Equal("done 1: 1 0 0 0", table.LinkCounts());
        var link = await yard.Admin.Link("yo-1");
        Assert.Equal(("여를스 제목", "2012-08-03T14:09:52Z"), (link.Text("title"), link.Text("created_at")));
        Assert.Equal((1234, 0), await yard.Admin.Total("yo-1"));
        Assert.Null((await yard.Admin.Link("yo-2")).Text("title"));
        Assert.Equal("쉼표, 제목", (await yard.Admin.Link("yo-3")).Text("title"));
        Assert.Equal((7, 0), await yard.Admin.Total("yo-3"));
    }

    [Fact]
    public async Task Bitlys_links_as_JSON_and_as_CSV()
    {
        var json = await yard.Admin.ImportLinks(
            """
            {"links":[{"created_at":"2021-05-05T12:00:00+0000","id":"bit.ly/3bitAbc","link":"https://bit.ly/3bitAbc","custom_bitlinks":["https://bit.ly/bit-custom","https://bit.ly/bit-second"],
              "long_url":"https://example.com/비틀리","title":"비틀리 제목","archived":false,"created_by":"me","client_id":"x","tags":["마케팅"],"deeplinks":[],"references":{"group":"https://api-ssl.bitly.com/v4/groups/B1"}},
             {"created_at":"2021-05-05T12:00:00+0000","id":"bit.ly/3bitOld","link":"https://bit.ly/3bitOld","custom_bitlinks":[],"long_url":"https://example.com/","title":"","archived":true,"tags":[]}],
             "pagination":{"prev":"","next":"","size":50,"page":1,"total":2}}
            """,
            "from=bitly"
        );
        var csv = await yard.Admin.ImportLinks(
            "Title,Link,Custom Link,Destination URL,Tags,Created,Total Engagements\n한글,https://bit.ly/3bitCsv,,https://example.com/c,\"a, b\",2022-02-03T04:05:06+0000,\"1,234\"\n",
            "from=bitly"
        );

        Assert.Equal("done 2: 2 0 0 0", json.LinkCounts());
        Assert.Equal("done 1: 1 0 0 0", csv.LinkCounts());
        var link = await yard.Admin.Link("bit-custom");
        Assert.Equal(("비틀리 제목", "2021-05-05T12:00:00Z"), (link.Text("title"), link.Text("created_at")));
        Assert.Equal("[\"마케팅\"]", link.GetProperty("tags").GetRawText());
        Assert.NotNull((await yard.Admin.Link("3bitOld")).Text("archived_at"));
        Assert.Equal((1234, 0), await yard.Admin.Total("3bitCsv"));
        Assert.Equal("[\"a\",\"b\"]", (await yard.Admin.Link("3bitCsv")).GetProperty("tags").GetRawText());
    }

    [Fact]
    public async Task Lines_of_addresses_are_links_and_known_ones_stay_as_they_are()
    {
        var me = await yard.SignUp();
        var known = await me.Shorten(new { url = $"https://example.com/{me.Id}" });
        var file = $"https://example.com/{me.Id}\r\n\r\nhttps://example.com/a;b\r\nhttps://example.com/a;b\r\n";

        Assert.Equal("done 3: 1 0 2 0", (await me.ImportLinks(file, "from=csv")).LinkCounts());
        Assert.Equal([known.Text("slug")], await me.Slugs($"q=example.com/{me.Id}"));
        Assert.Equal(
            ["https://example.com/a;b"],
            (await me.AllLinks()).Select(link => JsonElement.Parse(link).Text("url")).Where(url => url.Contains(';'))
        );
    }

    [Theory]
    [InlineData("from=csv", "", "nothing")]
    [InlineData("from=csv", "url,slug\n", "nothing")]
    [InlineData("from=shlink", "keyword,url\na,https://example.com/\n", "other_columns")]
    [InlineData("from=csv", "url\n\"https://example.com/", "broken_csv")]
    [InlineData("from=madang", "{\"links\":[{\"url\":", "broken_json")]
    [InlineData("from=madang", "{\"links\":{}}", "nothing")]
    public async Task A_file_that_is_none_is_refused_as_a_whole_and_adds_nothing(
        string query,
        string file,
        string problem
    )
    {
        var me = await yard.SignUp();
        if (file.Length == 0)
        {
            await me
                .Client.PostAsync($"/api/v1/links/imports?{query}", new ByteArrayContent([]), Stop)
                .Is(HttpStatusCode.BadRequest);
            return;
        }
        Assert.Equal(problem, (await me.ImportLinks(file, query)).Text("problem"));
        Assert.Empty(await me.AllLinks());
    }

    [Fact]
    public async Task A_file_in_another_encoding_says_so()
    {
        var me = await yard.SignUp();
        const string Text = "url,title\nhttps://example.com/,가을 답사\n";
        var korean = CodePagesEncodingProvider.Instance.GetEncoding(949)!;
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, korean })
        {
            foreach (var mark in new[] { encoding.GetPreamble(), [] })
            {
                var import = await me.ImportLinks([.. mark, .. encoding.GetBytes(Text)], "from=csv");
                Assert.Equal("wrong_encoding", import.Text("problem"));
            }
        }
        var lines = await me.ImportLinks(korean.GetBytes("https://example.com/가을\n"), "from=csv");
        Assert.Equal("wrong_encoding", lines.Text("problem"));
        Assert.Equal("done 1: 1 0 0 0", (await me.ImportLinks("\uFEFF" + Text, "from=csv")).LinkCounts());
    }

    [Fact]
    public async Task More_than_a_hundred_thousand_are_refused_and_so_is_too_large_a_file()
    {
        var me = await yard.SignUp();
        var many = string.Concat(Enumerable.Repeat("https://example.com/\n", 100_001));
        Assert.Equal("too_many", (await me.ImportLinks(many, "from=csv")).Text("problem"));
        using var large = new ByteArrayContent(new byte[33 * 1024 * 1024]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/links/imports?from=csv")
        {
            Content = large,
        };
        request.Headers.ExpectContinue = true;
        await me.Client.SendAsync(request, Stop).Is(HttpStatusCode.RequestEntityTooLarge);
    }
}
