using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Madang.BrowserTests.OpenId;

/// <summary>The npm package <c>oidc-provider</c> as a process of its own. <c>./test</c> installs it; where it isn't, its tests are skipped.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests/Madang.BrowserTests/obj/oidc-provider"
    );

    private readonly Process process;

    private OpenIdProvider(Process process, string url) => (this.process, Url) = (process, url);

    internal string Url { get; }

    /// <summary>Starts it for a yard that listens there.</summary>
    internal static async Task<OpenIdProvider> Start(string yard, CancellationToken stop)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules/oidc-provider")),
            "No oidc-provider here: install Node.js 20 or newer with npm and run ./test, which installs it."
        );
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("node", ["provider.mjs", port, $"{yard}/auth/company"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var provider = new OpenIdProvider(Process.Start(start)!, $"http://127.0.0.1:{port}");
        provider.process.BeginErrorReadLine();
        while (await provider.process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            if (line == "ready")
            {
                // What it says further is read and thrown away, or it would wait for a reader.
                _ = provider.process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return provider;
            }
        }
        throw new InvalidOperationException("The OpenID provider ended before it was ready.");
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        // It ends with its input.
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
