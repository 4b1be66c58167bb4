using System.Net;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

public sealed class UsersFromTheMachineOnSqlite() : UsersFromTheMachine(NewYards.OnSqlite);

public sealed class UsersFromTheMachineOnPostgres(PostgresServer postgres)
    : UsersFromTheMachine(NewYards.OnPostgres(postgres));

/// <summary>Accounts made and changed by verbs, beside a running server that sees it.</summary>
public abstract class UsersFromTheMachine(NewYard yards)
{
    private const string Password = "뜰에서 만나요 7";

    private static readonly UserChangeInput Disable = new() { Disabled = new(true) };
    private static readonly UserChangeInput Demote = new() { Role = new Given<string>("member") };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rules_are_those_of_the_API()
    {
        await using var yard = await yards.Start();
        await using var scope = yard.Server.App.Services.CreateAsyncScope();
        var accounts = ActivatorUtilities.CreateInstance<OperatorAccounts>(scope.ServiceProvider);
        // The first one is the admin, and sign-up needs to be open for nobody.
        Assert.Equal("admin", (await Add("first@example.com")).Role);
        Assert.Equal("member", (await Add("second@example.com")).Role);
        await IsRefused("has an account already", () => Add("SECOND@example.com"));
        await IsRefused("email", () => Add("nonsense"));
        await IsRefused("password", () => accounts.Add("a@example.com", "이름", "", false, Stop));
        await IsRefused("username", () => accounts.Add("a@example.com", " ", Password, false, Stop));
        await IsRefused("", () => accounts.Add("a@example.com", "이름", "12345678", false, Stop));
        await IsRefused("Nobody here", () => accounts.Change("nobody@example.com", Disable, Stop));

        await IsRefused("", () => accounts.Change("first@example.com", Disable, Stop));
        await IsRefused("", () => accounts.Change("first@example.com", Demote, Stop));
        await accounts.Change("second@example.com", new() { Role = new Given<string>("admin") }, Stop);
        Assert.Equal("member", (await accounts.Change("first@example.com", Demote, Stop)).Role);
        await IsRefused("", () => accounts.SetPassword("first@example.com", "12345678", Stop));

        Task<User> Add(string email) => accounts.Add(email, "이름", Password, false, Stop);

        static async Task IsRefused(string words, Func<Task> work) =>
            Assert.Contains(
                words,
                (await Assert.ThrowsAsync<StartupException>(work)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task A_running_server_sees_who_came_who_was_shut_out_and_whose_password_is_another()
    {
        await using var yard = await yards.Start();
        (await Verb(Password, "add", "me@example.com", "--name", "첫 사람")).Well();
        (await Verb(Password, "add", "you@example.com")).Well();
        var listed = (await Verb(null, "list")).Well().Output.Trim().Split('\n');
        Assert.StartsWith("1\tme@example.com\t첫 사람\tadmin\tenabled\t", listed[0], StringComparison.Ordinal);
        Assert.StartsWith("2\tyou@example.com\tyou\tmember\tenabled\t", listed[1], StringComparison.Ordinal);
        (await Verb(null, "disable", "me@example.com")).Refused("last admin");
        (await Verb("", "password", "you@example.com")).Refused("no password on standard input");

        // A disabled user is out within two seconds.
        var (access, refresh) = await LogIn(yard, Password);
        await Me(yard, access).Is(HttpStatusCode.OK);
        var browser = await new Browser(yard).SignIn(new(2, "you@example.com", "", "", yard.Anonymous), Password);
        (await Verb(null, "disable", "you@example.com")).Well();
        await Probe.Until(
            async () => (await Me(yard, access)).StatusCode == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(4)
        );
        (await Verb(null, "enable", "you@example.com")).Well();
        Assert.False(await browser.IsSignedIn());

        // Another password ends all sessions.
        await Probe.Until(async () => (await Me(yard, access)).StatusCode == HttpStatusCode.OK);
        (_, refresh) = await LogIn(yard, Password);
        await browser.SignIn(new(2, "you@example.com", "", "", yard.Anonymous), Password);
        (await Verb("다른 비밀번호 8", "password", "you@example.com")).Well();
        Assert.False(await browser.IsSignedIn());
        await yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = refresh })
            .Is(HttpStatusCode.Unauthorized);
        await LogIn(yard, "다른 비밀번호 8");

        Task<Ran> Verb(string? input, params string[] words) =>
            Ran.VerbWithInput(
                input is null ? "" : $"{input}\n",
                ["user", .. words, $"--Data:Directory={yard.Folder}", .. yard.Databases]
            );
    }

    private static Task<HttpResponseMessage> Me(Yard yard, string access) =>
        yard.Anonymous.Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", $"Bearer {access}"));

    private static async Task<(string Access, string Refresh)> LogIn(Yard yard, string password)
    {
        using var answer = await yard.Anonymous.Send(
            HttpMethod.Post,
            "/api/v1/auth/login",
            new { email = "you@example.com", password }
        );
        var pair = await answer.Json(HttpStatusCode.OK);
        return (pair.Text("access_token"), pair.Text("refresh_token"));
    }
}
