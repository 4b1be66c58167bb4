using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Http;

/// <summary>
/// HEAD is answered by the routes of GET, with the same status and headers (RFC 9110, 9.3.2). The server remembers what was asked
/// for and sends no body.
/// </summary>
public static class HeadRequests
{
    /// <returns>Whether nobody will read the answer's body, so that an endpoint that counts its readers leaves this one out.</returns>
    public static bool IsHead(HttpContext http) => http.Features.Get<Mark>() is not null;

    internal static void UseHeadAsGet(this IApplicationBuilder app) =>
        app.Use((http, next) => HttpMethods.IsHead(http.Request.Method) ? AsGet(http, next) : next(http));

    private static async Task AsGet(HttpContext http, RequestDelegate next)
    {
        http.Features.Set(new Mark());
        http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            // The log and the metrics tell what was asked for.
            http.Request.Method = HttpMethods.Head;
        }
    }

    private sealed class Mark;
}
