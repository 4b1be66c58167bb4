using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Host;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Yards;

/// <summary>
/// A yard of its own for a test class: a real server on a free port over a fresh database, with an admin, sign-up open and rate
/// limits off unless the test says otherwise.
/// </summary>
public abstract class Yard : IAsyncLifetime
{
    public const string Password = "마당에서 만나요 1";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"madang-yard-{Guid.NewGuid():N}");
    private Server? server;
    private int people;

    public TestClock Clock { get; } = new();

    public Server Server => server!;

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url => Server.Url;

    public Database Database => Get<Database>();

    /// <summary>The first user.</summary>
    public Person Admin { get; private set; } = null!;

    /// <summary>Nobody: a client without credentials.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    public string Folder => folder;

    /// <summary>The settings that name its database, for another server over the same one.</summary>
    public string[] Databases { get; private set; } = [];

    protected virtual string[] Settings => ["--SignIn:AllowSignUp=true", "--RateLimits:Enabled=false"];

    /// <summary>The rooms that run, or null for all.</summary>
    protected virtual string? Rooms => null;

    protected abstract Task<string[]> DatabaseSettings();

    protected virtual Task Migrate(string[] settings) => Task.CompletedTask;

    public T Get<T>()
        where T : notnull => Server.App.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        Databases = await DatabaseSettings();
        // Tests ask nobody outside: titles are fetched where a test puts its own server in the place of the internet.
        string[] settings = [$"--Data:Directory={folder}", "--Links:FetchTitles=false", .. Databases, .. Settings];
        await Migrate(settings);
        server = await Server.Start("http://127.0.0.1:0", Rooms, settings, Clock, CancellationToken.None);
        Anonymous = Client(null);
        // Tests sign hundreds of people up: their passwords are hashed in a few rounds, or that would be all the tests do.
        Get<IOptions<PasswordHasherOptions>>().Value.IterationCount = HashingRounds;
        await Settle();
    }

    private const int HashingRounds = 1_000;

    /// <summary>What is there before the first test: an admin. A yard with a public URL asks him for the set-up code.</summary>
    protected virtual async Task Settle() =>
        Admin = await SignUp(setupCode: await Get<WorkspaceStore>().SetupCodeWhileEmpty(CancellationToken.None));

    /// <summary>Makes an account by the API and signs it in.</summary>
    public async Task<Person> SignUp(string? username = null, string? setupCode = null)
    {
        var number = Interlocked.Increment(ref people);
        var email = $"person{number}@example.com";
        var made = await Anonymous.PostAsJsonAsync(
            "/api/v1/users",
            new
            {
                email,
                username = username ?? $"사람 {number}",
                password = Password,
                setup_code = setupCode,
            }
        );
        var user = await made.Json(HttpStatusCode.Created);
        return await SignIn(user.GetProperty("id").GetInt64(), email);
    }

    /// <summary>Signs in, with the usual password unless another is given.</summary>
    public async Task<Person> SignIn(long id, string email, string password = Password)
    {
        var answer = await Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { email, password });
        var pair = await answer.Json(HttpStatusCode.OK);
        var access = pair.GetProperty("access_token").GetString()!;
        return new(id, email, access, pair.GetProperty("refresh_token").GetString()!, Client(access));
    }

    /// <returns>A client that sends this bearer token, follows no redirect and keeps no cookie.</returns>
    public HttpClient Client(string? bearer)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(Url),
        };
        if (bearer is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        }
        return client;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.App.StopAsync();
            await server.DisposeAsync();
        }
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>Somebody with an account, and a client that is signed in as him.</summary>
public sealed record Person(long Id, string Email, string AccessToken, string RefreshToken, HttpClient Client);

/// <summary>A yard on the embedded database.</summary>
public class SqliteYard : Yard
{
    protected override Task<string[]> DatabaseSettings() => Task.FromResult<string[]>([]);
}

/// <summary>A yard on PostgreSQL.</summary>
public class PostgresYard(PostgresServer postgres) : Yard
{
    private string? connection;

    protected override async Task<string[]> DatabaseSettings()
    {
        connection = await postgres.NewDatabase();
        return [$"--Data:Postgres={connection}"];
    }

    /// <summary>The environment, which is no section's, is no setting of a verb.</summary>
    protected override async Task Migrate(string[] settings) =>
        Assert.Equal(
            0,
            await Program.Main([
                "migrate",
                .. settings.Where(one => !one.StartsWith("--environment=", StringComparison.Ordinal)),
            ])
        );

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (connection is not null)
        {
            await postgres.Drop(connection);
        }
    }
}

/// <summary>Reads answers.</summary>
public static class Answers
{
    /// <returns>The JSON of an answer that must have this status.</returns>
    public static async Task<JsonElement> Json(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {(int)status}: {body}");
        return JsonElement.Parse(body);
    }
}
