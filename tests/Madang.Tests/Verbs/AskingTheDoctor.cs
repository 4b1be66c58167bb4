using System.Net;
using System.Net.Sockets;
using System.Text;
using Madang.Foundation.Data;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Madang.Tests.Verbs;

/// <summary><c>doctor</c>: a line for each thing, exit code 1 when one does not work; what isn't configured is fine.</summary>
public sealed class AskingTheDoctor(PostgresServer postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly string[] Names =
    [
        "database",
        "schema",
        "disk",
        "clock",
        "files",
        "cache",
        "mail",
        "keys",
        "providers",
        "deliveries",
        "backup",
    ];

    [Fact]
    public async Task All_is_well_with_a_running_server_that_nobody_configured()
    {
        await using var yard = await NewYards.OnSqlite.Start();
        var told = (await Ran.Verb("doctor", $"--Data:Directory={yard.Folder}")).Well().Output;

        var lines = told.TrimEnd().Split('\n');
        Assert.All(
            Names,
            name => Assert.Single(lines, line => line.StartsWith($"ok       {name} ", StringComparison.Ordinal))
        );
        Assert.Equal(Names.Length, lines.Length);
    }

    [Fact]
    public async Task What_is_wrong_in_the_database_is_told_with_what_to_do()
    {
        await using var bare = new BarePostgres(postgres);
        await bare.InitializeAsync();
        Assert.Contains("run 'madang migrate'", await Problem("schema", bare.Settings), StringComparison.Ordinal);

        await bare.Build();
        await bare.Do(
            "INSERT INTO events (type, version, at, payload) VALUES ('x', 1, @Now, '{}')",
            new { Now = DateTimeOffset.UtcNow }
        );
        await bare.Do(
            """
            INSERT INTO deliveries (event_id, handler, state, tries, next_at)
            VALUES (1, 'memos.user_deleted', 'parked', 10, @Now), (1, 'late', 'waiting', 0, @Early)
            """,
            new { Now = DateTimeOffset.UtcNow, Early = DateTimeOffset.UtcNow.AddHours(-1) }
        );
        await bare.Do("INSERT INTO workspace (name, value) VALUES ('backed_up_at', '2026-01-01T00:00:00Z')");
        await bare.Do(
            "INSERT INTO signing_keys (kid, algorithm, material, created_at) VALUES ('torn', 'ES256', @Material, @Now)",
            new { Material = new byte[] { 1 }, Now = DateTimeOffset.UtcNow }
        );
        await bare.Do(
            "INSERT INTO sign_ins (email_hash, how, address, outcome, at) VALUES ('x', 'password', '', 'failed', @Later)",
            new { Later = DateTimeOffset.UtcNow.AddHours(1) }
        );
        var told = await Ran.Verb(["doctor", .. bare.Settings]);
        Assert.Equal(1, told.Code);
        Assert.Contains("1 to memos.user_deleted failed ten times", Line(told, "deliveries"), StringComparison.Ordinal);
        Assert.Contains("1 wait for more than 10 minutes", told.Output, StringComparison.Ordinal);
        Assert.StartsWith("warning", Line(told, "backup"), StringComparison.Ordinal);
        Assert.Contains("'madang keys rotate'", Line(told, "keys"), StringComparison.Ordinal);
        Assert.StartsWith("problem", Line(told, "clock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_or_not_there_is_a_problem()
    {
        var nowhere = $"--Data:Postgres=Host=127.0.0.1;Port={Ports.Free()};Username=u;Database=d";
        Assert.Contains("does not answer", await Problem("database", nowhere), StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        Assert.Contains("There is no database in", await Problem("start", folder.Setting), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_mail_server_must_greet_us_in_time()
    {
        using var folder = await Migrated();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string[] Mail(int port) =>
            [
                folder.Setting,
                "--Mail:Host=127.0.0.1",
                $"--Mail:Port={port}",
                "--Mail:From=yard@example.com",
                "--Public:BaseUrl=https://yard.example.com",
            ];

        Assert.Contains("cannot be reached", await Problem("mail", Mail(Ports.Free())), StringComparison.Ordinal);
        Assert.Contains(
            "did not answer within 5 s",
            await Problem("mail", Mail(((IPEndPoint)silent.LocalEndpoint).Port)),
            StringComparison.Ordinal
        );

        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        var greeting = Task.Run(
            async () =>
            {
                using var client = await rude.AcceptTcpClientAsync(Stop);
                await client
                    .GetStream()
                    .WriteAsync(Encoding.ASCII.GetBytes("554 No SMTP service here\u0007\r\n"), Stop);
            },
            Stop
        );
        Assert.Contains(
            "greets with '554 No SMTP service here'",
            await Problem("mail", Mail(((IPEndPoint)rude.LocalEndpoint).Port)),
            StringComparison.Ordinal
        );
        await greeting;
    }

    [Fact]
    public async Task A_provider_must_answer_whatever_it_says()
    {
        using var folder = await Migrated();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var provider = builder.Build();
        provider.MapGet("/fine", () => Results.BadRequest());
        provider.MapGet("/broken", () => Results.StatusCode(503));
        await provider.StartAsync(Stop);
        var url = provider.Urls.First();

        string[] Provider(string token) =>
            [
                folder.Setting,
                "--Public:BaseUrl=https://yard.example.com",
                "--SignIn:Providers:garden:ClientId=c",
                "--SignIn:Providers:garden:ClientSecret=s",
                "--SignIn:Providers:garden:Issuer=https://garden.example.com",
                $"--SignIn:Providers:garden:AuthorizationEndpoint={url}/fine",
                $"--SignIn:Providers:garden:TokenEndpoint={token}",
                $"--SignIn:Providers:garden:UserInformationEndpoint={url}/fine",
            ];

        var well = await Ran.Verb(["doctor", .. Provider($"{url}/fine")]);
        Assert.Contains("garden answers", Line(well.Well(), "providers"), StringComparison.Ordinal);
        Assert.Contains(
            "/broken answers 503",
            await Problem("providers", Provider($"{url}/broken")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be reached",
            await Problem("providers", Provider($"http://127.0.0.1:{Ports.Free()}/")),
            StringComparison.Ordinal
        );
    }

    private static async Task<TemporaryFolder> Migrated()
    {
        var folder = new TemporaryFolder();
        await using var database = Database.OpenSqlite(folder.File("madang.db"), null, TimeProvider.System);
        await new Foundation.Schema.SchemaRunner(database, Host.Modules.All).Migrate(Stop);
        return folder;
    }

    private static async Task<string> Problem(string name, params string[] settings)
    {
        var told = await Ran.Verb(["doctor", .. settings]);
        Assert.Equal((1, ""), (told.Code, told.Errors));
        var line = Line(told, name);
        Assert.StartsWith("problem", line, StringComparison.Ordinal);
        return line;
    }

    private static string Line(Ran told, string name) =>
        told
            .Output.Split('\n')
            .First(line => line.Length > 9 && line[9..].StartsWith($"{name} ", StringComparison.Ordinal));
}
