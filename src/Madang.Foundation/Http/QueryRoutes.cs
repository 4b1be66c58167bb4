using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Http;

/// <summary>
/// Routes that read a query. All others have their binding written when the program is built, which halves its start; but that code
/// forgets which value of a query it could not read, and our answers name it. So these are bound when the program starts.
/// </summary>
public static class QueryRoutes
{
#pragma warning disable RDG002 // Just that is meant: the handler is not known here when the program is built.

    /// <summary>Maps a GET whose handler takes <c>[AsParameters]</c>.</summary>
    public static RouteHandlerBuilder MapQuery(this IEndpointRouteBuilder routes, string path, Delegate handler) =>
        routes.MapGet(path, handler);

    /// <summary>Maps a POST whose handler takes <c>[AsParameters]</c>.</summary>
    public static RouteHandlerBuilder MapPostWithQuery(
        this IEndpointRouteBuilder routes,
        string path,
        Delegate handler
    ) => routes.MapPost(path, handler);

#pragma warning restore RDG002
}
