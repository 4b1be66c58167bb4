using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class SmallClientsOfMemosOnSqlite(SqliteYard yard) : SmallClientsOfMemos(yard), IClassFixture<SqliteYard>;

public sealed class SmallClientsOfMemosOnPostgres(PostgresYard yard)
    : SmallClientsOfMemos(yard),
        IClassFixture<PostgresYard>;

public abstract class SmallClientsOfMemos(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signed_in_a_memo_is_written_with_200_and_listed_newest_first()
    {
        var me = await yard.SignUp();
        var written = await me.Client.PostAsJsonAsync("/memo", new { text = "하나" }, Stop);
        await written.Json(HttpStatusCode.OK);
        await me.Client.PostAsJsonAsync("/memo", new { text = "둘" }, Stop);

        var list = await (await me.Client.GetAsync("/memo", Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(
            ["둘", "하나"],
            list.GetProperty("memos").EnumerateArray().Select(memo => memo.GetProperty("text").GetString()!)
        );
        Assert.True(list.GetProperty("memos")[0].TryGetProperty("created_at", out _));
    }

    [Fact]
    public async Task The_same_key_and_text_again_write_nothing_twice()
    {
        var me = await yard.SignUp();
        var first = await Keyed(me, "한 번만");
        var again = await Keyed(me, "한 번만");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(Stop), await again.Content.ReadAsStringAsync(Stop));
        var other = await (await Keyed(me, "다른 것")).Json(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Idempotency-Key", other.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Single(await me.List(""));
    }

    [Fact]
    public async Task Signed_out_both_lead_home_whatever_is_sent()
    {
        var answers = new[]
        {
            await yard.Anonymous.GetAsync("/memo", Stop),
            await yard.Anonymous.PostAsJsonAsync("/memo", new { text = "하나" }, Stop),
            await yard.Anonymous.PostAsync("/memo", new StringContent("nonsense"), Stop),
        };
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        Assert.All(answers, answer => Assert.Equal("/", answer.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("nonsense", "application/json")]
    [InlineData("{}", "application/json")]
    [InlineData("""{"text":""}""", "application/json")]
    [InlineData("""{"text":null}""", "application/json")]
    [InlineData("""{"text":5}""", "application/json")]
    [InlineData("""{"text":"a"}""", "text/plain")]
    [InlineData("text=a", "application/x-www-form-urlencoded")]
    public async Task What_is_no_memo_is_400_with_one_English_sentence(string body, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/memo")
        {
            Content = new StringContent(body, null, type),
        };
        request.Headers.AcceptLanguage.ParseAdd("ko");
        var problem = await (await yard.Admin.Client.SendAsync(request, Stop)).Json(HttpStatusCode.BadRequest);

        Assert.Equal("Something in the request is not as it must be.", problem.GetProperty("error").GetString());
        Assert.Equal("잘못된 요청", problem.GetProperty("title").GetString());
    }

    private static Task<HttpResponseMessage> Keyed(Person me, string text) =>
        me.Client.Send(HttpMethod.Post, "/memo", new { text }, ("Idempotency-Key", "key-1"));
}
