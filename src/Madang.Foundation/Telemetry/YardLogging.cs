using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Telemetry;

/// <summary>Logs are JSON, a line each, with the trace id that a problem's <c>trace_id</c> names.</summary>
internal static class YardLogging
{
    internal static void AddYardLogging(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        });
        logging.LeaveTracesToThePipeline();
        logging.Configure(options =>
            options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId
        );
    }
}
