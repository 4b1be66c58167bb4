using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Links.Shortening;

/// <summary>Shortening an address at the root, for clients that know nothing of the rest.</summary>
public static class SmallClients
{
    internal static void MapSmallClients(this IEndpointRouteBuilder routes)
    {
        var configuration = routes.ServiceProvider.GetRequiredService<IConfiguration>();
        var small = routes.MapGroup("").AsSmallClientApi();
        var post = small.MapPost("/", Shorten).Produces<ShortenedUrl>().Refuses(422).LimitsMaking();
        if (configuration["Links:Domain"] is { Length: > 0 } domain)
        {
            post.RequireHost(domain);
        }
        if (configuration.GetValue("Links:AllowAnonymous", false))
        {
            post.AllowAnonymous();
        }
    }

    /// <summary>Shortens an address; the same address again by the same owner is answered with the same slug, 200.</summary>
    public static async Task<Results<Made<ShortenedUrl>, Refused>> Shorten(
        Once once,
        UrlInput input,
        LinkRules rules,
        LinkStore links,
        IConfiguration configuration,
        HttpContext http,
        CurrentUser? me,
        CancellationToken stop
    )
    {
        if (await once.Earlier<ShortenedUrl>(stop) is { } earlier)
        {
            return earlier;
        }
        if (rules.FaultOf(input.Url, http) is { } fault)
        {
            return new Refused(StatusCodes.Status400BadRequest, fault, LinksWords.Say)
            {
                Errors = new Dictionary<string, string[]> { ["url"] = [LinksWords.Say[fault]] },
            };
        }
        var baseUrl = ShortUrl.BaseOf(http, configuration["Links:Domain"]);
        return await once.CreateOrFind<ShortenedUrl>(
            async sql =>
            {
                var (link, isNew) = await links.AddOrFind(sql, me?.Id, new LinkInput { Url = input.Url });
                return (new ShortenedUrl(link.Url, link.Slug, $"{baseUrl}/{link.Slug}"), isNew, null);
            },
            link => $"/{link.ShortSlug}",
            stop
        );
    }
}
