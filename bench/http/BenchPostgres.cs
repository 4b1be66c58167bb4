using System.Diagnostics;
using System.Globalization;

namespace Madang.HttpBench;

/// <summary>A PostgreSQL server of our own on loopback in a temporary folder, as durable as its defaults make it.</summary>
internal sealed class BenchPostgres : IAsyncDisposable
{
    private readonly string folder;
    private readonly string programs;
    private readonly int port = RunningServer.FreePort();
    private Process? server;

    private BenchPostgres(string folder, string programs) => (this.folder, this.programs) = (folder, programs);

    internal string ConnectionString =>
        $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Maximum Pool Size=64";

    /// <returns>Null when it isn't installed.</returns>
    internal static async Task<BenchPostgres?> Start(string folder)
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (programs is null)
        {
            return null;
        }
        var postgres = new BenchPostgres(Path.Combine(folder, "postgres"), programs);
        Directory.CreateDirectory(postgres.folder);
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chmod", "o+x", folder);
            await Run("chown", "postgres:postgres", postgres.folder);
        }
        var data = Path.Combine(postgres.folder, "data");
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
        ]);
        postgres.server = Begin([
            .. AsPostgres,
            Path.Combine(programs, "postgres"),
            "-D",
            data,
            "-p",
            postgres.Port,
            "-k",
            postgres.folder,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=200",
        ]);
        while (await Code(Path.Combine(programs, "pg_isready"), "-h", "127.0.0.1", "-p", postgres.Port) != 0)
        {
            await Task.Delay(50);
        }
        return postgres;
    }

    /// <returns>Transactions a second of pgbench running this script with as many clients.</returns>
    internal async Task<double> Transactions(string script, int clients, int seconds)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pgbench");
        await File.WriteAllTextAsync(file, script);
        var text = await Output(
            "pgbench",
            "-h",
            "127.0.0.1",
            "-p",
            Port,
            "-U",
            "postgres",
            "-n",
            "-M",
            "prepared",
            "-j",
            "2",
            "-c",
            clients.ToString(CultureInfo.InvariantCulture),
            "-T",
            seconds.ToString(CultureInfo.InvariantCulture),
            "-f",
            file,
            "postgres"
        );
        File.Delete(file);
        var line = text.Split('\n').First(one => one.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await Run("kill", "-INT", server.Id.ToString(CultureInfo.InvariantCulture));
            await server.WaitForExitAsync();
            server.Dispose();
        }
    }

    private string Port => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>initdb and postgres refuse root.</summary>
    private static string[] AsPostgres =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private static Process Begin(params string[] command)
    {
        var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<int> Code(params string[] command)
    {
        using var process = Begin(command);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task Run(params string[] command)
    {
        if (await Code(command) is not 0 and var code)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}.");
        }
    }

    private static async Task<string> Output(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true }
        )!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text;
    }
}
