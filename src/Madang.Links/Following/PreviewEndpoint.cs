using Madang.Foundation.Web;
using Madang.Links.Blocking;
using Madang.Links.Shortening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Following;

/// <summary>Where a link leads, to be seen before it is followed: its address with a plus behind it.</summary>
internal static class PreviewEndpoint
{
    internal static void MapPreview(this IEndpointRouteBuilder routes) =>
        // Before the links themselves, whose route takes a path with a plus too.
        routes.MapGet("/{slug}+", Show).OnFreeSlugs(routes, "/{slug}+", int.MaxValue - 1).AsPage().AllowAnonymous();

    private static async Task<IResult> Show(
        string slug,
        LinkLists links,
        BlockedHosts blocked,
        IConfiguration configuration,
        TimeProvider clock,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (!Slug.IsWellFormed(slug) || await links.FindAnybodys(slug, stop) is not { } link)
        {
            return Closed.Unknown(http);
        }
        // Of a link that does not lead anywhere now nobody learns where it did, or would.
        var (open, now) = (new OpenLink(link, blocked), clock.GetUtcNow());
        if (!open.IsOpen(now) || link.Visits >= link.MaxVisits)
        {
            return Closed.Gone(http, open, now);
        }
        Closed.Mark(http);
        return Pages.Show<PreviewPage>(
            new
            {
                ShortUrl = $"{ShortUrl.BaseOf(http, configuration["Links:Domain"])}/{link.Slug}",
                link.CreatedAt,
                Target = link.PasswordHash is null ? link.Url : null,
                Title = link.PasswordHash is null ? link.Title : null,
            }
        );
    }
}
