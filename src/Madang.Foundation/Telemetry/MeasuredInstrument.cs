using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Madang.Foundation.Telemetry;

/// <summary>All series of one instrument.</summary>
internal sealed class MeasuredInstrument
{
    /// <summary>Tags come from requests: whatever somebody thinks of, an instrument keeps no more series than this.</summary>
    private const int MostSeries = 2_000;

    /// <summary>OpenTelemetry's advice for durations in seconds where an instrument gives none of its own.</summary>
    private static readonly double[] Durations =
    [
        0.005,
        0.01,
        0.025,
        0.05,
        0.075,
        0.1,
        0.25,
        0.5,
        0.75,
        1,
        2.5,
        5,
        7.5,
        10,
    ];

    private readonly Instrument instrument;
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MeasuredSeries> series = new(Tags.Alike);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MeasuredSeries>.AlternateLookup<
        ReadOnlySpan<KeyValuePair<string, object?>>
    > byTags;
    private readonly bool isSum;

    internal MeasuredInstrument(Instrument instrument)
    {
        this.instrument = instrument;
        byTags = series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        var kind = instrument.GetType().GetGenericTypeDefinition();
        Kind =
            kind == typeof(Histogram<>) ? InstrumentKind.Histogram
            : kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? InstrumentKind.Counter
            : InstrumentKind.Gauge;
        isSum = kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>) || kind == typeof(Histogram<>);
        Bounds = Kind == InstrumentKind.Histogram ? BoundsOf(instrument) : null;
    }

    internal InstrumentKind Kind { get; }

    internal double[]? Bounds { get; }

    internal string Name => instrument.Name;

    internal string? Unit => instrument.Unit;

    internal string? Description => instrument.Description;

    internal IEnumerable<(KeyValuePair<string, object?>[] Tags, Reading Reading)> Readings =>
        series.Select(one => (one.Key, one.Value.Read()));

    internal void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!byTags.TryGetValue(tags, out var measured))
        {
            if (series.Count >= MostSeries)
            {
                return;
            }
            measured = series.GetOrAdd(tags.ToArray(), _ => new MeasuredSeries(Bounds));
        }
        if (isSum)
        {
            measured.Add(value);
        }
        else
        {
            measured.Set(value);
        }
    }

    /// <summary>An observed instrument tells all that it has each time: what it no longer tells is gone.</summary>
    internal void Forget()
    {
        if (instrument.IsObservable)
        {
            series.Clear();
        }
    }

    private static double[] BoundsOf(Instrument instrument)
    {
        var advised = instrument switch
        {
            Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries,
            Histogram<int> histogram => histogram
                .Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound)
                .ToArray(),
            Histogram<long> histogram => histogram
                .Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound)
                .ToArray(),
            _ => null,
        };
        return advised is null ? Durations : [.. advised];
    }

    /// <summary>Compares tags by their names and values, so that a measurement finds its series without making anything.</summary>
    private sealed class Tags
        : IEqualityComparer<KeyValuePair<string, object?>[]>,
            IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        internal static readonly Tags Alike = new();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) =>
            x is null ? y is null : y is not null && Equals(x.AsSpan(), y);

        public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) =>
            alternate.ToArray();

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length)
            {
                return false;
            }
            for (var i = 0; i < alternate.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
                {
                    return false;
                }
            }
            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = new HashCode();
            foreach (var (name, value) in alternate)
            {
                hash.Add(name);
                hash.Add(value);
            }
            return hash.ToHashCode();
        }
    }
}

/// <summary>What Prometheus calls an instrument.</summary>
internal enum InstrumentKind
{
    Counter,
    Gauge,
    Histogram,
}
