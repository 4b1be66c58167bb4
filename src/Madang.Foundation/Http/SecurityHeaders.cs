using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

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
        app.Use(
            (http, next) =>
            {
                var headers = http.Response.Headers;
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()";
                if (http.Request.IsHttps)
                {
                    headers.StrictTransportSecurity = "max-age=31536000";
                }
                return next(http);
            }
        );
    }
}
