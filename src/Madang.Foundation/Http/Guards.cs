using Madang.Foundation.Accounts;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Http;

/// <summary>What is looked at before any endpoint runs, for every room alike.</summary>
internal static class Guards
{
    /// <summary>Sets the language of the answer.</summary>
    internal static void UseLanguage(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
            {
                Languages.Apply(http);
                return next(http);
            }
        );

    /// <summary>
    /// A call that changes something and is signed in by its cookie must come from our own pages (OWASP, Cross-Site Request Forgery
    /// Prevention): browsers say so in <c>Sec-Fetch-Site</c>, older ones in <c>Origin</c>.
    /// </summary>
    internal static void UseSameOrigin(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
                CurrentUser.Of(http)?.Way != SignInWay.Cookie
                || IsSafe(http.Request.Method)
                || IsSameOrigin(http.Request)
                    ? next(http)
                    : Failures.Write(http, StatusCodes.Status403Forbidden)
        );

    /// <summary>
    /// The scopes of a personal access token bind it on the routes too that let anybody pass: without the route's scope it is refused,
    /// and on a route that has none, such as the home page, it is nobody's.
    /// </summary>
    internal static void UseScopes(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
            {
                if (CurrentUser.Of(http) is not { Way: SignInWay.PersonalToken } me)
                {
                    return next(http);
                }
                if (MayPass.HasScope(http, me) == false)
                {
                    return Failures.Write(http, StatusCodes.Status403Forbidden);
                }
                if (MayPass.HasScope(http, me) is null)
                {
                    http.Features.Set<CurrentUser>(null);
                }
                return next(http);
            }
        );

    /// <summary>
    /// NUL can stand in no text of ours and PostgreSQL cannot even look for one; U+FFFE cannot be normalised. In a body the JSON reader refuses it; here the query.
    /// </summary>
    internal static void UseCleanQuery(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
                http.Request.QueryString.Value is { } query
                && (
                    query.Contains("%00", StringComparison.Ordinal)
                    || query.Contains("%EF%BF%BE", StringComparison.OrdinalIgnoreCase)
                )
                    ? Failures.Write(http, StatusCodes.Status400BadRequest)
                    : next(http)
        );

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0
            ? site == "same-origin"
            : request.Headers.Origin.ToString() == $"{request.Scheme}://{request.Host}";
    }
}
