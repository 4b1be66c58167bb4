using System.Diagnostics.Metrics;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Telemetry;

/// <summary>What tells an operator how the yard does: logs, metrics, and traces where somebody collects them.</summary>
internal static class TelemetryServices
{
    internal static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.AddYardLogging();
        builder.Services.AddSingleton(all => new Measurements(
            all.GetRequiredService<IMeterFactory>(),
            all.GetRequiredService<Database>()
        ));
        if (OtlpSettings.Of(builder.Configuration) is { } otlp)
        {
            // The framework names method, route and status on a request's span only when it is told to.
            AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
            builder.Services.AddSingleton(otlp).AddHostedService<OtlpExport>();
        }
    }
}
