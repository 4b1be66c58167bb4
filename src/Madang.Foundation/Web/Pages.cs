using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Madang.Foundation.Web;

/// <summary>Pages: a component rendered on the server, and forms that post and redirect.</summary>
public static class Pages
{
    /// <summary>A page as an answer.</summary>
    /// <param name="parameters">The component's parameters.</param>
    /// <param name="status">200, or 400 when a form comes back with its errors.</param>
    public static IResult Show<TPage>(object? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new RenderedPage<TPage>(parameters, status);

    /// <summary>
    /// Makes the route a page. The route itself is mapped where it is declared, so that its code is written when the program is built
    /// instead of at each start.
    /// </summary>
    public static RouteHandlerBuilder AsPage(this RouteHandlerBuilder route) =>
        route.AsPages().DisableValidation().Through<RouteHandlerBuilder, CheckQuery>();

    /// <summary>Makes the route one that browsers are led to and programs may try: a page to the ones, a problem to the others.</summary>
    internal static RouteHandlerBuilder AsPageOrProblem(this RouteHandlerBuilder route) =>
        route.WithMetadata(new PageRoute(IsForBrowsers: true)).ExcludeFromDescription().DisableValidation();

    /// <summary>Makes the route what a page's form posts to; its antiforgery token is checked before anything is done.</summary>
    public static RouteHandlerBuilder AsForm(this RouteHandlerBuilder route)
    {
        return route.AsPages().DisableAntiforgery().DisableValidation().Through<RouteHandlerBuilder, CheckToken>();
    }

    /// <summary>Goes on to <paramref name="path"/> by GET, so that a reload posts nothing twice (RFC 9110, 15.4.4).</summary>
    public static IResult GoTo(string path) => new SeeOther(path);

    /// <returns>A path of this site, whatever the request asked for: never another host.</returns>
    public static string Local(string? next, string otherwise = "/") =>
        next is ['/', ..] && !next.StartsWith("//", StringComparison.Ordinal) && !next.Any(c => c is '\\' or < ' ')
            ? next
            : otherwise;

    /// <returns>Whether the client asks for HTML, as browsers do and programs don't.</returns>
    public static bool AreWanted(HttpContext http) => Failures.AsksForHtml(http);

    /// <summary>A page that says what went wrong.</summary>
    public static IResult Failure(int status) => Show<FailurePage>(new { Status = status }, status);

    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            // A header is ASCII: what a person or a browser put into a path may be Hangul.
            httpContext.Response.Headers.Location =
                httpContext.Request.PathBase.ToUriComponent() + UriHelper.Encode(new Uri(path, UriKind.Relative));
            return Task.CompletedTask;
        }
    }
}

/// <summary>Checks the query of a page by the rules of the call that takes the same; what breaks one is a page that says so.</summary>
internal sealed class CheckQuery(InputCheck check) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        !MalformedQuery.IsIn(context.HttpContext) && (await check.Errors(context)).Count == 0
            ? await next(context)
            : Pages.Failure(StatusCodes.Status400BadRequest);
}
