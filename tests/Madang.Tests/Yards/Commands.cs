using System.Diagnostics;

namespace Madang.Tests.Yards;

/// <summary>Programs of the system that a test starts.</summary>
internal static class Commands
{
    /// <summary>Starts a program of which nobody reads the output.</summary>
    internal static Process Start(params string[] command)
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

    /// <summary>Runs a program to its end.</summary>
    internal static async Task Run(params string[] command)
    {
        if (await TryRun(command) is var code and not 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}.");
        }
    }

    /// <returns>Its exit code.</returns>
    internal static async Task<int> TryRun(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
