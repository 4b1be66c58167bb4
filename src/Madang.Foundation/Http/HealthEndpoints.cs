using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Madang.Foundation.Http;

/// <summary>What a load balancer is told about this process.</summary>
/// <param name="Status"><c>ready</c>, <c>degraded</c> (it serves, but something it can do without is away) or <c>unready</c>.</param>
/// <param name="Database">Whether the database answers: <c>ok</c> or <c>away</c>.</param>
/// <param name="Migrations">Whether the schema is this release's: <c>ok</c>, <c>pending</c>, <c>unfit</c> (contracted beyond this release), or null when nobody could look.</param>
/// <param name="Cache">Whether the cache has its second level: <c>ok</c>, <c>degraded</c> (Redis is away; all is served without it), or null when none is configured.</param>
/// <param name="Stopping">Whether the process is about to stop.</param>
public sealed record Readiness(string Status, string Database, string? Migrations, string? Cache, bool Stopping);

/// <summary>Whether this process lives, and whether it can serve.</summary>
public static class HealthEndpoints
{
    /// <summary>A balancer that gets no answer in time takes the process out as well; so does one that gets a bad one sooner.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", Live).AllowAnonymous().DisableRateLimiting();
        app.MapGet("/health/ready", Ready)
            .AllowAnonymous()
            .DisableRateLimiting()
            .Produces<Readiness>()
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/api/v1/common/health-check", Live).AllowAnonymous().DisableRateLimiting();
    }

    /// <summary>Answers while the process lives.</summary>
    public static Ok Live() => TypedResults.Ok();

    /// <summary>Answers 200 when the process can serve requests, else 503.</summary>
    public static async Task<JsonHttpResult<Readiness>> Ready(
        SchemaRunner schema,
        TwoLevelCache cached,
        IHostApplicationLifetime lifetime,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        var cache = cached.IsRedisUp switch
        {
            null => null,
            true => "ok",
            false => "degraded",
        };
        Readiness readiness;
        try
        {
            var isCurrent = (await schema.Pending(limit.Token)).Count == 0;
            readiness = new(
                !isCurrent || isStopping ? "unready"
                    : cache == "degraded" ? "degraded"
                    : "ready",
                "ok",
                isCurrent ? "ok" : "pending",
                cache,
                isStopping
            );
        }
        catch (Exception error) when (error is DatabaseUnavailableException or OperationCanceledException)
        {
            readiness = new("unready", "away", null, cache, isStopping);
        }
        catch (StartupException)
        {
            readiness = new("unready", "ok", "unfit", cache, isStopping);
        }
        return TypedResults.Json(
            readiness,
            FoundationJson.Default.Readiness,
            "application/json",
            readiness.Status == "unready" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK
        );
    }
}
