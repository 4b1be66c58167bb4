using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Http;

[Collection(nameof(SharedSqliteYard))]
public sealed class PagingOnSqlite(SqliteYard yard) : Paging(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class PagingOnPostgres(PostgresYard yard) : Paging(yard);

public abstract class Paging(Yard yard)
{
    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=abc", "page")]
    [InlineData("page=99999999999", "page")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("page_size=501", "page_size")]
    [InlineData("page=0&page_size=1e3", "page_size")]
    [InlineData("page_size=1&page_size=2", "page_size")]
    public async Task A_page_that_cannot_be_names_its_field(string query, string field) =>
        await yard.Admin.Client.Send(HttpMethod.Get, $"/api/v1/users?{query}").IsBad(field);

    [Theory]
    [InlineData("cursor=garbage")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("cursor=_____________________-_")]
    [InlineData("cursor=!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("cursor=%EA%B0%80")]
    public async Task A_cursor_that_is_none_of_ours_is_400(string query) =>
        await yard.Admin.Client.Send(HttpMethod.Get, $"/api/v1/memos?{query}").IsBad("cursor");

    [Fact]
    public async Task A_page_past_the_end_is_empty_and_leads_back_to_the_last()
    {
        using var answer = await yard.Admin.Client.Send(HttpMethod.Get, "/api/v1/users?page=2147483647&page_size=500");
        var page = await answer.Json(HttpStatusCode.OK);
        Assert.Equal(0, page.GetProperty("results").GetArrayLength());
        Assert.True(page.Number("count") > 0);
        Assert.EndsWith("/api/v1/users?page_size=500&page=1", page.Text("previous"), StringComparison.Ordinal);
        Assert.Null(page.GetProperty("next").GetString());
    }

    [Fact]
    public async Task Cursors_walk_forward_and_back_without_loss_or_repetition_while_memos_are_added()
    {
        var me = await yard.SignUp();
        var written = new List<long>();
        for (var i = 0; i < 23; i++)
        {
            written.Insert(0, await Write(me, $"메모 {i}"));
        }
        var (forward, pages) = (new List<long>(), new List<long[]>());
        string? last = null;
        for (string? next = "/api/v1/memos?page_size=5&scope=mine"; next is not null; )
        {
            var page = await (await me.Client.Send(HttpMethod.Get, next)).Json(HttpStatusCode.OK);
            Assert.False(page.TryGetProperty("count", out _));
            pages.Add([.. page.GetProperty("results").EnumerateArray().Select(memo => memo.Number("id"))]);
            forward.AddRange(pages[^1]);
            (last, next) = (page.GetProperty("previous").GetString(), page.GetProperty("next").GetString());
            await Write(me, "나중에 온 것");
        }
        Assert.Equal(written, forward);

        var backward = new List<long>(pages[^1]);
        for (var previous = last; previous is not null; )
        {
            var page = await (await me.Client.Send(HttpMethod.Get, previous)).Json(HttpStatusCode.OK);
            backward.InsertRange(0, page.GetProperty("results").EnumerateArray().Select(memo => memo.Number("id")));
            previous = page.GetProperty("previous").GetString();
        }
        // Back at the start are those that came meanwhile, each once.
        Assert.Equal(written, backward.TakeLast(written.Count));
        Assert.Equal(written.Count + pages.Count, backward.Count);
        Assert.Equal(backward.Count, backward.Distinct().Count());
    }

    private static async Task<long> Write(Person who, string text)
    {
        using var made = await who.Client.Send(HttpMethod.Post, "/api/v1/memos", new { text });
        return (await made.Json(HttpStatusCode.Created)).Number("id");
    }
}
