using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Madang.Tests.Yards;

/// <summary>
/// A PostgreSQL server on loopback, in a temporary folder, that a test can kill, freeze and start again. It is known by its
/// process and ended by it.
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    internal const string NotInstalled = "PostgreSQL is not installed (Debian and Ubuntu: apt install postgresql-15).";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly string[] settings;
    private Process? server;
    private bool isFrozen;

    private PostgresProcess(string[] settings, string? folder = null) =>
        (this.settings, this.folder) = (
            settings,
            folder ?? Path.Combine(Path.GetTempPath(), $"madang-postgres-{Guid.NewGuid():N}")
        );

    internal int Port { get; private set; }

    internal string Data => Path.Combine(folder, "data");

    internal static string? Programs =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="settings">Settings of the server, as <c>fsync=off</c>.</param>
    internal static Task<PostgresProcess> Make(params string[] settings) => Make(new PostgresProcess(settings));

    /// <summary>Makes a server with its data in a folder that is there, and a log in segments of a megabyte, and starts it.</summary>
    internal static Task<PostgresProcess> MakeIn(string place, params string[] settings) =>
        // A socket's path has at most 107 characters.
        Make(new PostgresProcess(settings, Path.Combine(place, "pg")), "--wal-segsize=1");

    private static async Task<PostgresProcess> Make(PostgresProcess made, params string[] more)
    {
        await made.MakeFolder();
        string[] how = ["-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync", .. more];
        await RunAsPostgres("initdb", ["-D", made.Data, .. how]);
        await made.StartAnywhere();
        return made;
    }

    /// <summary>Makes a standby of this server and starts it.</summary>
    internal async Task<PostgresProcess> MakeStandby()
    {
        var standby = new PostgresProcess(settings);
        await standby.MakeFolder();
        var from = $"host=127.0.0.1 port={Port} user=postgres application_name=standby";
        await RunAsPostgres("pg_basebackup", "-d", from, "-D", standby.Data, "-R", "-X", "stream", "-c", "fast");
        await standby.StartAnywhere();
        return standby;
    }

    internal string Connection(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    internal async Task<T> Ask<T>(string text, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"{Connection(database)};Pooling=false;Timeout=5");
        await connection.OpenAsync();
        return (await Dapper.SqlMapper.QuerySingleOrDefaultAsync<T>(connection, text))!;
    }

    internal Task Do(string text, string database = "postgres") => Ask<object>(text, database);

    internal Task Promote() => RunAsPostgres("pg_ctl", "promote", "-D", Data, "-w");

    /// <summary>Starts it where it was: what had been killed recovers first.</summary>
    internal Task Start() => Probe.Until(() => TryStart(Port), Patience);

    /// <summary>On a full disk: it ends itself when it can't write its log, and can't recover without writing it.</summary>
    internal Task EndsForWantOfLog() =>
        Probe.Until(
            async () =>
            {
                try
                {
                    // What is in a table's way is refused alone; a segment of the log that can't be begun is the end.
                    await Do("SELECT pg_logical_emit_message(false, '', repeat('x', 1000)), pg_switch_wal()");
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException)
                {
                    // It is going down, or is down.
                }
                return server!.HasExited;
            },
            Patience
        );

    /// <summary>Kills the leader without a word; its children see that it is gone, and end. Frozen ones see nothing, and are killed too.</summary>
    internal async Task Kill()
    {
        var children = Children();
        await Signal("KILL", isFrozen ? [server!.Id, .. children] : [server!.Id]);
        isFrozen = false;
        await Probe.Until(() => children.TrueForAll(child => !Directory.Exists($"/proc/{child}")), Patience);
    }

    /// <summary>Stops the processes where they are: connections stay open, and nobody answers on them.</summary>
    internal async Task Freeze()
    {
        await Signal("STOP", [server!.Id]);
        await Signal("STOP", Children());
        isFrozen = true;
    }

    internal Task Thaw()
    {
        isFrozen = false;
        return Signal("CONT", [.. Children(), server!.Id]);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { HasExited: false })
        {
            // A frozen server hears nothing; SIGINT is a fast shutdown, which takes the children along.
            await Thaw();
            await Signal("INT", [server.Id]);
            await server.WaitForExitAsync();
        }
        server?.Dispose();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Lets the server's user into a folder.</summary>
    internal static Task GiveToPostgres(string path) =>
        Environment.IsPrivilegedProcess ? Commands.Run("chown", "postgres:postgres", path) : Task.CompletedTask;

    private async Task MakeFolder()
    {
        Directory.CreateDirectory(folder);
        await GiveToPostgres(folder);
    }

    /// <summary>A port that was free may be taken by the time it is listened on: then another one is.</summary>
    private async Task StartAnywhere()
    {
        for (var attempt = 1; !await TryStart(Ports.Free()); attempt++)
        {
            Assert.True(attempt < 5, "PostgreSQL does not start on any port.");
        }
    }

    /// <returns>False when the process ended before it let anybody in.</returns>
    private async Task<bool> TryStart(int port)
    {
        Port = port;
        string[] command = [Path.Combine(Programs!, "postgres"), "-D", Data, "-k", folder];
        string[] given = ["listen_addresses=127.0.0.1", $"port={port}", "max_connections=300", .. settings];
        server?.Dispose();
        server = Commands.Start([.. AsPostgres, .. command, .. given.SelectMany(setting => new[] { "-c", setting })]);
        await Probe.Until(async () => server.HasExited || await LetsIn(), Patience);
        return !server.HasExited;
    }

    private async Task<bool> LetsIn()
    {
        try
        {
            // Somebody else's server on this port is not this one.
            return await Ask<string>("SHOW data_directory") == Data;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private List<int> Children() =>
        [
            .. Directory
                .GetDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(process => ParentOf(process) == server!.Id),
        ];

    private static int ParentOf(int process)
    {
        try
        {
            // pid (name) state parent …, and a name may hold anything.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task Signal(string name, IReadOnlyCollection<int> processes)
    {
        foreach (var process in processes)
        {
            // A child may have ended by itself.
            using var kill = Commands.Start("kill", $"-{name}", process.ToString(CultureInfo.InvariantCulture));
            await kill.WaitForExitAsync();
        }
    }

    /// <summary>initdb and postgres refuse root.</summary>
    private static string[] AsPostgres =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private static Task RunAsPostgres(string program, params string[] arguments) =>
        Commands.Run([.. AsPostgres, Path.Combine(Programs!, program), .. arguments]);
}
