using System.Net;
using Madang.Foundation.Accounts;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

public sealed class SharingKeysOnSqlite() : SharingKeys(NewYards.OnSqlite);

public sealed class SharingKeysOnPostgres(PostgresServer postgres) : SharingKeys(NewYards.OnPostgres(postgres));

/// <summary>Processes over one database read each other's cookies and tokens, even when they started together on an empty one.</summary>
public abstract class SharingKeys(NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_that_start_together_on_a_database_without_keys_make_one_of_each_kind()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var me = await yard.SignUp();
        // As before the first start: the yard's own server has made keys already.
        await yard.Database.Write(sql => sql.Execute("DELETE FROM data_protection_keys"), Stop);
        await yard.Database.Write(sql => sql.Execute("DELETE FROM signing_keys"), Stop);
        string[] settings = [$"--Data:Directory={yard.Folder}", .. yard.Databases];
        var servers = await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(_ => Task.Run(() => Server.Start("http://127.0.0.1:0", null, settings, yard.Clock, Stop)))
        );
        try
        {
            var clients = Array.ConvertAll(servers, ClientOf);
            var tokens = await Task.WhenAll(clients.Select(client => LogIn(client, me)));
            foreach (var client in clients)
            {
                foreach (var token in tokens)
                {
                    await client
                        .Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", $"Bearer {token}"))
                        .Is(HttpStatusCode.OK);
                }
            }
            Assert.Equal(1, await Count(yard, "SELECT count(*) FROM signing_keys"));
            Assert.Equal(1, await Count(yard, "SELECT count(*) FROM data_protection_keys"));
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.App.StopAsync(Stop);
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Eight_processes_that_all_find_no_key_for_cookies_keep_one()
    {
        await using var yard = await yards.Start();
        await yard.Database.Write(sql => sql.Execute("DELETE FROM data_protection_keys"), Stop);
        var services = yard.Server.App.Services;
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => ActivatorUtilities.CreateInstance<FirstDataProtectionKey>(services))
                .Select(first => Task.Run(() => first.StartAsync(Stop)))
        );
        Assert.Equal(1, await Count(yard, "SELECT count(*) FROM data_protection_keys"));
    }

    private static Task<long> Count(Yard yard, string text) => yard.Database.Read(sql => sql.Single<long>(text), Stop);

    private static HttpClient ClientOf(Server server) =>
        new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(server.Url) };

    private static async Task<string> LogIn(HttpClient client, Person me)
    {
        using var answer = await client.Send(
            HttpMethod.Post,
            "/api/v1/auth/login",
            new { email = me.Email, password = Yard.Password }
        );
        return (await answer.Json(HttpStatusCode.OK)).Text("access_token");
    }
}
