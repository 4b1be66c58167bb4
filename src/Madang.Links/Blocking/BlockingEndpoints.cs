using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Blocking;

/// <summary>Which hosts links may not lead to: for admins.</summary>
public static class BlockingEndpoints
{
    internal static void MapBlocking(this RouteGroupBuilder api)
    {
        api.MapGet("/links/blocked-hosts", List).ForAdmins();
        api.MapPut("/links/blocked-hosts/{host}", Block).ForAdmins();
        api.MapDelete("/links/blocked-hosts/{host}", Allow).ForAdmins().Refuses(404);
    }

    /// <summary>Lists the blocked hosts, by name.</summary>
    public static async Task<Ok<Page<BlockedHost>>> List(
        [AsParameters] PageQuery page,
        BlockList hosts,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var (count, found) = await hosts.List(page.Offset, page.Size, stop);
        return TypedResults.Ok(Page<BlockedHost>.Of(request, page, count, found));
    }

    /// <summary>Blocks a host and all below it: no link to it is made, and those that there are answer 410. An international name in either form.</summary>
    public static async Task<Results<NoContent, Refused>> Block(string host, BlockList hosts, CancellationToken stop)
    {
        if (BlockedHosts.Normal(host) is not { } name)
        {
            return BadHost;
        }
        await hosts.Block(name, stop);
        return TypedResults.NoContent();
    }

    /// <summary>Lets links lead to a host again.</summary>
    public static async Task<Results<NoContent, Refused>> Allow(string host, BlockList hosts, CancellationToken stop) =>
        BlockedHosts.Normal(host) is { } name && await hosts.Allow(name, stop)
            ? TypedResults.NoContent()
            : new Refused(StatusCodes.Status404NotFound);

    internal static Refused BadHost =>
        new(StatusCodes.Status400BadRequest)
        {
            Errors = new Dictionary<string, string[]> { ["host"] = [LinksWords.Say["links.bad_host"]] },
        };
}
