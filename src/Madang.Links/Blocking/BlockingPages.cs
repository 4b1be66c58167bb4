using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Blocking;

/// <summary>A host to be blocked or let go.</summary>
public sealed record HostInput
{
    /// <summary>Its name, in either form.</summary>
    [Needed, Longest(BlockedHosts.Longest)]
    public string? Host { get; init; }
}

/// <summary>The page on which admins say which hosts links may not lead to.</summary>
internal static class BlockingPages
{
    internal const string Path = "/admin/blocked-hosts";

    /// <summary>So many that a page stays under 30 KB.</summary>
    private const int PageSize = 20;

    internal static void MapBlockingPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AsPage().ForAdmins();
        routes.MapPost(Path, Block).AsForm().ForAdmins();
        routes.MapPost($"{Path}/allow", Allow).AsForm().ForAdmins();
    }

    private static Task<IResult> Show(
        [AsParameters] PageQuery page,
        string? saved,
        BlockList hosts,
        HttpRequest request,
        CancellationToken stop
    ) => Page(null, saved, page, hosts, request, stop);

    private static async Task<IResult> Block(
        Form<HostInput> form,
        BlockList hosts,
        HttpRequest request,
        CancellationToken stop
    )
    {
        if (form.Input is not null && BlockedHosts.Normal(form.Input.Host) is { } host)
        {
            await hosts.Block(host, stop);
            return Pages.GoTo($"{Path}?saved=blocked");
        }
        return await Page(
            form.Input is null ? form : form.With(BlockingEndpoints.BadHost),
            null,
            new(),
            hosts,
            request,
            stop
        );
    }

    private static async Task<IResult> Allow(Form<HostInput> form, BlockList hosts, CancellationToken stop)
    {
        if (BlockedHosts.Normal(form.Input?.Host) is not { } host)
        {
            return Pages.Failure(StatusCodes.Status400BadRequest);
        }
        await hosts.Allow(host, stop);
        return Pages.GoTo($"{Path}?saved=allowed");
    }

    private static async Task<IResult> Page(
        IForm? form,
        string? saved,
        PageQuery page,
        BlockList hosts,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var place = page with { PageSize = PageSize };
        var (count, found) = await hosts.List(place.Offset, place.Size, stop);
        return Pages.Show<BlockedHostsPage>(
            new
            {
                Form = form,
                Saved = saved,
                Hosts = Page<BlockedHost>.Of(request, place, count, found),
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }
}
