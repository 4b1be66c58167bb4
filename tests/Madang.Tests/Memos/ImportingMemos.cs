using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

[Collection(nameof(SharedSqliteYard))]
public sealed class ImportingMemosOnSqlite(SqliteYard yard) : ImportingMemos(yard)
{
    protected override int Many => 10_000;
}

[Collection(nameof(SharedPostgresYard))]
public sealed class ImportingMemosOnPostgres(PostgresYard yard) : ImportingMemos(yard)
{
    protected override int Many => 2_000;
}

/// <summary>Memos that come from elsewhere.</summary>
public abstract class ImportingMemos(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract int Many { get; }

    [Theory, InlineData("zip"), InlineData("json")]
    public async Task What_was_exported_comes_in_as_it_was_once_however_often_it_is_imported(string format)
    {
        var (from, to) = (await yard.SignUp(), await yard.SignUp());
        var id = await from.Write($"고정한 {format} #답사/가을\n\n줄 하나\n", "team");
        await from.Put($"{id}/pin");
        await from.Put($"{await from.Write("보관한 것")}/archive");
        await from.Patch(await from.Write("처음"), new { text = "나중 #고침" });
        var file = await from.Export(format);

        var tried = await to.Import(file, "dry_run=true");
        Assert.Equal("done 3: 3 0 0", tried.Counts());
        Assert.Empty(await to.All());
        Assert.Equal("done 3: 3 0 0", (await to.Import(file)).Counts());
        Assert.Equal(await from.All(), await to.All());
        Assert.Single(await to.List("tag=답사"));
        Assert.Equal(2, (await to.Find($"고정한 {format}", "team")).Count);

        // Changed since, or thrown away: it is there all the same.
        var mine = Assert.Single(await to.Find("나중"));
        await to.Patch(mine, new { text = "내가 고침" });
        await to.Delete($"{Assert.Single(await to.Find("고정한"))}");
        Assert.Equal("done 3: 0 3 0", (await to.Import(file, "dry_run=true")).Counts());
        Assert.Equal("done 3: 0 3 0", (await to.Import(file)).Counts());
        Assert.Equal("done 3: 0 3 0", (await from.Import(file)).Counts());
    }

    [Fact]
    public async Task A_dry_run_is_done_when_it_is_asked_to_be_and_asking_twice_changes_nothing()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var tried = await me.Import("""[{"content":"하나","createTime":"2024-03-14T09:30:00Z"}]""", "dry_run=true");
        var path = $"/api/v1/memos/imports/{tried.Number("id")}";
        await other.Client.GetAsync(path, Stop).Is(HttpStatusCode.NotFound);
        await other.Client.PostAsync($"{path}/run", null, Stop).Is(HttpStatusCode.NotFound);

        var both = await Task.WhenAll(
            me.Client.PostAsync($"{path}/run", null, Stop),
            me.Client.PostAsync($"{path}/run", null, Stop)
        );
        Assert.All(both, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal("done 1: 1 0 0", (await me.Ended(tried.Number("id"))).Counts());
        await me.Client.PostAsync($"{path}/run", null, Stop).Is(HttpStatusCode.OK);
        Assert.Equal("done 1: 1 0 0", (await me.Ended(tried.Number("id"))).Counts());
        Assert.Single(await me.All());
    }

    [Fact]
    public async Task A_retry_with_the_same_key_begins_no_second_import()
    {
        var me = await yard.SignUp();
        var answers = new List<JsonElement>();
        for (var time = 0; time < 2; time++)
        {
            var answer = await me.Client.Send(
                HttpMethod.Post,
                "/api/v1/memos/imports",
                new ByteArrayContent(MovingCalls.Utf8("""[{"content":"한 번","createdTs":1710408600}]""")),
                ("Idempotency-Key", "once")
            );
            answers.Add(await answer.Json(HttpStatusCode.Created));
        }
        Assert.Equal(answers[0].Number("id"), answers[1].Number("id"));
        await me.Ended(answers[0].Number("id"));
        Assert.Single(await me.All());
    }

    [Fact]
    public async Task Memos_of_usememos_come_in_from_the_pages_of_its_API_old_and_new()
    {
        var me = await yard.SignUp();
        const string File = """
            {"memos":[
              {"name":"memos/a1","state":"NORMAL","creator":"users/1","createTime":"2025-01-02T03:04:05.123456789Z","updateTime":"2025-01-03T03:04:05Z","content":"새 것 #여행","visibility":"PROTECTED","tags":["여행"],"pinned":true,"nodes":[{"type":"PARAGRAPH"}]},
              {"name":"memos/a2","state":"ARCHIVED","createTime":"2025-01-02T03:04:05Z","content":"보관","visibility":"PRIVATE","pinned":false}
            ],"nextPageToken":"x"}
            {"memos":[{"name":"memos/a3","createTime":"2025-02-02T03:04:05Z","content":"둘째 쪽","visibility":"PUBLIC"}],"nextPageToken":""}
            [{"id":7,"rowStatus":"NORMAL","createdTs":1600000000,"updatedTs":"1600000100","content":"옛 것","visibility":"PRIVATE","pinned":false},
             {"id":8,"rowStatus":"NORMAL","createdTs":1600000000,"content":"옛 것","visibility":"PRIVATE"},
             {"id":9,"createdTs":1600000000},
             {"id":10,"content":"언제인지 모름"}]
            """;
        var import = await me.Import(File);
        Assert.Equal("done 7: 4 1 2", import.Counts());
        Assert.Equal(["#6 not_a_memo", "#7 bad_time"], import.Refusals());
        var all = await me.All();
        Assert.Equal(
            [
                """둘째 쪽|[]|team||||2025-02-02T03:04:05Z|2025-02-02T03:04:05Z""",
                """보관|[]|private||2025-01-02T03:04:05Z||2025-01-02T03:04:05Z|2025-01-02T03:04:05Z""",
                """새 것 #여행|["여행"]|team|2025-01-03T03:04:05Z|||2025-01-02T03:04:05.123456Z|2025-01-03T03:04:05Z""",
                """옛 것|[]|private||||2020-09-13T12:26:40Z|2020-09-13T12:28:20Z""",
            ],
            all
        );
        Assert.Equal("done 7: 0 5 2", (await me.Import(File)).Counts());
    }

    [Fact]
    public async Task Thousands_of_memos_come_in_and_are_no_news_to_others()
    {
        var me = await yard.SignUp();
        var memos = Enumerable
            .Range(0, Many)
            .Select(number => new
            {
                content = $"옮겨 온 메모 {number} #옮김/{number % 7}",
                createdTs = 1_600_000_000 + number,
                visibility = number % 100 == 0 ? "PUBLIC" : "PRIVATE",
            });
        var import = await me.Import(JsonSerializer.SerializeToUtf8Bytes(memos));
        Assert.Equal($"done {Many}: {Many} 0 0", import.Counts());
        Assert.Single(await me.Find($"메모 {Many - 1} "));
        Assert.Equal(Many / 100, (await me.List("scope=team&q=옮겨")).Count);
        var events = await yard.Database.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM events WHERE actor_id = @Id AND type = 'memo_shared'",
                    new { me.Id }
                ),
            Stop
        );
        Assert.Equal(0, events);
    }
}
