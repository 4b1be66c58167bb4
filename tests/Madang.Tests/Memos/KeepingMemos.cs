using System.Net;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Memos.Leaving;
using Madang.Memos.Writing;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class KeepingMemosOnSqlite(SqliteYard yard) : KeepingMemos(yard), IClassFixture<SqliteYard>;

public sealed class KeepingMemosOnPostgres(PostgresYard yard) : KeepingMemos(yard), IClassFixture<PostgresYard>;

public abstract class KeepingMemos(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_memo_keeps_its_earlier_texts_newest_first()
    {
        var me = await yard.SignUp();
        var id = await me.Write("첫째");
        await me.Patch(id, new { text = "둘째" });
        await me.Patch(id, new { text = "둘째", pinned = true });
        await me.Patch(id, new { text = "셋째" });

        var history = await (await me.Client.GetAsync($"/api/v1/memos/{id}/history", Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(
            ["둘째", "첫째"],
            history.GetProperty("results").EnumerateArray().Select(version => version.GetProperty("text").GetString()!)
        );
        Assert.Equal("셋째", (await me.Read(id)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task An_earlier_text_tells_when_it_was_written_whatever_else_changed_since()
    {
        var me = await yard.SignUp();
        var id = await me.Write("첫째");
        var written = (await me.Read(id)).GetProperty("created_at").GetString();
        await me.Patch(id, new { visibility = "team" });
        await me.Patch(id, new { text = "둘째" });
        var rewritten = (await me.Read(id)).GetProperty("updated_at").GetString();
        await me.Patch(id, new { visibility = "private" });
        await me.Patch(id, new { text = "셋째" });

        var history = await (await me.Client.GetAsync($"/api/v1/memos/{id}/history", Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(
            [rewritten, written],
            history.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("written_at").GetString())
        );
    }

    [Fact]
    public async Task A_memo_of_an_account_that_was_deleted_meanwhile_is_not_written()
    {
        var me = await yard.SignUp();
        await me.Client.DeleteAsync("/api/v1/users/me", Stop);
        await Assert.ThrowsAsync<UserGoneException>(() =>
            yard.Get<MemoStore>().Write(me.Id, new() { Text = "늦은 메모" }, Stop)
        );
    }

    [Fact]
    public async Task A_pin_tells_since_when_and_pinning_again_changes_nothing()
    {
        var me = await yard.SignUp();
        var id = await me.Write("고정할 것");
        var updated = (await me.Read(id)).GetProperty("updated_at").GetString();

        Assert.Equal(HttpStatusCode.NoContent, await me.Put($"{id}/pin"));
        var since = (await me.Read(id)).GetProperty("pinned_at").GetString();
        Assert.NotNull(since);
        await me.Put($"{id}/pin");
        Assert.Equal(since, (await me.Read(id)).GetProperty("pinned_at").GetString());
        Assert.Equal(updated, (await me.Read(id)).GetProperty("updated_at").GetString());
        Assert.Equal(HttpStatusCode.NoContent, await me.Delete($"{id}/pin"));
        Assert.Equal(JsonValueKind.Null, (await me.Read(id)).GetProperty("pinned_at").ValueKind);
    }

    [Fact]
    public async Task A_deleted_memo_is_gone_until_it_is_restored()
    {
        var me = await yard.SignUp();
        var id = await me.Write("지울 것", "team");
        Assert.Equal(HttpStatusCode.NoContent, await me.Delete($"{id}"));

        Assert.Equal(HttpStatusCode.NotFound, (await me.Client.GetAsync($"/api/v1/memos/{id}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await me.Delete($"{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await me.Patch(id, new { text = "바꿔 보기" }));
        Assert.Empty(await me.List(""));
        Assert.Empty(await me.Find("지울 것", "team"));
        Assert.Equal(HttpStatusCode.OK, await me.Post($"{id}/restore"));
        Assert.Equal([id], await me.List(""));
        Assert.Equal(HttpStatusCode.NotFound, await me.Post($"{id}/restore"));
    }

    [Fact]
    public async Task The_trash_empties_after_thirty_days_and_the_search_index_with_it()
    {
        var me = await yard.SignUp();
        var (old, young) = (await me.Write("오래전에 버린 연필", "team"), await me.Write("방금 버린 연필", "team"));
        await me.Delete($"{old}");
        yard.Clock.Advance(TimeSpan.FromDays(29));
        me = await yard.SignIn(me.Id, me.Email);
        await me.Delete($"{young}");
        yard.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        me = await yard.SignIn(me.Id, me.Email);

        Assert.Equal(1, await yard.Get<MemoPurge>().EmptyTrash(Stop));
        Assert.Equal(HttpStatusCode.NotFound, await me.Post($"{old}/restore"));
        Assert.Equal(HttpStatusCode.OK, await me.Post($"{young}/restore"));
        Assert.Equal([young], await me.Find("연필", "team"));
    }

    [Fact]
    public async Task Another_users_private_memo_does_not_exist_and_a_team_memo_can_only_be_read()
    {
        var (owner, other) = (await yard.SignUp(), await yard.SignUp());
        var (hidden, shared) = (await owner.Write("비밀"), await owner.Write("같이 보기", "team"));

        foreach (var (id, refused) in new[] { (hidden, HttpStatusCode.NotFound), (shared, HttpStatusCode.Forbidden) })
        {
            Assert.Equal(refused, await other.Patch(id, new { text = "바꿔 보기" }));
            Assert.Equal(refused, await other.Delete($"{id}"));
            Assert.Equal(refused, await other.Put($"{id}/pin"));
            Assert.Equal(refused, await other.Delete($"{id}/archive"));
            Assert.Equal(HttpStatusCode.NotFound, await other.Post($"{id}/restore"));
            var history = await other.Client.GetAsync($"/api/v1/memos/{id}/history", Stop);
            Assert.Equal(HttpStatusCode.NotFound, history.StatusCode);
        }
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await other.Client.GetAsync($"/api/v1/memos/{hidden}", Stop)).StatusCode
        );
        Assert.Equal(owner.Id, (await other.Read(shared)).GetProperty("author_id").GetInt64());
        Assert.Equal("비밀", (await owner.Read(hidden)).GetProperty("text").GetString());
    }
}
