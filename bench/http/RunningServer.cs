using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Madang.HttpBench;

/// <summary>A server as a process of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly long began = Stopwatch.GetTimestamp();

    private RunningServer(Process process, string url) =>
        (this.process, Url, Client) = (
            process,
            url,
            new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(url) }
        );

    internal string Url { get; }

    internal HttpClient Client { get; }

    /// <summary>From the start of the process to its first right answer.</summary>
    internal TimeSpan StartTook { get; private set; }

    /// <summary>Resident memory, in bytes (proc_pid_status(5), VmRSS).</summary>
    internal long ResidentBytes =>
        long.Parse(
            File.ReadLines($"/proc/{process.Id}/status")
                .First(line => line.StartsWith("VmRSS", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        ) * 1024;

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static RunningServer Start(string program, string url, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                Console.Error.WriteLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        return new(process, url);
    }

    /// <summary>Starts the published server over a data folder or a database.</summary>
    internal static async Task<RunningServer> Madang(string published, params string[] settings)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var server = Start(
            published,
            url,
            [
                "serve",
                "--urls",
                url,
                "--RateLimits:Enabled=false",
                "--SignIn:AllowSignUp=true",
                "--Links:FetchTitles=false",
                .. settings,
            ]
        );
        await server.UntilItAnswers("/health/ready");
        return server;
    }

    internal async Task UntilItAnswers(string path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var answer = await Client.GetAsync(path, limit.Token);
                if ((int)answer.StatusCode != StatusOfNotYet)
                {
                    StartTook = Stopwatch.GetElapsedTime(began);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}.");
            }
            await Task.Delay(2, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private const int StatusOfNotYet = (int)HttpStatusCode.ServiceUnavailable;
}
