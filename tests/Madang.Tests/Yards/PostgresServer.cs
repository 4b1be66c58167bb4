using System.Diagnostics;
using System.Globalization;
using Npgsql;

[assembly: AssemblyFixture(typeof(Madang.Tests.Yards.PostgresServer))]

namespace Madang.Tests.Yards;

/// <summary>A PostgreSQL server of our own for this run: on loopback, on a free port, in a temporary folder, stopped by its process.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"madang-postgres-{Guid.NewGuid():N}");
    private Process? server;
    private int port;
    private int databases;

    /// <summary>Why there is none, or null.</summary>
    public string? Missing { get; private set; }

    private static string? Programs =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;

    private string Admin => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false";

    public async ValueTask InitializeAsync()
    {
        if (Programs is not { } programs)
        {
            Missing = "PostgreSQL is not installed (Debian and Ubuntu: apt install postgresql-15).";
            return;
        }
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres:postgres", folder);
        }
        var data = Path.Combine(folder, "data");
        await Run([
            .. AsPostgres,
            Path.Combine(programs, "initdb"),
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
            "--no-sync",
        ]);
        port = FreePort();
        // No fsync: tests of durability start servers of their own.
        server = Start([
            .. AsPostgres,
            Path.Combine(programs, "postgres"),
            "-D",
            data,
            "-p",
            port.ToString(CultureInfo.InvariantCulture),
            "-k",
            folder,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
            "-c",
            "max_connections=300",
        ]);
        await Probe.Until(CanConnect, TimeSpan.FromSeconds(20));
    }

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> NewDatabase()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var name = $"yard{Interlocked.Increment(ref databases)}";
        await Execute($"CREATE DATABASE {name}");
        return $"Host=127.0.0.1;Port={port};Username=postgres;Database={name};Maximum Pool Size=40";
    }

    /// <summary>Drops a database that a test is done with.</summary>
    public Task Drop(string connectionString) =>
        Execute($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Lets nobody into a database any more, and throws out who is there.</summary>
    public async Task Close(string database)
    {
        await Execute($"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false");
        await Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
    }

    /// <summary>Lets everybody in again.</summary>
    public Task Open(string database) => Execute($"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS true");

    public async ValueTask DisposeAsync()
    {
        if (server is { HasExited: false })
        {
            // SIGINT is a fast shutdown; killing the leader alone would leave its children behind.
            await Run("kill", "-INT", server.Id.ToString(CultureInfo.InvariantCulture));
            await server.WaitForExitAsync();
        }
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static int FreePort() => Ports.Free();

    /// <summary>initdb and postgres refuse root.</summary>
    private static string[] AsPostgres =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private async Task<bool> CanConnect()
    {
        try
        {
            await Execute("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task Execute(string text)
    {
        await using var connection = new NpgsqlConnection(Admin);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only names made above.
        command.CommandText = text;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static Process Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var word in command.Skip(1))
        {
            start.ArgumentList.Add(word);
        }
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task Run(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
        }
    }
}
