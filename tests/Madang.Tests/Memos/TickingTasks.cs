using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class TickingTasksOnSqlite(SqliteYard yard) : TickingTasks(yard), IClassFixture<SqliteYard>;

public sealed class TickingTasksOnPostgres(PostgresYard yard) : TickingTasks(yard), IClassFixture<PostgresYard>;

/// <summary>A tick changes one character of a text, whoever else ticks at the same time, and no other text than the one that was seen.</summary>
public abstract partial class TickingTasks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_is_ticked_and_unticked_in_its_place_and_history_keeps_no_ticks()
    {
        var me = await yard.SignUp();
        var id = await me.Write("준비 #답사\n\n- [ ] 버스\n- [x] 숙소\n\n`- [ ] 코드`", "team");
        Assert.Equal(HttpStatusCode.NoContent, await me.Put($"{id}/tasks/1"));
        Assert.Equal(HttpStatusCode.NoContent, await me.Put($"{id}/tasks/1"));
        Assert.Equal(HttpStatusCode.NoContent, await me.Delete($"{id}/tasks/2"));

        Assert.Equal("준비 #답사\n\n- [x] 버스\n- [ ] 숙소\n\n`- [ ] 코드`", (await me.Read(id)).Text("text"));
        Assert.Equal([id], await me.Find("[x] 버스", "team"));
        await me.Patch(id, new { text = "고쳐 쓴 글" });
        using var answer = await me.Client.Send(HttpMethod.Get, $"/api/v1/memos/{id}/history");
        var earlier = (await answer.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray();
        Assert.Equal("준비 #답사\n\n- [x] 버스\n- [ ] 숙소\n\n`- [ ] 코드`", Assert.Single(earlier).Text("text"));
    }

    [Fact]
    public async Task Only_its_author_ticks_and_only_tasks_that_are_there()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var (hidden, shared) = (await me.Write("- [ ] 하나"), await me.Write("- [ ] 하나", "team"));
        Assert.Equal(HttpStatusCode.NotFound, await me.Put($"{hidden}/tasks/2"));
        Assert.Equal(HttpStatusCode.NotFound, await me.Put($"{hidden}/tasks/0"));
        Assert.Equal(HttpStatusCode.NotFound, await other.Put($"{hidden}/tasks/1"));
        Assert.Equal(HttpStatusCode.Forbidden, await other.Put($"{shared}/tasks/1"));
        Assert.Equal("- [ ] 하나", (await me.Read(shared)).Text("text"));
    }

    [Fact]
    public async Task Thirty_ticks_at_once_are_all_there()
    {
        const int Tasks = 30;
        var me = await yard.SignUp();
        var id = await me.Write(string.Join('\n', Enumerable.Range(1, Tasks).Select(number => $"- [ ] {number}")));
        await Task.WhenAll(Enumerable.Range(1, Tasks).Select(number => me.Put($"{id}/tasks/{number}")));

        Assert.Equal(
            string.Join('\n', Enumerable.Range(1, Tasks).Select(number => $"- [x] {number}")),
            (await me.Read(id)).Text("text")
        );
    }

    [Fact]
    public async Task With_If_Match_a_memo_that_has_changed_is_left_alone()
    {
        var me = await yard.SignUp();
        var id = await me.Write("- [ ] 하나\n- [ ] 둘");
        using var read = await me.Client.Send(HttpMethod.Get, $"/api/v1/memos/{id}");
        var etag = read.Headers.ETag!.Tag;
        var path = $"/api/v1/memos/{id}/tasks";
        await me.Client.Send(HttpMethod.Put, $"{path}/1", null, ("If-Match", etag)).Is(HttpStatusCode.NoContent);
        await me
            .Client.Send(HttpMethod.Put, $"{path}/2", null, ("If-Match", etag))
            .Is(HttpStatusCode.PreconditionFailed);
        Assert.Equal("- [x] 하나\n- [ ] 둘", (await me.Read(id)).Text("text"));
    }

    [Fact]
    public async Task On_a_page_that_shows_an_older_text_a_box_ticks_nothing_else_but_other_ticks_do_no_harm()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        var id = await me.Write("- [ ] 하나\n- [ ] 둘");
        var boxes = await Boxes(browser);
        await me.Put($"{id}/tasks/1");
        Assert.Equal(HttpStatusCode.SeeOther, await Press(browser, boxes[1]));
        Assert.Equal("- [x] 하나\n- [x] 둘", (await me.Read(id)).Text("text"));

        await me.Patch(id, new { text = "- [ ] 새로\n- [x] 하나\n- [ ] 둘" });
        Assert.Equal(HttpStatusCode.PreconditionFailed, await Press(browser, boxes[1]));
        Assert.Equal("- [ ] 새로\n- [x] 하나\n- [ ] 둘", (await me.Read(id)).Text("text"));
    }

    private static async Task<List<string>> Boxes(Browser browser)
    {
        using var page = await browser.Send(HttpMethod.Get, "/memos");
        return [.. Box().Matches(await page.Content.ReadAsStringAsync(Stop)).Select(match => match.Groups[1].Value)];
    }

    private static async Task<HttpStatusCode> Press(Browser browser, string box)
    {
        using var answer = await browser.Post("/memos", box, ("done", "true"), ("next", "/memos"));
        return answer.StatusCode;
    }

    [GeneratedRegex("class=\"tick\" form=\"acts\" formaction=\"([^\"]+)\"")]
    private static partial Regex Box();
}
