using System.Diagnostics;
using System.Globalization;
using Madang.Foundation.Caching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Madang.Tests.Yards;

/// <summary>
/// A Redis server on loopback, in a temporary folder, that a test can kill, freeze and start again. It is known by its process and ended
/// by it.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/redis-server";
    private const string NotInstalled = "Redis is not installed (Debian and Ubuntu: apt install redis-server).";

    private readonly TemporaryFolder folder = new();
    private readonly string[] settings;
    private Process? server;
    private bool isFrozen;

    private RedisServer(string[] settings, string options) => (this.settings, Options) = (settings, options);

    internal int Port { get; private set; }

    /// <summary>What has to stand after the place for us to be let in.</summary>
    internal string Options { get; private set; }

    internal string Setting => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}{Options}");

    /// <summary>Starts one that lets anybody on this machine in.</summary>
    internal static Task<RedisServer> Start() => Start("");

    /// <param name="options">What has to stand after the place for us to be let in.</param>
    /// <param name="settings">Settings of the server, as <c>--requirepass</c> and its value.</param>
    internal static async Task<RedisServer> Start(string options, params string[] settings)
    {
        Assert.SkipUnless(File.Exists(Program), NotInstalled);
        var made = new RedisServer(settings, options);
        // A port that was free may be taken by the time it is listened on: then another one is.
        for (var attempt = 1; !await made.TryStart(Ports.Free()); attempt++)
        {
            Assert.True(attempt < 5, "Redis does not start on any port.");
        }
        return made;
    }

    /// <summary>Starts one that speaks TLS alone, with a certificate for this name by an authority of its own, and asks for a password where one is given.</summary>
    internal static async Task<RedisServer> StartEncrypted(TemporaryFolder place, string name, string? password = null)
    {
        var (key, certificate) = (place.File("redis.key"), place.File("redis.pem"));
        await Commands.Run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-keyout",
            key,
            "-out",
            certificate,
            "-subj",
            $"/CN={name}",
            "-addext",
            $"subjectAltName=DNS:{name}"
        );
        var options = $",ssl=true,sslHost={name},sslCa={certificate}";
        return await Start(
            password is null ? options : $"{options},password={password}",
            [
                "--tls-cert-file",
                certificate,
                "--tls-key-file",
                key,
                "--tls-ca-cert-file",
                certificate,
                "--tls-auth-clients",
                "no",
                .. password is null ? [] : new[] { "--requirepass", password },
            ]
        );
    }

    /// <summary>Starts it where it was, empty.</summary>
    internal Task Restart() => Probe.Until(() => TryStart(Port));

    internal async Task Kill()
    {
        await Signal("KILL");
        await server!.WaitForExitAsync();
        isFrozen = false;
    }

    /// <summary>Stops the process where it is: connections stay open, and nobody answers on them.</summary>
    internal Task Freeze()
    {
        isFrozen = true;
        return Signal("STOP");
    }

    internal Task Thaw()
    {
        isFrozen = false;
        return Signal("CONT");
    }

    /// <summary>Asks it something over a connection of its own, as an operator would.</summary>
    internal async Task<RespReply> Ask(params string[] words)
    {
        await using var connection = new RedisConnection(
            RedisSettings.Parse(Setting),
            NullLogger<RedisConnection>.Instance,
            TimeSpan.FromSeconds(60)
        );
        connection.Start();
        await Probe.Until(() => connection.IsUp);
        return await connection.Ask([.. words.Select(word => (ReadOnlyMemory<byte>)Encoding(word))])
            ?? throw new IOException("Redis does not answer.");
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { HasExited: false })
        {
            if (isFrozen)
            {
                await Thaw();
            }
            await Signal("TERM");
            await server.WaitForExitAsync();
        }
        server?.Dispose();
        folder.Dispose();
    }

    private static byte[] Encoding(string word) => System.Text.Encoding.UTF8.GetBytes(word);

    /// <returns>False when the process ended before it let anybody in.</returns>
    private async Task<bool> TryStart(int port)
    {
        Port = port;
        var number = port.ToString(CultureInfo.InvariantCulture);
        string[] listening = Options.Contains("ssl=true", StringComparison.Ordinal)
            ? ["--port", "0", "--tls-port", number]
            : ["--port", number];
        server?.Dispose();
        server = Commands.Start([
            Program,
            .. listening,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            folder.Path,
            .. settings,
        ]);
        var place = RedisSettings.Parse(Setting);
        await Probe.Until(async () =>
            server.HasExited || await RedisConnection.Fault(place, CancellationToken.None) is null
        );
        return !server.HasExited;
    }

    private async Task Signal(string name)
    {
        using var kill = Commands.Start("kill", $"-{name}", server!.Id.ToString(CultureInfo.InvariantCulture));
        await kill.WaitForExitAsync();
    }
}
