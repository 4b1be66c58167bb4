using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Modules;

/// <summary>A room: one app of the yard. All rooms stand in one array in the host; a room knows Foundation and no other room.</summary>
public interface IModule
{
    /// <summary>Its short name in URLs, scopes (<c>memos:read</c>) and <c>--modules</c>: lower-case ASCII letters.</summary>
    string Name { get; }

    /// <summary>First path segments that belong to it, in lower case; no short link may take them, run or not.</summary>
    IReadOnlyList<string> ReservedPaths { get; }

    /// <summary>Its place in the rail, or null when it has none.</summary>
    NavigationEntry? Navigation { get; }

    /// <summary>What it adds to the command box besides its place in the rail.</summary>
    IReadOnlyList<Going.Command> Commands => [];

    /// <summary>Its pages among those for admins.</summary>
    IReadOnlyList<NavigationEntry> AdminPages => [];

    /// <summary>A Razor component that shows the room on the home page, or null.</summary>
    Type? HomeTile { get; }

    /// <summary>A Razor component that shows, on <c>/docs/parts</c>, the parts of pages that only this room has, or null.</summary>
    Type? Parts => null;

    /// <summary>The path of its style sheet, or null.</summary>
    string? StyleSheet { get; }

    /// <summary>The roles it declares besides <c>member</c> and <c>admin</c>.</summary>
    IReadOnlyList<string> Roles { get; }

    /// <summary>The handlers it registers; known even where it is not run, since deliveries are written for every room.</summary>
    IReadOnlyList<Events.HandlerName> Handlers { get; }

    /// <summary>Its tables that only repeat what stands in others: a backup leaves them out, and a restore makes them anew.</summary>
    IReadOnlyList<Backups.DerivedTable> DerivedTables { get; }

    /// <summary>Registers its stores, handlers and workers.</summary>
    void AddServices(IServiceCollection services);

    /// <summary>
    /// Answers what must be answered faster than the way of every other request allows: there is no session, language, limit or
    /// header of the house yet, only the client's true address. What it doesn't answer goes on as usual.
    /// </summary>
    void AnswerFirst(IApplicationBuilder app) { }

    /// <summary>Maps its pages and root routes onto <paramref name="routes"/> and its JSON calls onto <paramref name="api"/>.</summary>
    void MapRoutes(IEndpointRouteBuilder routes, RouteGroupBuilder api);
}
