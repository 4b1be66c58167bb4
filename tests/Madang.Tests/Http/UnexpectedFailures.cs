using System.Net;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Http;

public sealed class UnexpectedFailuresOnSqlite() : UnexpectedFailures(NewYards.OnSqlite);

public sealed class UnexpectedFailuresOnPostgres(PostgresServer postgres)
    : UnexpectedFailures(NewYards.OnPostgres(postgres));

public abstract class UnexpectedFailures(NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_that_nobody_expected_tells_the_client_nothing_but_where_the_operator_finds_it()
    {
        await using var yard = await yards.Start();
        var me = await yard.SignUp();
        using var log = new LoggedLines();
        yard.Get<ILoggerFactory>().AddProvider(log);
        await yard.Database.Write(sql => sql.Execute("ALTER TABLE memos RENAME TO hidden_memos"), Stop);

        using var answer = await me.Client.Send(HttpMethod.Get, "/api/v1/memos/7");
        var problem = await answer.Problem(HttpStatusCode.InternalServerError);
        var text = problem.ToString();
        foreach (var inside in new[] { "memos\"", "SELECT", "Exception", "relation", "no such table", " at " })
        {
            Assert.DoesNotContain(inside, text, StringComparison.OrdinalIgnoreCase);
        }
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        var line = Assert.Single(log.Lines, line => line.Level == LogLevel.Error);
        Assert.Equal(problem.Text("trace_id"), line.TraceId);
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", null)]
    [InlineData("rubbish", null)]
    public async Task A_problem_names_the_trace_that_its_caller_began_and_one_of_its_own_otherwise(
        string parent,
        string? trace
    )
    {
        await using var yard = await yards.Start();

        using var answer = await yard.Client(null)
            .Send(HttpMethod.Get, "/api/v1/nowhere", null, ("traceparent", parent));
        var told = (await answer.Problem(HttpStatusCode.NotFound)).Text("trace_id");
        Assert.Matches("^[0-9a-f]{32}$", told);
        Assert.NotEqual(new string('0', 32), told);
        Assert.True(trace is null || trace == told, told);
    }

    [Fact]
    public async Task On_a_page_it_is_a_page_that_says_so_in_the_readers_language()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var me = await yard.SignUp();
        var browser = new Browser(yard);
        await browser.Post("/sign-in", "/sign-in", ("email", me.Email), ("password", Yard.Password));
        await yard.Database.Write(sql => sql.Execute("ALTER TABLE memos RENAME TO hidden_memos"), Stop);

        foreach (var (language, sentence) in new[] { ("ko", "저희 잘못이에요"), ("en", "That was our fault") })
        {
            using var answer = await browser.Send(HttpMethod.Get, "/memos", null, ("Accept-Language", language));
            var page = await answer.Content.ReadAsStringAsync(Stop);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains(sentence, page, StringComparison.Ordinal);
            Assert.Matches("[0-9a-f]{32}", page);
            Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
            Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        }
    }
}
