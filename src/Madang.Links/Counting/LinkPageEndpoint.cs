using Madang.Foundation.Accounts;
using Madang.Foundation.Web;
using Madang.Links.Shortening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Counting;

/// <summary>The page of one link: what it is, and how often it was followed, by the days of its reader's time zone.</summary>
internal static class LinkPageEndpoint
{
    internal static void MapLinkPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/links/{slug}", Show).AsPage();

    private static async Task<IResult> Show(
        string slug,
        [AsParameters] StatsRange range,
        LinkLists links,
        StatsStore stats,
        VisitCounter counter,
        TimeProvider clock,
        IConfiguration configuration,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!Slug.IsWellFormed(slug) || await links.Find(slug, me.Id, stop) is not { } link)
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        var (now, zone) = (clock.GetUtcNow(), Moments.ZoneOf(me.User));
        var buckets = range.Buckets(link.CreatedAt, now, zone);
        return Pages.Show<LinkPage>(
            new
            {
                Link = link,
                ShortUrl = $"{ShortUrl.BaseOf(http, configuration["Links:Domain"])}/{link.Slug}",
                Stats = await LinkStatistics.Of(link, buckets, now, stats, counter, stop),
                Range = range,
                Unit = range.Unit(link.CreatedAt, now),
                Choices = range.Choices(link.CreatedAt, now).ToList(),
                Zone = zone,
            }
        );
    }
}
