using System.Net;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>A new signing key reaches running servers by itself, and nobody is signed out by it.</summary>
public sealed class RotatingKeys(PostgresServer postgres)
{
    private const string Email = "me@example.com";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_servers_take_up_a_new_key_and_read_what_either_signed_with_any()
    {
        var connection = await postgres.NewDatabase();
        var setting = $"--Data:Postgres={connection}";
        (await Ran.Verb("migrate", setting)).Well();
        await using var database = Database.OpenPostgres(connection, TimeProvider.System);
        await using var one = MadangProcess.Start(
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            setting,
            "--RateLimits:Enabled=false"
        );
        await using var other = MadangProcess.Start(
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            setting,
            "--RateLimits:Enabled=false"
        );
        using var first = new HttpClient { BaseAddress = new(await one.Url) };
        using var second = new HttpClient { BaseAddress = new(await other.Url) };
        (await Ran.VerbWithInput($"{Yard.Password}\n", "user", "add", Email, setting)).Well();
        var old = await LogIn(first);
        await IsRead(second, old);

        (await Ran.Verb("keys", "rotate", setting)).Well();
        // Within the first minute the old one signs on: a server that has just looked does not know the new one.
        Assert.Equal(KidOf(old), KidOf(await LogIn(first)));
        await database.Write(
            sql =>
                sql.Execute(
                    "UPDATE signing_keys SET created_at = created_at - @Delay::interval WHERE retired_at IS NULL",
                    new { SigningKeys.Delay }
                ),
            Stop
        );
        var fresh = "";
        await Probe.Until(async () => KidOf(fresh = await LogIn(first)) != KidOf(old), TimeSpan.FromSeconds(10));

        // The minute was skipped, so the other may have looked within the last seconds, before the key was there.
        await Probe.Until(() => CanRead(second, fresh), TimeSpan.FromSeconds(10));
        foreach (var server in new[] { first, second })
        {
            await IsRead(server, old);
            await IsRead(server, fresh);
        }
        await postgres.Drop(connection);
    }

    private static async Task<bool> CanRead(HttpClient server, string token)
    {
        using var answer = await server.Send(
            HttpMethod.Get,
            "/api/v1/users/me",
            null,
            ("Authorization", $"Bearer {token}")
        );
        return answer.IsSuccessStatusCode;
    }

    private static async Task<string> LogIn(HttpClient server)
    {
        using var answer = await server.Send(
            HttpMethod.Post,
            "/api/v1/auth/login",
            new { email = Email, password = Yard.Password }
        );
        return (await answer.Json(HttpStatusCode.OK)).Text("access_token");
    }

    private static Task IsRead(HttpClient server, string token) =>
        server
            .Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", $"Bearer {token}"))
            .Is(HttpStatusCode.OK);

    private static string KidOf(string token) => Jwt.Kid(token)!;
}

public sealed class RetiringKeysOnSqlite() : RetiringKeys(NewYards.OnSqlite);

public sealed class RetiringKeysOnPostgres(PostgresServer postgres) : RetiringKeys(NewYards.OnPostgres(postgres));

/// <summary>What happens to keys as time goes by.</summary>
public abstract class RetiringKeys(NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_signs_after_a_minute_and_the_old_one_goes_after_an_hour()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var me = await yard.SignUp();
        var keys = yard.Get<SigningKeys>();
        var old = await keys.ForSigning(Stop);
        var made = await keys.Rotate(false, Stop);

        yard.Clock.Advance(SigningKeys.Delay - TimeSpan.FromSeconds(10));
        Assert.Equal(old.Kid, (await keys.ForSigning(Stop)).Kid);
        yard.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(made.Kid, (await keys.ForSigning(Stop)).Kid);
        await me.Client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.OK);

        // The last token of the old key has long expired by then.
        yard.Clock.Advance(SigningKeys.Stay - TimeSpan.FromMinutes(2));
        await keys.ForSigning(Stop);
        Assert.NotNull(await keys.Find(old.Kid, Stop));
        yard.Clock.Advance(TimeSpan.FromMinutes(2));
        await Tidy(yard);
        Assert.Equal(1, await yard.Database.Read(sql => sql.Single<long>("SELECT count(*) FROM signing_keys"), Stop));
        await keys.ForSigning(Stop);
        Assert.Null(await keys.Find(old.Kid, Stop));
        Assert.Equal(made.Kid, (await keys.ForSigning(Stop)).Kid);
    }

    [Fact]
    public async Task Rotated_twice_within_a_minute_a_ripe_key_signs_all_the_while()
    {
        await using var yard = await yards.Start();
        var keys = yard.Get<SigningKeys>();
        var old = await keys.ForSigning(Stop);
        await keys.Rotate(false, Stop);
        yard.Clock.Advance(TimeSpan.FromSeconds(30));
        var last = await keys.Rotate(false, Stop);
        yard.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(old.Kid, (await keys.ForSigning(Stop)).Kid);
        yard.Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(last.Kid, (await keys.ForSigning(Stop)).Kid);
    }

    [Fact]
    public async Task A_process_that_only_reads_forgets_a_retired_key_and_at_once_one_that_leaked()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var me = await yard.SignUp();
        // Somebody has this one, and signs with it what he likes.
        var leaked = await yard.Get<SigningKeys>().ForSigning(Stop);
        await Ask(yard, Forge(yard, leaked, me)).Is(HttpStatusCode.OK);
        (await Ran.Verb(["keys", "rotate", "--now", $"--Data:Directory={yard.Folder}", .. yard.Databases])).Well();
        yard.Clock.Advance(SigningKeys.Patience + TimeSpan.FromMilliseconds(1));
        await Ask(yard, Forge(yard, leaked, me)).Is(HttpStatusCode.Unauthorized);
        var fresh = (await yard.SignIn(me.Id, me.Email)).AccessToken;
        Assert.NotEqual(leaked.Kid, Jwt.Kid(fresh));
        await Ask(yard, fresh).Is(HttpStatusCode.OK);

        var retired = await yard.Get<SigningKeys>().ForSigning(Stop);
        await yard.Get<SigningKeys>().Rotate(false, Stop);
        yard.Clock.Advance(SigningKeys.Stay - TimeSpan.FromMinutes(1));
        await Ask(yard, Forge(yard, retired, me)).Is(HttpStatusCode.OK);
        yard.Clock.Advance(TimeSpan.FromMinutes(2));
        await Ask(yard, Forge(yard, retired, me)).Is(HttpStatusCode.Unauthorized);
    }

    private static Task<HttpResponseMessage> Ask(Yard yard, string token) =>
        yard.Anonymous.Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", $"Bearer {token}"));

    private static string Forge(Yard yard, SigningKey key, Person person)
    {
        var now = yard.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = $$"""{"sub":"{{person.Id}}","iss":"madang","aud":"madang","iat":{{now}},"exp":{{now + 900}}}""";
        return Jwt.Sign(key, System.Text.Encoding.UTF8.GetBytes(claims));
    }

    private static async Task Tidy(Yard yard)
    {
        foreach (var housework in yard.Get<IEnumerable<IHousework>>())
        {
            await housework.Tidy(Stop);
        }
    }
}
