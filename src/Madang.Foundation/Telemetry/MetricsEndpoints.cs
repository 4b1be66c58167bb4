using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Telemetry;

/// <summary>What this process counts, for Prometheus.</summary>
public static class MetricsEndpoints
{
    internal static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", Metrics)
            .AllowAnonymous()
            .DisableRateLimiting()
            .DisableHttpMetrics()
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Refuses(StatusCodes.Status401Unauthorized);

    /// <summary>What this process counts, in Prometheus's text format: with <c>Metrics:Token</c> as bearer, or where there is none for loopback callers.</summary>
    public static Results<ContentHttpResult, Refused> Metrics(
        Measurements measurements,
        IConfiguration configuration,
        HttpContext http
    )
    {
        var token = configuration["Metrics:Token"];
        // A proxy on this machine can make the whole world look local, so whoever set a token relies on nothing else.
        if (string.IsNullOrEmpty(token) ? !Client.IsFromMachine(http) : !HasToken(http.Request, token))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return new Refused(StatusCodes.Status401Unauthorized);
        }
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(measurements.Text(), PrometheusText.ContentType);
    }

    private static bool HasToken(HttpRequest request, string token) =>
        request.Headers[HeaderNames.Authorization].ToString() is { Length: > 7 } header
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(header[7..].Trim()),
            Encoding.UTF8.GetBytes(token)
        );
}
