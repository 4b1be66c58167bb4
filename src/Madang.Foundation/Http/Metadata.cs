using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>Marks the routes that personal access tokens may reach: those of a room, with its scopes.</summary>
/// <param name="Room">The room's name: GET and HEAD ask for <c>room:read</c>, everything else for <c>room:write</c>.</param>
internal sealed record ScopeOf(string Room)
{
    internal string For(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? $"{Room}:read" : $"{Room}:write";
}

/// <summary>Marks a route for admins.</summary>
internal sealed record AdminsOnly;

/// <summary>Marks a route that the token of an outside issuer does not reach: passwords, and tokens that would outlive it.</summary>
internal sealed record OwnSignInOnly;

/// <summary>Marks a page: it is answered in HTML, failures too, and in Korean when nobody says otherwise.</summary>
/// <param name="IsForBrowsers">Whether only a browser, which asks for HTML, is answered so, and a program as by the API.</param>
internal sealed record PageRoute(bool IsForBrowsers = false);

/// <summary>Marks a root route whose small clients expect one English sentence in <c>error</c>.</summary>
internal sealed record SmallClientRoute;

/// <summary>What a route says of itself.</summary>
public static class RouteExtensions
{
    /// <summary>Root routes for small clients: as the API, and with one English sentence in <c>error</c>.</summary>
    public static RouteGroupBuilder AsSmallClientApi(this RouteGroupBuilder routes)
    {
        routes.WithMetadata(new SmallClientRoute());
        return routes.AsApi();
    }

    /// <summary>What every JSON call gets: checked input, and answers with ETags.</summary>
    internal static RouteGroupBuilder AsApi(this RouteGroupBuilder group)
    {
        group.DisableValidation();
        return group.Through<RouteGroupBuilder, CheckInput>().Through<RouteGroupBuilder, ConditionalAnswers>();
    }

    /// <summary>
    /// Sends the calls of these routes through the one filter of this kind. The framework would make one for each route, by code that it
    /// compiles at each start.
    /// </summary>
    internal static T Through<T, TFilter>(this T routes)
        where T : IEndpointConventionBuilder
        where TFilter : class, IEndpointFilter =>
        routes.AddEndpointFilterFactory(
            (route, next) =>
            {
                var filter = route.ApplicationServices.GetRequiredService<TFilter>();
                return call => filter.InvokeAsync(call, next);
            }
        );

    /// <summary>Bounds how many things one caller makes by this route: for what is of use to spammers.</summary>
    public static RouteHandlerBuilder LimitsMaking(this RouteHandlerBuilder route) =>
        route.RequireRateLimiting(RateLimits.Making);

    /// <summary>Bounds how many files one caller brings in by this route and others like it.</summary>
    public static RouteHandlerBuilder LimitsImports(this RouteHandlerBuilder route) =>
        route.RequireRateLimiting(RateLimits.Imports);

    /// <summary>A route at the root that people open: failures come as a page to a browser, and to a program as by the API with <c>error</c>.</summary>
    public static RouteHandlerBuilder ForBrowsersAndSmallClients(this RouteHandlerBuilder route) =>
        route.WithMetadata(new PageRoute(IsForBrowsers: true), new SmallClientRoute());

    /// <summary>Only admins reach these, and no personal access token.</summary>
    public static T ForAdmins<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new AdminsOnly());

    /// <summary>No token of an outside issuer reaches these.</summary>
    internal static T ForOwnSignIns<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new OwnSignInOnly());

    /// <summary>
    /// The answer of this route follows from the data, the caller and the URL alone: not from the time, the language or the settings. So
    /// it is the same as long as nothing was written.
    /// </summary>
    public static RouteHandlerBuilder FollowsFromData(this RouteHandlerBuilder route) =>
        route.WithMetadata(new FromDataAlone());

    /// <summary>These answer in HTML, failures too.</summary>
    public static T AsPages<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new PageRoute()).ExcludeFromDescription();

    /// <summary>The statuses, besides those that every route has, that this one may answer with a problem.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<Problem>(status, "application/problem+json");
        }
        return route;
    }
}
