using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Madang.Tests.Yards;

/// <summary>The program itself, as an operator starts it: a process with arguments, output and an exit code.</summary>
internal sealed class MadangProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly Task<string> errors;
    private readonly TaskCompletionSource<string> setupCode = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> greeting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MadangProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("Madang is open at ", StringComparison.Ordinal) == true)
            {
                greeting.TrySetResult(line.Data.Split(' ')[4]);
                setupCode.TrySetResult(line.Data.Split(' ')[^1].TrimEnd(')'));
            }
        };
        process.BeginOutputReadLine();
    }

    /// <summary>Where it listens, once it does.</summary>
    internal Task<string> Url => greeting.Task.WaitAsync(Patience);

    /// <summary>What its greeting says of the first sign-up from another machine.</summary>
    internal Task<string> SetupCode => setupCode.Task.WaitAsync(Patience);

    internal int Id => process.Id;

    internal bool HasExited => process.HasExited;

    internal static MadangProcess Start(params string[] arguments) =>
        StartCommand([Path.Combine(AppContext.BaseDirectory, "madang"), .. arguments]);

    /// <summary>Starts it as somebody whom the rights of files bind, whoever runs the tests.</summary>
    internal static MadangProcess StartUnprivileged(params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? StartCommand([
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                Path.Combine(AppContext.BaseDirectory, "madang"),
                .. arguments,
            ])
            : Start(arguments);

    /// <summary>Starts it where this certificate is trusted, as operators do with one of their own.</summary>
    internal static MadangProcess StartTrusting(string certificate, string[] arguments) =>
        StartCommand([Path.Combine(AppContext.BaseDirectory, "madang"), .. arguments], ("SSL_CERT_FILE", certificate));

    /// <summary>Starts it with a heap that is never larger than this: what needs more ends it.</summary>
    /// <param name="mebibytes">What it may take.</param>
    /// <param name="arguments">Its words.</param>
    internal static MadangProcess StartWithin(int mebibytes, params string[] arguments) =>
        StartCommand(
            [Path.Combine(AppContext.BaseDirectory, "madang"), .. arguments],
            // A hexadecimal number of bytes; and one heap, however many cores there are.
            ("DOTNET_GCHeapHardLimit", $"{mebibytes * 1024L * 1024:X}"),
            ("DOTNET_gcServer", "0")
        );

    private static MadangProcess StartCommand(string[] command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return new MadangProcess(Process.Start(start)!);
    }

    /// <returns>A client that is signed in to the first account, which is made when somebody first asks.</returns>
    internal async Task<HttpClient> SignedIn()
    {
        var stop = TestContext.Current.CancellationToken;
        var client = new HttpClient { BaseAddress = new Uri(await Url) };
        var person = new
        {
            email = "kim@example.com",
            username = "김",
            password = Yard.Password,
        };
        await client.PostAsJsonAsync("/api/v1/users", person, stop);
        var answer = await client.PostAsJsonAsync("/api/v1/auth/login", person, stop);
        var token = (await answer.Json(HttpStatusCode.OK)).Text("access_token");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <returns>The exit code and what it wrote to standard error, once it has ended.</returns>
    internal async Task<(int Code, string Errors)> Ended()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await errors);
    }

    /// <summary>Sends it a signal, such as <c>TERM</c>.</summary>
    internal async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
