using System.Diagnostics;

namespace Madang.Tests.Yards;

/// <summary>What a verb came to that was run to its end, as a process of its own.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record Ran(int Code, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "madang");

    /// <summary>Runs the program with these words.</summary>
    internal static Task<Ran> Verb(params string[] words) => Command([Program, .. words]);

    /// <summary>Runs the program with a line on standard input, which is no terminal.</summary>
    internal static Task<Ran> VerbWithInput(string input, params string[] words) => Command([Program, .. words], input);

    /// <summary>Runs the program on a terminal of its own (script(1)), where a person types this.</summary>
    internal static Task<Ran> OnTerminal(string typed, params string[] words) =>
        Command(
            ["script", "-qefc", string.Join(' ', [Program, .. words.Select(word => $"'{word}'")]), "/dev/null"],
            typed,
            environment: new() { ["TERM"] = "xterm-256color" },
            isTyped: true
        );

    /// <summary>Runs the program in a working directory, with more in its environment.</summary>
    internal static Task<Ran> In(string directory, Dictionary<string, string> environment, params string[] words) =>
        Command([Program, .. words], null, directory, environment);

    /// <returns>Itself, having done what it was asked.</returns>
    internal Ran Well()
    {
        Assert.True(Code == 0, $"{Code}: {Errors} {Output}");
        return this;
    }

    /// <summary>It refused, with one sentence that holds these words.</summary>
    internal void Refused(string words)
    {
        Assert.True(Code == 1, $"{Code}: {Errors} {Output}");
        Assert.Contains(words, Errors, StringComparison.Ordinal);
        Assert.Single(Errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
    }

    private static async Task<Ran> Command(
        string[] command,
        string? input = null,
        string? directory = null,
        Dictionary<string, string>? environment = null,
        bool isTyped = false
    )
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        await process.StandardInput.FlushAsync();
        // A terminal whose other end is closed hangs up on whoever reads from it.
        if (!isTyped)
        {
            process.StandardInput.Close();
        }
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command)} did not end: {await output} {await errors}");
        }
        return new(process.ExitCode, await output, await errors);
    }
}
