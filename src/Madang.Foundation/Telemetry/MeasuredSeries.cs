namespace Madang.Foundation.Telemetry;

/// <summary>What was measured with one instrument under one set of tags since the start.</summary>
/// <param name="bounds">Upper bounds of a histogram's buckets, ascending; null for what is no histogram.</param>
internal sealed class MeasuredSeries(double[]? bounds)
{
    private readonly Lock turn = new();
    private readonly long[] buckets = new long[bounds is null ? 0 : bounds.Length + 1];
    private double sum;
    private long count;

    internal void Add(double value)
    {
        lock (turn)
        {
            sum += value;
            if (bounds is not null)
            {
                count++;
                buckets[Bucket(value)]++;
            }
        }
    }

    internal void Set(double value)
    {
        lock (turn)
        {
            sum = value;
        }
    }

    internal Reading Read()
    {
        lock (turn)
        {
            return new(sum, count, [.. buckets]);
        }
    }

    /// <summary>A value equal to a bound belongs to its bucket: Prometheus's <c>le</c>.</summary>
    private int Bucket(double value)
    {
        var found = Array.BinarySearch(bounds!, value);
        return found < 0 ? ~found : found;
    }
}

/// <summary>A series at one moment.</summary>
/// <param name="Sum">The value, or the sum of all values of a histogram.</param>
/// <param name="Count">How many values a histogram has seen.</param>
/// <param name="Buckets">How many of them fell into each bucket; the last one is beyond every bound.</param>
internal readonly record struct Reading(double Sum, long Count, long[] Buckets);
