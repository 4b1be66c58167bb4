using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Madang.Links.Following;

/// <summary>
/// Keeps the route of short links off the paths of the house, in the framework's tree of routes too: order alone does not, a GET of
/// <c>/memos</c> came here without it.
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
