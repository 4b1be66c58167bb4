using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Links.Following;

/// <summary>The routes of short links at the root.</summary>
internal static class SlugRoutes
{
    /// <summary>Behind every other route that a path may mean, off the paths of the house, and at the short links' own host where they have one.</summary>
    internal static RouteHandlerBuilder OnFreeSlugs(
        this RouteHandlerBuilder route,
        IEndpointRouteBuilder routes,
        string pattern,
        int order = int.MaxValue
    )
    {
        var services = routes.ServiceProvider;
        var free = new FreeSlug(services.GetRequiredService<ReservedWords>());
        route
            .WithOrder(order)
            .Add(endpoint =>
                ((RouteEndpointBuilder)endpoint).RoutePattern = RoutePatternFactory.Parse(
                    pattern,
                    null,
                    new { slug = free }
                )
            );
        if (services.GetRequiredService<IConfiguration>()["Links:Domain"] is { Length: > 0 } domain)
        {
            route.RequireHost(domain);
        }
        return route;
    }
}
