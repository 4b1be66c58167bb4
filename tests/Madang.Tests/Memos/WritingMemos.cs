using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class WritingMemosOnSqlite(SqliteYard yard) : WritingMemos(yard), IClassFixture<SqliteYard>;

public sealed class WritingMemosOnPostgres(PostgresYard yard) : WritingMemos(yard), IClassFixture<PostgresYard>;

public abstract class WritingMemos(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_memo_comes_back_as_it_was_written_with_its_tags()
    {
        var me = await yard.SignUp();
        var written = await me.Client.PostAsJsonAsync(
            "/api/v1/memos",
            new { text = "회의록 😀 #회의 #답사/가을" },
            Stop
        );
        var memo = await written.Json(HttpStatusCode.Created);

        Assert.Equal($"/api/v1/memos/{memo.GetProperty("id")}", written.Headers.Location!.ToString());
        var read = await me.Client.GetStringAsync(written.Headers.Location, Stop);
        Assert.Contains("회의록 😀 #회의 #답사/가을", read, StringComparison.Ordinal);
        Assert.Equal(["회의", "답사/가을"], memo.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        Assert.Equal("private", memo.GetProperty("visibility").GetString());
        Assert.Equal(me.Id, memo.GetProperty("author_id").GetInt64());
    }
}
