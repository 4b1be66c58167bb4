namespace Madang.Tests.Faults;

/// <summary>
/// The fault tests run in a bounded form, and in full by <c>./test --long</c>. Only the full form holds anything to a time: the
/// bounded one runs on whatever machine there is, and has ceilings against hanging.
/// </summary>
internal static class Form
{
    /// <summary>A request that takes longer hangs, on any machine.</summary>
    internal static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    internal static bool IsLong { get; } = Environment.GetEnvironmentVariable("MADANG_LONG") == "1";

    internal static int Rounds(int bounded, int full) => IsLong ? full : bounded;

    /// <summary>Holds a time to a bound, in the full form.</summary>
    internal static void Within(TimeSpan bound, TimeSpan time, string what)
    {
        if (IsLong)
        {
            Assert.True(time <= bound, $"{what} took {time}, and may take {bound}.");
        }
    }

    /// <summary>Tells what was measured; <c>./test</c> shows lines that begin like this.</summary>
    internal static void Tell(string line) => Console.WriteLine($"  * {line}");
}
