using System.Net;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Outside;

/// <summary>Whatever is wrong with a provider: a page that says so in both languages, no session, one line in the log.</summary>
[Collection(nameof(OutsideSqliteYards))]
public sealed class FailingProviders(OutsideSqliteYard yard) : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, RequestDelegate> Answers = new()
    {
        ["500"] = http => Write(http, 500, "oops"),
        ["503 with a JSON body"] = http => Write(http, 503, """{"access_token":"x","resultcode":"00"}"""),
        ["slow"] = http => Slow(http, TimeSpan.FromSeconds(20)),
        ["slow after its header"] = async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("{", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Slow(http, TimeSpan.FromSeconds(20));
        },
        ["hangs up"] = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        },
        ["a page"] = http => Write(http, 200, "<html>점검 중</html>"),
        ["nothing"] = http => Write(http, 200, ""),
        ["a list"] = http => Write(http, 200, "[]"),
        ["half an object"] = http => Write(http, 200, """{"access_token":"""),
        ["no UTF-8"] = http => http.Response.Body.WriteAsync(new byte[] { 0x7b, 0x22, 0xff, 0x22, 0x7d }).AsTask(),
        ["huge"] = http => Write(http, 200, $$"""{"access_token":"x","pad":"{{new string('x', 2_000_000)}}"}"""),
        ["deep"] = http => Write(http, 200, """{"a":""" + new string('[', 5000)),
        ["a redirect"] = http =>
        {
            http.Response.Redirect("/oauth2.0/token");
            return Task.CompletedTask;
        },
        ["an empty object"] = http => Write(http, 200, "{}"),
        ["a token that is null"] = http => Write(http, 200, """{"access_token":null}"""),
        ["a token that is a number"] = http => Write(http, 200, """{"access_token":{}}"""),
        ["a token with a line break"] = http => Write(http, 200, """{"access_token":"a\r\nX: y"}"""),
        ["a token that is no Unicode"] = http => Write(http, 200, """{"access_token":"\ud800"}"""),
        ["an error"] = http => Write(http, 200, """{"error":"invalid_request","error_description":"<b>"}"""),
        ["an error with 400"] = http => Write(http, 400, """{"error":"invalid_grant"}"""),
        ["a failed result"] = http => Write(http, 200, """{"resultcode":"024","message":"Authentication failed"}"""),
        ["a failed result with a member"] = http => Write(http, 200, """{"resultcode":"028","response":{"id":"n"}}"""),
        ["no id"] = http =>
            Write(http, 200, """{"resultcode":"00","message":"success","response":{"email":"a@example.com"}}"""),
        ["an empty id"] = http => Write(http, 200, """{"resultcode":"00","response":{"id":""}}"""),
        ["an id that is a list"] = http => Write(http, 200, """{"resultcode":"00","response":{"id":["n"]}}"""),
        ["an id with NUL"] = http => Write(http, 200, """{"resultcode":"00","response":{"id":"n\u0000"}}"""),
        ["an id that is no Unicode"] = http => Write(http, 200, """{"resultcode":"00","response":{"id":"\udfff"}}"""),
        ["a member that is a text"] = http => Write(http, 200, """{"resultcode":"00","response":"n"}"""),
        ["a refused token"] = http => Write(http, 401, """{"resultcode":"024","message":"Authentication failed"}"""),
    };

    private const string Away = "대답하지 않아요";
    private const string Late = "너무 늦어요";
    private const string Unclear = "알아볼 수 없어요";
    private const string No = "받아 주지 않았어요";

    [Theory]
    [InlineData("500", Away, 502)]
    [InlineData("503 with a JSON body", Away, 502)]
    [InlineData("slow", Late, 504)]
    [InlineData("slow after its header", Late, 504)]
    [InlineData("hangs up", Away, 502)]
    [InlineData("a page", Unclear, 502)]
    [InlineData("nothing", Unclear, 502)]
    [InlineData("a list", Unclear, 502)]
    [InlineData("half an object", Unclear, 502)]
    [InlineData("no UTF-8", Unclear, 502)]
    [InlineData("huge", Unclear, 502)]
    [InlineData("deep", Unclear, 502)]
    [InlineData("a redirect", Unclear, 502)]
    [InlineData("an empty object", Unclear, 502)]
    [InlineData("a token that is null", Unclear, 502)]
    [InlineData("a token that is a number", Unclear, 502)]
    [InlineData("a token with a line break", Unclear, 502)]
    [InlineData("a token that is no Unicode", Unclear, 502)]
    [InlineData("an error", No, 502)]
    [InlineData("an error with 400", No, 502)]
    public async Task The_token_endpoint_answers(string what, string sentence, int status)
    {
        yard.Provider.Token = Answers[what];
        await NobodyComesIn(sentence, (HttpStatusCode)status);
    }

    [Theory]
    [InlineData("500", Away, 502)]
    [InlineData("slow", Late, 504)]
    [InlineData("hangs up", Away, 502)]
    [InlineData("a page", Unclear, 502)]
    [InlineData("a list", Unclear, 502)]
    [InlineData("huge", Unclear, 502)]
    [InlineData("a failed result", No, 502)]
    [InlineData("a failed result with a member", No, 502)]
    [InlineData("a refused token", No, 502)]
    [InlineData("no id", Unclear, 502)]
    [InlineData("an empty id", Unclear, 502)]
    [InlineData("an id that is a list", Unclear, 502)]
    [InlineData("an id with NUL", Unclear, 502)]
    [InlineData("an id that is no Unicode", Unclear, 502)]
    [InlineData("a member that is a text", Unclear, 502)]
    public async Task The_user_information_answers(string what, string sentence, int status)
    {
        yard.Provider.Information = Answers[what];
        await NobodyComesIn(sentence, (HttpStatusCode)status);
    }

    [Fact]
    public async Task A_failure_is_told_in_English_too_and_to_the_operator_once_by_its_number()
    {
        yard.Provider.Token = Answers["500"];
        using var log = new LoggedLines();
        yard.Get<ILoggerFactory>().AddProvider(log);
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree();
        using var answer = await browser.Return(back, "en");
        await browser.IsTurnedAway(answer, HttpStatusCode.BadGateway, "Their server does not answer now");
        var page = await answer.Content.ReadAsStringAsync(Stop);
        var line = Assert.Single(log.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Contains(line.TraceId!, page, StringComparison.Ordinal);
        Assert.Contains("naver", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestProvider.ClientSecret, string.Join('\n', log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server_error")]
    [InlineData("invalid_scope")]
    [InlineData("<script>alert(1)</script>")]
    public async Task What_the_provider_says_on_the_way_back_is_not_repeated_on_the_page(string error)
    {
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree("no");
        using var answer = await browser.Return(
            back.Replace("access_denied", Uri.EscapeDataString(error), StringComparison.Ordinal)
        );
        await browser.IsTurnedAway(answer, HttpStatusCode.BadGateway, No);
        Assert.DoesNotContain(error, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_without_a_code_and_without_an_error_is_rubbish()
    {
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree();
        using var answer = await browser.Return(back[..back.IndexOf("&code", StringComparison.Ordinal)]);
        await browser.IsTurnedAway(answer, HttpStatusCode.BadGateway, Unclear);
    }

    [Fact]
    public async Task A_failed_try_stands_in_the_record_and_counts_against_nobody()
    {
        var before = await Failed();
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree("no");
        using (await browser.Return(back)) { }
        Assert.Equal(before + 1, await Failed());
        // What did not begin here, or came before, is nobody's try: anybody could fill the record with it.
        await NobodyComesInFrom(browser, back);
        await NobodyComesInFrom(browser, "/auth/naver?code=1&state=2");
        await NobodyComesInFrom(browser, "/auth/naver");
        Assert.Equal(before + 1, await Failed());

        Task<long> Failed() =>
            yard.Database.Read(
                sql =>
                    sql.Single<long>(
                        "SELECT count(*) FROM sign_ins WHERE how = 'naver' AND outcome = 'failed' AND address = '127.0.0.0/24' AND user_id IS NULL"
                    ),
                Stop
            );
    }

    [Fact]
    public async Task A_provider_that_is_down_keeps_nobody_else_out()
    {
        string[] settings;
        await using (var gone = await TestProvider.Start())
        {
            settings = [.. OutsideSettings.Of(gone), "--SignIn:AllowSignUp=true", "--RateLimits:Enabled=false"];
        }
        await using var down = await NewYards.OnSqlite.Start([
            .. settings,
            "--SignIn:Providers:far:ClientId=a",
            "--SignIn:Providers:far:ClientSecret=b",
            "--SignIn:Providers:far:Issuer=http://127.0.0.1:9",
        ]);
        var me = await down.SignUp();
        var browser = new Browser(down);
        using var answer = await browser.Return("/login/far");
        await browser.IsTurnedAway(answer, HttpStatusCode.BadGateway, Away);
        await browser.SignIn(me);
        Assert.True(await browser.IsSignedIn());
    }

    public void Dispose() => (yard.Provider.Token, yard.Provider.Information) = (null, null);

    private async Task NobodyComesIn(string sentence, HttpStatusCode status)
    {
        yard.Provider.Member = new("kept-out");
        var browser = new Browser(yard);
        var back = await (await browser.Leave()).Agree();
        using var answer = await browser.Return(back);
        await browser.IsTurnedAway(answer, status, sentence);
    }

    private static async Task NobodyComesInFrom(Browser browser, string path)
    {
        using var answer = await browser.Return(path);
        await browser.IsTurnedAway(answer, HttpStatusCode.BadRequest, "처음부터");
    }

    private static Task Write(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }

    private static async Task Slow(HttpContext http, TimeSpan time)
    {
        try
        {
            await Task.Delay(time, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The yard has given up, as it must.
        }
    }
}
