using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Madang.Foundation.Data;

namespace Madang.Foundation.Telemetry;

/// <summary>
/// Listens to the framework's meters and to ours, and keeps what they tell. Of the meters that belong to somebody it hears this
/// server's alone, so that two servers in one process don't count for each other.
/// </summary>
public sealed class Measurements : IDisposable
{
    /// <summary>
    /// What an operator looks at. To hear the meters of routing, of authorization and of components makes every request dearer by a
    /// tenth, and each rendering of a page throws an exception when its time is taken.
    /// </summary>
    internal static readonly string[] Heard =
    [
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.RateLimiting",
        "Microsoft.AspNetCore.Diagnostics",
        "System.Runtime",
        "System.Net.Http",
        "Npgsql",
        "Madang.",
    ];

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, MeasuredInstrument> instruments = new();
    private readonly Lock turn = new();

    internal Measurements(IMeterFactory meters, Database db)
    {
        listener.InstrumentPublished = (instrument, listener) =>
        {
            var meter = instrument.Meter;
            if (
                (
                    meter.Scope is null
                    || ReferenceEquals(meter.Scope, meters)
                    || ReferenceEquals(meter.Scope, db.Measures)
                ) && Array.Exists(Heard, name => meter.Name.StartsWith(name, StringComparison.Ordinal))
            )
            {
                listener.EnableMeasurementEvents(
                    instrument,
                    instruments.GetOrAdd(instrument, one => new MeasuredInstrument(one))
                );
            }
        };
        listener.MeasurementsCompleted = (instrument, _) => instruments.TryRemove(instrument, out var _);
        listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
        listener.Start();
    }

    /// <returns>Everything as it stands now, in Prometheus's text format.</returns>
    internal string Text()
    {
        lock (turn)
        {
            foreach (var instrument in instruments.Values)
            {
                instrument.Forget();
            }
            listener.RecordObservableInstruments();
            return PrometheusText.Of(instruments.Values);
        }
    }

    /// <inheritdoc />
    public void Dispose() => listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MeasuredInstrument)state!).Record(value, tags);
}
