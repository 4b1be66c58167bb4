using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Telemetry;

/// <summary>The trace of a request (W3C Trace Context), which a problem's <c>trace_id</c> and every line of the log name.</summary>
internal static class RequestTraces
{
    private const string HostLogger = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>
    /// The host begins a trace and a scope of the log for every request as long as its logger writes anything. It has nothing of its own to
    /// tell, and what is answered before all else, thirty thousand times a second, pays for them a twentieth.
    /// </summary>
    internal static void LeaveTracesToThePipeline(this ILoggingBuilder logging) =>
        logging.AddFilter(HostLogger, LogLevel.None);

    /// <summary>Begins the trace of a request, or goes on with its caller's; where traces are exported the host has begun it.</summary>
    internal static void UseRequestTraces(this IApplicationBuilder app) =>
        app.Use(
            async (http, next) =>
            {
                if (Activity.Current is not null)
                {
                    await next(http);
                    return;
                }
                DistributedContextPropagator.Current.ExtractTraceIdAndState(
                    http.Request.Headers,
                    static (carrier, name, out value, out values) =>
                    {
                        values = null;
                        value = ((IHeaderDictionary)carrier!)[name];
                    },
                    out var caller,
                    out var state
                );
                using var trace = new Activity("Request");
                if (!string.IsNullOrEmpty(caller))
                {
                    trace.SetParentId(caller);
                    trace.TraceStateString = state;
                }
                trace.Start();
                await next(http);
            }
        );
}
