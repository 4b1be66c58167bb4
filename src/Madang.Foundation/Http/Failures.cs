using System.Text.Json;
using System.Text.RegularExpressions;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Http;

/// <summary>Where every failure that is not an endpoint's own answer ends: bad input, an absent database, and what nobody expected.</summary>
internal sealed partial class Failures(ILogger<Failures> log) : IExceptionHandler
{
    /// <summary>Long enough for a database to come back, short enough for a person.</summary>
    private const string RetryAfterSeconds = "2";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext context,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        switch (exception)
        {
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return true;
            case BadHttpRequestException bad:
                await Write(context, bad.StatusCode, BadField(bad));
                return true;
            case UserGoneException:
                await Write(context, StatusCodes.Status401Unauthorized);
                return true;
            case DatabaseUnavailableException lost:
                DatabaseIsAway(log, lost);
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                await Write(
                    context,
                    lost.IsDiskFull ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status503ServiceUnavailable
                );
                return true;
            case FilesUnavailableException:
                // It is told in the log by whom it befell.
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                await Write(context, StatusCodes.Status503ServiceUnavailable);
                return true;
            case IOException when FileStore.IsDiskFull(exception):
                DiskIsFull(log, exception);
                await Write(context, StatusCodes.Status507InsufficientStorage);
                return true;
            default:
                Unexpected(log, exception, context.Request.Method, RouteOf(context));
                await Write(context, StatusCodes.Status500InternalServerError);
                return true;
        }
    }

    /// <summary>What a path holds may be a secret, such as that of a calendar: the log has the route alone.</summary>
    private static string RouteOf(HttpContext http) =>
        (EndpointOf(http) as RouteEndpoint)?.RoutePattern.RawText ?? "what is no route";

    /// <summary>Writes a failure as a page to a browser that asked for one, else as a problem.</summary>
    internal static Task Write(HttpContext http, int status, string? field = null)
    {
        // The language that was set further in is forgotten by the time a failure comes out.
        Languages.Apply(http);
        if (WantsPage(http))
        {
            return Pages.Failure(status).ExecuteAsync(http);
        }
        var refused = field is null ? new Refused(status) : Refused.Field(field, "rule.malformed");
        return refused.ExecuteAsync(http);
    }

    /// <summary>Whether this request is answered in HTML: the route says so, or, where no route is, what the browser prefers.</summary>
    internal static bool WantsPage(HttpContext http) =>
        EndpointOf(http) is RouteEndpoint endpoint
            ? endpoint.Metadata.GetMetadata<PageRoute>() is { } page && (!page.IsForBrowsers || AsksForHtml(http))
            : !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && AsksForHtml(http);

    internal static bool AsksForHtml(HttpContext http) =>
        http.Request.GetTypedHeaders().Accept.Any(type => type.IsSubsetOf(new MediaTypeHeaderValue("text/html")));

    /// <summary>The route, which the framework takes off the request while it handles an exception.</summary>
    internal static Endpoint? EndpointOf(HttpContext http) =>
        http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;

    /// <returns>The JSON name of the field that could not be read, or null when the whole could not.</returns>
    private static string? BadField(BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest)
        {
            return null;
        }
        if (bad.InnerException is JsonException error)
        {
            return BadJson.Errors(error).Keys.FirstOrDefault();
        }
        var match = Parameter().Match(bad.Message);
        var name = match.Groups[1].Value;
        return !match.Success ? null
            : name.Contains('-', StringComparison.Ordinal) ? name
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    /// <summary>The framework names the parameter that it could not bind only in its message, which a test holds it to.</summary>
    [GeneratedRegex("""parameter "(?:[^"]* )?([\w-]+)" """)]
    private static partial Regex Parameter();

    [LoggerMessage(1101, LogLevel.Error, "Unexpected failure of {Method} {Route}.")]
    private static partial void Unexpected(ILogger log, Exception error, string method, string route);

    [LoggerMessage(1102, LogLevel.Error, "The database did not answer.")]
    private static partial void DatabaseIsAway(ILogger log, Exception error);

    [LoggerMessage(1103, LogLevel.Error, "The disk is full: a file could not be written.")]
    private static partial void DiskIsFull(ILogger log, Exception error);
}
