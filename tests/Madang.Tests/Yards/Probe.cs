using System.Diagnostics;

namespace Madang.Tests.Yards;

/// <summary>Waits for what comes later, looking again and again instead of sleeping and hoping.</summary>
internal static class Probe
{
    internal static Task Until(Func<bool> isSo, TimeSpan? limit = null) => Until(() => Task.FromResult(isSo()), limit);

    internal static async Task Until(Func<Task<bool>> isSo, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        // Only a test that fails waits for so long; a busy machine may need it.
        var patience = limit ?? TimeSpan.FromSeconds(60);
        while (!await isSo())
        {
            if (watch.Elapsed > patience)
            {
                throw new TimeoutException($"It did not come to be within {patience}.");
            }
            await Task.Delay(20);
        }
    }
}
