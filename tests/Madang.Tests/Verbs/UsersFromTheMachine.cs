using System.Net;
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

    [Fact]
    public async Task The_operator_makes_changes_and_shuts_out_people_by_the_rules_of_the_API()
    {
        await using var yard = await yards.Start();
        string[] settings = [$"--Data:Directory={yard.Folder}", .. yard.Databases];

        // The first one is the admin, and sign-up needs to be open for nobody.
        var first = await Verb(Password, "add", "first@example.com", "--name", "첫 사람");
        Assert.Contains("as admin", first.Well().Output, StringComparison.Ordinal);
        (await Verb(Password, "add", "second@example.com")).Well();
        (await Verb(Password, "add", "SECOND@example.com")).Refused("has an account already");
        (await Verb("short", "add", "third@example.com")).Refused("8");
        (await Verb(Password, "add", "nonsense")).Refused("email");
        (await Verb("", "add", "third@example.com")).Refused("no password on standard input");
        (await Verb(null, "admin", "nobody@example.com")).Refused("Nobody here");

        // The last admin stays one.
        (await Verb(null, "disable", "first@example.com")).Refused("last admin");
        (await Verb(null, "admin", "first@example.com", "--revoke")).Refused("last admin");
        (await Verb(null, "admin", "second@example.com")).Well();
        (await Verb(null, "admin", "first@example.com", "--revoke")).Well();
        var listed = (await Verb(null, "list")).Well().Output.Trim().Split('\n');
        Assert.StartsWith("1\tfirst@example.com\t첫 사람\tmember\tenabled\t", listed[0], StringComparison.Ordinal);
        Assert.StartsWith("2\tsecond@example.com\tsecond\tadmin\tenabled\t", listed[1], StringComparison.Ordinal);

        // A disabled user is out within two seconds, and comes back only by a new sign-in.
        var (access, _) = await LogIn(yard, "first@example.com", Password);
        await Me(yard, access).Is(HttpStatusCode.OK);
        (await Verb(null, "disable", "first@example.com")).Well();
        await Probe.Until(
            async () => (await Me(yard, access)).StatusCode == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(4)
        );
        (await Verb(null, "enable", "first@example.com")).Well();

        // Another password ends all sessions.
        var (_, refresh) = await LogIn(yard, "first@example.com", Password);
        var browser = await new Browser(yard).SignIn(new(1, "first@example.com", "", "", yard.Anonymous), Password);
        (await Verb("12345678", "password", "first@example.com")).Refused("8");
        (await Verb("다른 비밀번호 8", "password", "first@example.com")).Well();
        Assert.False(await browser.IsSignedIn());
        await yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = refresh })
            .Is(HttpStatusCode.Unauthorized);
        await LogIn(yard, "first@example.com", "다른 비밀번호 8");

        Task<Ran> Verb(string? input, params string[] words) =>
            Ran.VerbWithInput(input is null ? "" : $"{input}\n", ["user", .. words, .. settings]);
    }

    private static Task<HttpResponseMessage> Me(Yard yard, string access) =>
        yard.Anonymous.Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", $"Bearer {access}"));

    private static async Task<(string Access, string Refresh)> LogIn(Yard yard, string email, string password)
    {
        using var answer = await yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", new { email, password });
        var pair = await answer.Json(HttpStatusCode.OK);
        return (pair.Text("access_token"), pair.Text("refresh_token"));
    }
}

/// <summary>On a terminal a password is asked for twice and never shown, and long work has a bar.</summary>
public sealed class AskingOnATerminal
{
    [Fact]
    public async Task A_password_is_asked_for_twice_and_not_shown()
    {
        using var folder = new TemporaryFolder();
        (await Ran.Verb("migrate", folder.Setting)).Well();
        var made = await Ran.OnTerminal(
            "비밀의 뜰 77\r비밀의 뜰 77\r",
            "user",
            "add",
            "me@example.com",
            folder.Setting
        );
        Assert.Contains("Password:", made.Well().Output, StringComparison.Ordinal);
        Assert.Contains("Once more:", made.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "비밀의",
            made.Output[made.Output.IndexOf("Password:", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );

        var differs = await Ran.OnTerminal(
            "비밀의 뜰 77\r비밀의 뜰 78\r",
            "user",
            "password",
            "me@example.com",
            folder.Setting
        );
        Assert.Equal(1, differs.Code);
        Assert.Contains("The two passwords differ", differs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_work_shows_a_bar_there_and_plain_lines_elsewhere()
    {
        using var folder = new TemporaryFolder();
        (await Ran.Verb("migrate", folder.Setting)).Well();
        var bar = await Ran.OnTerminal("", "backup", folder.File("one.zip"), folder.Setting);
        Assert.Contains("100%", bar.Well().Output, StringComparison.Ordinal);
        Assert.Contains('\u001b', bar.Output);

        var lines = (await Ran.Verb("backup", folder.File("two.zip"), folder.Setting)).Well().Output;
        Assert.Contains("Reading the database: done\n", lines, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', lines);
    }
}
