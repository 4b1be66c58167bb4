using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Http;

/// <summary>The headers that keep a page to itself (OWASP, HTTP Headers): nothing inline, nothing from elsewhere, in no frame.</summary>
internal static class SecurityHeaders
{
    internal static void UseSecurityHeaders(this IApplicationBuilder app, IConfiguration configuration)
    {
        var assets = configuration["Public:AssetsUrl"] is { } url
            ? $" {new Uri(url).GetLeftPart(UriPartial.Authority)}"
            : "";
        var policy =
            $"default-src 'none'; script-src 'self'{assets}; style-src 'self'{assets}; img-src 'self'{assets}; "
            + $"font-src 'self'{assets}; connect-src 'self'; manifest-src 'self'{assets}; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        // Before, so that a page may say otherwise, and at the last moment, since the exception handler takes off whatever was set.
        Func<object, Task> set = state =>
        {
            var http = (HttpContext)state;
            var headers = http.Response.Headers;
            headers.TryAdd(HeaderNames.ContentSecurityPolicy, policy);
            headers.TryAdd(HeaderNames.XContentTypeOptions, "nosniff");
            headers.TryAdd("Referrer-Policy", "same-origin");
            headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
            headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
            headers.TryAdd("Permissions-Policy", "camera=(self), geolocation=(), microphone=()");
            if (http.Request.IsHttps)
            {
                headers.TryAdd(HeaderNames.StrictTransportSecurity, "max-age=31536000");
            }
            return Task.CompletedTask;
        };
        app.Use(
            (http, next) =>
            {
                set(http);
                http.Response.OnStarting(set, http);
                return next(http);
            }
        );
    }
}
