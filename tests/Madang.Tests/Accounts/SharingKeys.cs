using System.Net;
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
    public async Task Servers_that_start_together_on_an_empty_database_make_one_key()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        // As before the first start: the yard's own server has made a key already.
        await yard.Database.Write(sql => sql.Execute("DELETE FROM data_protection_keys"), Stop);
        string[] settings = [$"--Data:Directory={yard.Folder}", .. yard.Databases];
        var servers = await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(_ => Task.Run(() => Server.Start("http://127.0.0.1:0", null, settings, yard.Clock, Stop)))
        );
        try
        {
            Assert.Equal(
                1,
                await yard.Database.Read(sql => sql.Single<long>("SELECT count(*) FROM data_protection_keys"), Stop)
            );
            var me = await yard.SignUp();
            foreach (var server in servers)
            {
                await Reads(server, me);
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.App.StopAsync(Stop);
                await server.DisposeAsync();
            }
        }

        async Task Reads(Server server, Person me)
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
            {
                BaseAddress = new(server.Url),
            };
            (string, string) bearer = ("Authorization", $"Bearer {me.AccessToken}");
            await client.Send(HttpMethod.Get, "/api/v1/users/me", null, bearer).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_second_server_over_the_same_database_reads_the_first_one_s_cookie()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var browser = await new Browser(yard).SignIn(await yard.SignUp());
        string[] settings = [$"--Data:Directory={yard.Folder}", .. yard.Databases];
        await using var second = await Server.Start("http://127.0.0.1:0", null, settings, yard.Clock, Stop);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = new(second.Url),
        };
        await client
            .Send(HttpMethod.Get, "/api/v1/users/me", null, ("Cookie", $"madang={browser.Cookies["madang"]}"))
            .Is(HttpStatusCode.OK);
        await second.App.StopAsync(Stop);
    }
}
