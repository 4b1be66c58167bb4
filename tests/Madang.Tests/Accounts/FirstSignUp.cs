using System.Net;
using Madang.Foundation.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

public sealed class FirstSignUpOnSqlite() : FirstSignUp(NewYards.OnSqlite);

public sealed class FirstSignUpOnPostgres(PostgresServer postgres) : FirstSignUp(NewYards.OnPostgres(postgres));

public abstract class FirstSignUp(NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixteen_first_sign_ups_at_once_make_exactly_one_admin()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 16).Select(number => SignUp(yard, $"p{number}@example.com"))
        );
        var roles = new List<string>();
        foreach (var answer in answers)
        {
            roles.Add((await answer.Json(HttpStatusCode.Created)).Text("role"));
        }
        Assert.Single(roles, "admin");
        Assert.Equal(15, roles.Count(role => role == "member"));
    }

    [Theory]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Forwarded-Proto", "https")]
    public async Task Any_trace_of_a_proxy_makes_the_first_a_stranger(string header, string value)
    {
        await using var yard = await yards.Start();
        await yard
            .Anonymous.Send(
                HttpMethod.Post,
                "/api/v1/users",
                new
                {
                    email = "far@example.com",
                    username = "멀리",
                    password = Yard.Password,
                },
                (header, value)
            )
            .Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_public_address_makes_everybody_a_stranger()
    {
        await using var yard = await yards.Start("--Public:BaseUrl=https://yard.example.com");
        await SignUp(yard, "far@example.com").Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Sign_up_is_open_to_the_first_alone()
    {
        await using var yard = await yards.Start();
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 4).Select(number => SignUp(yard, $"p{number}@example.com"))
        );
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task An_admin_opens_sign_up_and_closes_it_again()
    {
        await using var yard = await yards.Start();
        var admin = await yard.SignUp();
        await SignUp(yard, "b@example.com").Is(HttpStatusCode.Forbidden);
        await admin
            .Client.Send(HttpMethod.Patch, "/api/v1/workspace", new { sign_up_open = true })
            .Is(HttpStatusCode.OK);
        var member = await yard.SignUp();
        await member
            .Client.Send(HttpMethod.Patch, "/api/v1/workspace", new { sign_up_open = false })
            .Is(HttpStatusCode.Forbidden);
        await admin
            .Client.Send(HttpMethod.Patch, "/api/v1/workspace", new { sign_up_open = (bool?)null })
            .IsBad("sign_up_open");
        await admin
            .Client.Send(HttpMethod.Patch, "/api/v1/workspace", new { sign_up_open = false })
            .Is(HttpStatusCode.OK);
        await SignUp(yard, "c@example.com").Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task From_another_machine_the_first_sign_up_needs_the_code_printed_at_start()
    {
        await using var yard = await yards.Start();
        var code = (await yard.Get<WorkspaceStore>().SetupCodeWhileEmpty(Stop))!;
        Assert.Contains(code, yard.Server.Greeting, StringComparison.Ordinal);
        (string, string)[] afar = [("X-Forwarded-For", "203.0.113.7")];

        await SignUp(yard, "a@example.com", null, afar).Is(HttpStatusCode.Forbidden);
        await SignUp(yard, "a@example.com", "wrong", afar).Is(HttpStatusCode.Forbidden);
        // A proxy that forwards no addresses makes everybody look local, but not the name they came by.
        await SignUp(yard, "a@example.com", null, ("Host", "madang.example")).Is(HttpStatusCode.Forbidden);
        await SignUp(yard, "a@example.com", null, ("X-Forwarded-Host", "madang.example")).Is(HttpStatusCode.Forbidden);

        var admin = await (await SignUp(yard, "a@example.com", code, afar)).Json(HttpStatusCode.Created);
        Assert.Equal("admin", admin.Text("role"));
        await SignUp(yard, "b@example.com", code, afar).Is(HttpStatusCode.Forbidden);
    }

    private static Task<HttpResponseMessage> SignUp(
        Yard yard,
        string email,
        string? code = null,
        params (string, string)[] headers
    ) =>
        yard.Anonymous.Send(
            HttpMethod.Post,
            "/api/v1/users",
            new
            {
                email,
                username = "첫 사람",
                password = Yard.Password,
                setup_code = code,
            },
            headers
        );
}
