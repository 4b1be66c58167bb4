using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Madang.Links.Following;

/// <summary>
/// Keeps the route of short links off the paths of the house. Without it they would share a place in the framework's tree of routes,
/// where what one route says of the bodies that it takes decides about the other too.
/// </summary>
internal sealed class FreeSlug(ReservedWords reserved) : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
{
    public bool Match(
        HttpContext? httpContext,
        IRouter? route,
        string routeKey,
        RouteValueDictionary values,
        RouteDirection routeDirection
    ) => values[routeKey] is string slug && !reserved.Has(slug);

    public bool MatchesLiteral(string parameterName, string literal) => !reserved.Has(literal);
}
