using Madang.Foundation.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Madang.Foundation.Telemetry;

/// <summary>
/// Sends traces and metrics to an OpenTelemetry collector. A collector that is away costs nothing but what it would have been told.
/// </summary>
internal sealed class OtlpExport(OtlpSettings settings) : IHostedService, IDisposable
{
    private const int LongestWait = 2_000;

    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder
            .CreateDefault()
            .AddService("madang", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3));
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(exporter => settings.Apply(exporter, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. Measurements.Heard.Select(name => name + "*")])
            .AddOtlpExporter(
                (exporter, reader) =>
                {
                    settings.Apply(exporter, "v1/metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)
                        settings.Interval.TotalMilliseconds;
                }
            )
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Task.Run(() => traces?.Shutdown(LongestWait), cancellationToken),
            Task.Run(() => metrics?.Shutdown(LongestWait), cancellationToken)
        );

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }
}

/// <summary>Where the collector is.</summary>
/// <param name="Endpoint">Its base URL, which takes OTLP over HTTP; null when OpenTelemetry's own environment variables say all.</param>
/// <param name="Interval">How often metrics are sent.</param>
internal sealed record OtlpSettings(Uri? Endpoint, TimeSpan Interval)
{
    /// <returns>Null when nobody collects.</returns>
    /// <exception cref="StartupException">A setting is not what it must be.</exception>
    internal static OtlpSettings? Of(IConfiguration configuration)
    {
        if (configuration["Telemetry:Otlp:Endpoint"] is not { Length: > 0 } endpoint)
        {
            // Set by whoever runs many programs alike; the exporter reads it and its siblings by itself.
            return configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 }
                ? new(null, IntervalOf(configuration))
                : null;
        }
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new(url, IntervalOf(configuration))
            : throw new StartupException($"Telemetry:Otlp:Endpoint is '{endpoint}', but must be an http or https URL.");
    }

    internal void Apply(OtlpExporterOptions exporter, string path)
    {
        if (Endpoint is not null)
        {
            exporter.Endpoint = new Uri($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        }
    }

    private static TimeSpan IntervalOf(IConfiguration configuration) =>
        TimeSpan.FromSeconds(configuration.GetValue("Telemetry:Otlp:Seconds", 60));
}
