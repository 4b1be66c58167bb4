using System.Diagnostics;

namespace Madang.HttpBench;

/// <summary>How long this disk takes to make four kilobytes durable, which bounds every commit.</summary>
internal static class Flush
{
    private const int Times = 200;

    internal static TimeSpan Mean(string folder)
    {
        var page = new byte[4096];
        using var file = new FileStream(
            Path.Combine(folder, "flush"),
            FileMode.Create,
            FileAccess.Write,
            FileShare.None,
            1
        );
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Times; i++)
        {
            file.Write(page);
            file.Flush(flushToDisk: true);
        }
        return watch.Elapsed / Times;
    }
}
