using Madang.Foundation.Modules;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>A data folder with an embedded database has one server, and the verbs beside it.</summary>
public sealed class SharingTheFolder(PostgresServer postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_server_is_refused_until_the_first_is_gone_and_verbs_work_beside_it()
    {
        using var folder = new TemporaryFolder();
        await using (await Serve(folder.Setting))
        {
            var refused = await Assert.ThrowsAsync<StartupException>(() => Serve(folder.Setting));
            Assert.Contains("Another server runs on", refused.Message, StringComparison.Ordinal);
            Assert.Equal(0, await Program.Main(["migrate", folder.Setting]));
            Assert.Equal(0, await Program.Main(["user", "list", folder.Setting]));
            Assert.Equal(0, await Program.Main(["backup", folder.File("b.zip"), folder.Setting]));
        }
        await using var next = await Serve(folder.Setting);
    }

    [Fact]
    public async Task On_PostgreSQL_several_servers_share_it()
    {
        using var folder = new TemporaryFolder();
        var connection = await postgres.NewDatabase();
        string[] settings = [$"--Data:Postgres={connection}", folder.Setting];
        Assert.Equal(0, await Program.Main(["migrate", .. settings]));
        await using (await Serve(settings))
        {
            await using var second = await Serve(settings);
        }
        await postgres.Drop(connection);
    }

    private static Task<Server> Serve(params string[] settings) =>
        Server.StartAlone("http://127.0.0.1:0", null, settings, Stop);
}
