using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Madang.Foundation.Data;

/// <summary>What is measured of one database: how long callers wait for it, and how its writer shares commits.</summary>
internal sealed class DatabaseMeter : IDisposable
{
    internal const string Name = "Madang.Data";

    /// <summary>Tenths of milliseconds to the ten seconds after which anybody gives up.</summary>
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries =
        [
            0.0001,
            0.00025,
            0.0005,
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
        ],
    };

    private readonly Meter meter;
    private readonly Histogram<double> waits;
    private readonly Histogram<double> commits;
    private readonly Histogram<int> batches;

    internal DatabaseMeter()
    {
        meter = new(new MeterOptions(Name) { Scope = this });
        waits = meter.CreateHistogram(
            "madang.database.wait.duration",
            "s",
            "How long a read or a write waited for a connection or for its turn.",
            advice: Durations
        );
        commits = meter.CreateHistogram(
            "madang.sqlite.commit.duration",
            "s",
            "How long a commit took, the disk's flush included.",
            advice: Durations
        );
        batches = meter.CreateHistogram(
            "madang.sqlite.writes_per_commit",
            "{write}",
            "Writes that shared one commit.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] }
        );
    }

    public void Dispose() => meter.Dispose();

    /// <summary>Has the length of the writer's queue observed.</summary>
    internal void ObserveQueue(Func<int> length) =>
        meter.CreateObservableGauge("madang.sqlite.queue", length, "{write}", "Writes that wait for their turn.");

    /// <param name="since">When the waiting began, as <see cref="Stopwatch.GetTimestamp"/> has it.</param>
    internal void Waited(long since) => waits.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);

    /// <param name="since">When the commit began, as <see cref="Stopwatch.GetTimestamp"/> has it.</param>
    /// <param name="writes">How many shared it.</param>
    internal void Committed(long since, int writes)
    {
        commits.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
        batches.Record(writes);
    }
}
