using Madang.Foundation.Http;
using Madang.Links.Counting;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Following;

/// <summary>Following a link that is not in memory, or that asks for more than a look at it.</summary>
public static class FollowEndpoint
{
    internal static void MapFollowing(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/{slug}", Follow)
            .OnFreeSlugs(routes, "/{slug}")
            .AllowAnonymous()
            .ForBrowsersAndSmallClients()
            .Produces(StatusCodes.Status308PermanentRedirect)
            .Refuses(401, 404, 410);

    /// <summary>Follows a short link. HEAD answers alike, counts nothing and uses nothing up.</summary>
    public static async Task<IResult> Follow(
        string slug,
        HttpContext http,
        OpenLinks links,
        Uses uses,
        VisitCounter counter,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var link = Slug.IsWellFormed(slug) ? await links.Find(slug, stop) : null;
        if (link is null)
        {
            return Closed.Unknown(http);
        }
        if (!link.IsOpen(clock.GetUtcNow()))
        {
            return Closed.Ended(http, link, clock.GetUtcNow());
        }
        // Being asked for a password is no visit yet: what is left is only looked at.
        var isVisit = !link.IsProtected && !HeadRequests.IsHead(http);
        // Looked at first, so that those who come when it is over cost no write; taking one alone decides.
        if (link.IsLimited && !(await uses.AreLeft(link.Id, stop) && (!isVisit || await uses.Take(link.Id, stop))))
        {
            return Closed.Ended(http, link, clock.GetUtcNow());
        }
        if (link.IsProtected)
        {
            return PasswordEndpoint.Ask(http, slug);
        }
        Redirect.Answer(http, link);
        if (isVisit)
        {
            counter.Add(link.Id, http, isUsed: link.IsLimited);
        }
        return Results.Empty;
    }
}
