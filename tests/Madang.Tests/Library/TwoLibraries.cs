using System.Globalization;
using Madang.Tests.Faults;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>
/// Two servers, each a process of its own, over one database and one Redis, as behind a load balancer. Redis speaks TLS and asks for a
/// password. A test takes away again what it has put on the shelf.
/// </summary>
public sealed class TwoLibraries(PostgresServer postgres) : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private RedisServer? redis;

    internal string Database { get; private set; } = "";

    internal RedisServer Redis => redis!;

    internal OneLibrary[] All { get; private set; } = [];

    /// <summary>A client of each, signed in as the admin.</summary>
    internal HttpClient[] Clients => Array.ConvertAll(All, server => server.Client);

    public async ValueTask InitializeAsync()
    {
        redis = await RedisServer.StartEncrypted(folder, "redis.example", "열려라 참깨");
        Database = await postgres.NewDatabase();
        string[] settings =
        [
            folder.Setting,
            $"--Data:Postgres={Database}",
            $"--Cache:Redis={redis.Setting}",
            "--Library:MaxLoans=10000",
            // A busy machine takes its time.
            "--Data:TimeLimit=60",
        ];
        All = [new(settings), new(settings)];
        await All[0].Served.Migrate();
        // The first one makes the account that both sign in to.
        foreach (var server in All)
        {
            await server.Start();
        }
    }

    internal async Task<bool> AreTwoLevels() =>
        (await Task.WhenAll(All.Select(server => server.Says("ok")))).All(isSo => isSo);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in All)
        {
            await server.DisposeAsync();
        }
        if (redis is not null)
        {
            await redis.DisposeAsync();
        }
        if (Database.Length > 0)
        {
            await postgres.Drop(Database);
        }
        folder.Dispose();
    }

    /// <summary>One of them.</summary>
    internal sealed class OneLibrary(string[] settings) : IAsyncDisposable
    {
        private HttpClient? client;
        private HttpClient? operators;

        internal Served Served { get; } = new(settings);

        internal HttpClient Client => client!;

        internal async Task Start()
        {
            await Served.Start();
            operators = Served.Client();
            client = Served.Client();
            // As a load balancer passes it on: answers hold the address that was asked for.
            client.DefaultRequestHeaders.Host = "library.example";
            await Probe.Until(() => Says("ok"));
        }

        /// <returns>Whether it says this of its cache.</returns>
        internal async Task<bool> Says(string cache)
        {
            using var answer = await operators!.GetAsync("/health/ready");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            return text.Contains($"\"cache\":\"{cache}\"", StringComparison.Ordinal);
        }

        /// <returns>What it has counted of its cache, all labels together unless one is named.</returns>
        internal async Task<long> Counted(string name, string label = "") =>
            (await operators!.GetStringAsync("/metrics"))
                .Split('\n')
                .Where(line =>
                    line.StartsWith($"madang_cache_{name}", StringComparison.Ordinal)
                    && line.Contains(label, StringComparison.Ordinal)
                )
                .Sum(line => (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));

        public async ValueTask DisposeAsync()
        {
            client?.Dispose();
            operators?.Dispose();
            await Served.DisposeAsync();
        }
    }
}

/// <summary>Two processes start for all of these tests together, which come one after the other.</summary>
[CollectionDefinition(nameof(TwoLibraries))]
public sealed class SharedTwoLibraries : ICollectionFixture<TwoLibraries>;
