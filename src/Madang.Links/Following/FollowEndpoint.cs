using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Links.Counting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Links.Following;

/// <summary>Following a link that is not in memory, or that asks for more than a look at it.</summary>
public static class FollowEndpoint
{
    internal static void MapFollowing(this IEndpointRouteBuilder routes)
    {
        var free = new FreeSlug(routes.ServiceProvider.GetRequiredService<ReservedWords>());
        var follow = routes
            .MapGet("/{slug}", Follow)
            // Behind every other route that a path may mean.
            .WithOrder(int.MaxValue)
            .AllowAnonymous()
            .ForBrowsersAndSmallClients()
            .Produces(StatusCodes.Status308PermanentRedirect)
            .Refuses(401, 404, 410);
        follow.Add(route =>
            ((RouteEndpointBuilder)route).RoutePattern = RoutePatternFactory.Parse("/{slug}", null, new { slug = free })
        );
        if (routes.ServiceProvider.GetRequiredService<IConfiguration>()["Links:Domain"] is { Length: > 0 } domain)
        {
            follow.RequireHost(domain);
        }
    }

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
            return Failure(http, StatusCodes.Status404NotFound, "links.not_found", "links.not_found.detail");
        }
        if (!link.IsOpen(clock.GetUtcNow()))
        {
            return Failure(http, StatusCodes.Status410Gone, "links.ended", "links.ended.detail");
        }
        if (link.IsProtected)
        {
            return Failure(http, StatusCodes.Status401Unauthorized, "links.protected", "links.protected.detail");
        }
        var isHead = HeadRequests.IsHead(http);
        if (link.IsLimited && !(isHead ? await uses.AreLeft(link.Id, stop) : await uses.Take(link.Id, stop)))
        {
            return Failure(http, StatusCodes.Status410Gone, "links.ended", "links.ended.detail");
        }
        Redirect.Answer(http, link);
        if (!isHead)
        {
            counter.Add(link.Id, http, isUsed: link.IsLimited);
        }
        return Results.Empty;
    }

    private static IResult Failure(HttpContext http, int status, string word, string detail)
    {
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        http.Response.Headers.CacheControl = "no-store";
        return Pages.AreWanted(http)
            ? Pages.Show<ClosedPage>(
                new
                {
                    Status = status,
                    Word = word,
                    Detail = detail,
                },
                status
            )
            : new Refused(status, word, LinksWords.Say);
    }
}

/// <summary>The visits that a limited link has left. The database counts them, so that it is exact for all processes together.</summary>
public sealed class Uses(Database db)
{
    /// <summary>Takes one of the visits that are left.</summary>
    /// <returns>False when none is.</returns>
    internal Task<bool> Take(long link, CancellationToken stop) =>
        db.Write(
            async sql =>
                await sql.Execute(
                    """
                    UPDATE links SET visits = visits + 1
                    WHERE id = @link AND deleted_at IS NULL AND (max_visits IS NULL OR visits < max_visits)
                    """,
                    new { link }
                ) == 1,
            stop
        );

    internal Task<bool> AreLeft(long link, CancellationToken stop) =>
        db.Read(
            async sql =>
                await sql.First<long?>(
                    """
                    SELECT id FROM links
                    WHERE id = @link AND deleted_at IS NULL AND (max_visits IS NULL OR visits < max_visits)
                    """,
                    new { link }
                )
                    is not null,
            stop
        );
}
