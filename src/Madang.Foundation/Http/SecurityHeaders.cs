using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Http;

/// <summary>The headers that keep a page to itself (OWASP, HTTP Headers): nothing inline, nothing from elsewhere, in no frame.</summary>
public static class SecurityHeaders
{
    internal static void UseSecurityHeaders(this IApplicationBuilder app, IConfiguration configuration)
    {
        var policy = Policy(configuration);
        // At the last moment, since the exception handler takes off whatever was set before; a page that said otherwise is left alone.
        Func<object, Task> set = state =>
        {
            Set((HttpContext)state, policy);
            return Task.CompletedTask;
        };
        app.Use(
            (http, next) =>
            {
                http.Response.OnStarting(set, http);
                return next(http);
            }
        );
    }

    /// <summary>Sets them on an answer, but for those that it has already.</summary>
    internal static void Set(HttpContext http, string policy)
    {
        var headers = http.Response.Headers;
        headers.TryAdd(HeaderNames.ContentSecurityPolicy, policy);
        headers.TryAdd(HeaderNames.XContentTypeOptions, "nosniff");
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
        headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
        // What is behind a sign-in is kept by no cache that others use, and shown again by one's own only after asking.
        headers.TryAdd(HeaderNames.CacheControl, "private, no-cache");
        headers.TryAdd("Permissions-Policy", "camera=(self), geolocation=(), microphone=()");
        if (http.Request.IsHttps)
        {
            headers.TryAdd(HeaderNames.StrictTransportSecurity, "max-age=31536000");
        }
    }

    /// <summary>Lets the answer to this page's form lead to another site: browsers hold redirects to <c>form-action</c> too.</summary>
    public static void LetFormsLeadAway(HttpContext http) =>
        http.Response.Headers.ContentSecurityPolicy = Policy(http.RequestServices.GetRequiredService<IConfiguration>())
            .Replace("form-action 'self'", "form-action 'self' http: https:", StringComparison.Ordinal);

    /// <returns>The Content-Security-Policy (W3C, CSP Level 3) of every answer that doesn't bring its own.</returns>
    internal static string Policy(IConfiguration configuration)
    {
        var assets = configuration["Public:AssetsUrl"] is { } url
            ? $" {new Uri(url).GetLeftPart(UriPartial.Authority)}"
            : "";
        return $"default-src 'none'; script-src 'self'{assets}; style-src 'self'{assets}; img-src 'self'{assets}; "
            + $"font-src 'self'{assets}; connect-src 'self'; manifest-src 'self'{assets}; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }
}
