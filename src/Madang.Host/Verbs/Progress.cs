using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Madang.Host.Verbs;

/// <summary>
/// Tells how far long work has come: a bar on a terminal, elsewhere a plain line now and then and one at the end, so that a log stays
/// short. It stands on standard output, or on standard error where the output is what the work finds.
/// </summary>
internal static class Progress
{
    /// <summary>The least time between two plain lines about the same work.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Does the work, and tells of it meanwhile.</summary>
    /// <param name="title">What is done, such as <c>Reading the memos</c>.</param>
    /// <param name="total">How many steps there will be; 0 when nobody knows.</param>
    /// <param name="work">Does it, calling its argument with the number of steps done since the last call, from any thread.</param>
    internal static Task<T> Run<T>(string title, long total, Func<Action<long>, Task<T>> work)
    {
        var done = 0L;
        return Tell(Console.Out, title, total, tell => work(steps => tell(Interlocked.Add(ref done, steps), total)));
    }

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

    /// <summary>As <see cref="Run{T}"/>, on standard error, of work that learns on its way how much there is.</summary>
    /// <param name="title">What is done.</param>
    /// <param name="work">Does it, calling its argument with the number of steps done and of all there are; 0 while nobody knows.</param>
    internal static Task<T> BesideOutput<T>(string title, Func<Action<long, long>, Task<T>> work) =>
        Tell(Console.Error, title, 0, work);

    private static Task<T> Tell<T>(TextWriter to, string title, long total, Func<Action<long, long>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
        return console.Profile is { Out.IsTerminal: true, Capabilities: { Ansi: true, Interactive: true } }
            ? Bar(console, title, total, work)
            : Lines(to, title, work);
    }

    private static Task<T> Bar<T>(
        IAnsiConsole console,
        string title,
        long total,
        Func<Action<long, long>, Task<T>> work
    ) =>
        console
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
                var result = await work(
                    (done, of) =>
                    {
                        bar.IsIndeterminate = of <= 0;
                        bar.MaxValue = Math.Max(of, 1);
                        bar.Value = of > 0 ? done : 0;
                    }
                );
                // What was counted beforehand may have shrunk meanwhile; it is done all the same.
                bar.IsIndeterminate = false;
                bar.Value = bar.MaxValue;
                return result;
            });

    private static async Task<T> Lines<T>(TextWriter to, string title, Func<Action<long, long>, Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var gate = new Lock();
        var toldAt = TimeSpan.Zero;
        var result = await work(
            (done, of) =>
            {
                lock (gate)
                {
                    if (watch.Elapsed - toldAt >= Pause)
                    {
                        toldAt = watch.Elapsed;
                        to.WriteLine(
                            of > 0
                                ? $"{title}: {Math.Min(100, done * 100.0 / of).ToString("0", CultureInfo.InvariantCulture)} %"
                                : $"{title}: {done.ToString("N0", CultureInfo.InvariantCulture)}"
                        );
                    }
                }
            }
        );
        to.WriteLine($"{title}: done");
        return result;
    }
}
