using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Madang.Host.Verbs;

/// <summary>
/// Tells how far long work has come, on standard output: a bar on a terminal, elsewhere a plain line now and then and one at the
/// end, so that a log stays short.
/// </summary>
internal static class Progress
{
    /// <summary>The least time between two plain lines about the same work.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static bool IsOnTerminal =>
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Does the work, and tells of it meanwhile.</summary>
    /// <param name="title">What is done, such as <c>Reading the memos</c>.</param>
    /// <param name="total">How many steps there will be; 0 when nobody knows.</param>
    /// <param name="work">Does it, calling its argument with the number of steps done since the last call, from any thread.</param>
    internal static Task<T> Run<T>(string title, long total, Func<Action<long>, Task<T>> work) =>
        IsOnTerminal ? Bar(title, total, work) : Lines(title, total, work);

    /// <inheritdoc cref="Run{T}" />
    internal static Task Run(string title, long total, Func<Action<long>, Task> work) =>
        Run(
            title,
            total,
            async step =>
            {
                await work(step);
                return true;
            }
        );

    private static Task<T> Bar<T>(string title, long total, Func<Action<long>, Task<T>> work) =>
        AnsiConsole
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async shown =>
            {
                var bar = shown.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
                bar.IsIndeterminate = total <= 0;
                var done = await work(steps => bar.Increment(steps));
                // What was counted beforehand may have shrunk meanwhile; it is done all the same.
                bar.IsIndeterminate = false;
                bar.Value = bar.MaxValue;
                return done;
            });

    private static async Task<T> Lines<T>(string title, long total, Func<Action<long>, Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var gate = new Lock();
        long count = 0;
        var toldAt = TimeSpan.Zero;
        var done = await work(steps =>
        {
            lock (gate)
            {
                count += steps;
                if (watch.Elapsed - toldAt >= Pause)
                {
                    toldAt = watch.Elapsed;
                    Console.WriteLine(
                        total > 0
                            ? $"{title}: {Math.Min(100, count * 100.0 / total).ToString("0", CultureInfo.InvariantCulture)} %"
                            : $"{title}: {count.ToString("N0", CultureInfo.InvariantCulture)}"
                    );
                }
            }
        });
        Console.WriteLine($"{title}: done");
        return done;
    }
}
