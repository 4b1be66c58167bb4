using System.ComponentModel;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Shortening;

/// <summary>Which links to list.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record LinkQuery
{
    /// <summary>Only links whose slug, title, address or notes contain this, any case.</summary>
    [Description("Only links whose slug, title, address or notes contain this, any case.")]
    [FromQuery(Name = "q"), Longest(200)]
    public string? Q { get; init; }

    /// <summary>Only links with this tag, any case.</summary>
    [Description("Only links with this tag, any case.")]
    [FromQuery(Name = "tag"), Longest(Link.LongestTag)]
    public string? Tag { get; init; }

    /// <summary>The links that are put away, instead of those in use.</summary>
    [Description("The links that are put away, instead of those in use.")]
    [FromQuery(Name = "archived")]
    public bool? Archived { get; init; }

    /// <summary><c>mine</c> or <c>team</c>; one's own and the team's together, when left out.</summary>
    [Description("mine or team; one's own and the team's together, when left out.")]
    [FromQuery(Name = "scope"), OneOf("mine", "team")]
    public string? Scope { get; init; }

    /// <summary>
    /// <c>newest</c> (when left out), <c>oldest</c>, or <c>visits</c>: the most visited first, but for those that are put away.
    /// </summary>
    [Description("newest (when left out), oldest, or visits: the most visited first, but for those that are put away.")]
    [FromQuery(Name = "sort"), OneOf("newest", "oldest", "visits")]
    public string? Sort { get; init; }

    internal LinkFilter Filter =>
        new(
            string.IsNullOrEmpty(Q) ? null : Q,
            string.IsNullOrWhiteSpace(Tag) ? null : Tag.Trim(),
            Archived == true,
            Scope,
            Sort switch
            {
                "oldest" => LinkOrder.Oldest,
                "visits" when Archived != true => LinkOrder.Visits,
                _ => LinkOrder.Newest,
            }
        );
}

/// <summary>Making, listing and changing links.</summary>
public static class LinkEndpoints
{
    internal static void MapShortening(this RouteGroupBuilder api)
    {
        api.MapGet("/links", List).FollowsFromData();
        api.MapPost("/links", Make).Produces<Link>().Refuses(409, 422).LimitsMaking();
        api.MapGet("/links/{slug}", Read).Refuses(404).FollowsFromData();
        api.MapPatch("/links/{slug}", Change).Refuses(404);
        api.MapDelete("/links/{slug}", Delete).Refuses(404);
    }

    internal static Refused Taken =>
        new(StatusCodes.Status409Conflict, "links.taken", LinksWords.Say)
        {
            Errors = new Dictionary<string, string[]> { ["slug"] = [LinksWords.Say["links.taken"]] },
        };

    /// <summary>Lists one's own links and the team's.</summary>
    public static async Task<Ok<Page<Link>>> List(
        [AsParameters] LinkQuery query,
        [AsParameters] PageQuery page,
        LinkLists links,
        IConfiguration configuration,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (count, found) = await links.List(me.Id, query.Filter, page.Offset, page.Size, stop);
        var baseUrl = ShortUrl.BaseOf(request.HttpContext, configuration["Links:Domain"]);
        return TypedResults.Ok(Page<Link>.Of(request, page, count, found.ConvertAll(link => link.For(baseUrl))));
    }

    /// <summary>Makes a link. An address alone that its owner has shortened before is answered with that link, 200.</summary>
    public static async Task<Results<Made<Link>, Refused>> Make(
        // Before the input: it hashes the body, which is then read again.
        Once once,
        LinkInput input,
        LinkRules rules,
        LinkStore links,
        LinkPasswords passwords,
        IConfiguration configuration,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        // Before it is judged: what was answered stands, whatever is blocked by now.
        if (await once.Earlier<Link>(stop) is { } earlier)
        {
            return earlier;
        }
        if (rules.Check(input, http) is { } refused)
        {
            return refused;
        }
        if (await passwords.Hashed(input, stop) is not { } hashed)
        {
            return LinkPasswords.Busy(http);
        }
        var baseUrl = ShortUrl.BaseOf(http, configuration["Links:Domain"]);
        return await once.CreateOrFind<Link>(
            async sql =>
            {
                var (link, isNew) = await links.MakeOrFind(sql, me.Id, hashed);
                return link is not null ? (link.For(baseUrl), isNew, null) : (null, false, Taken);
            },
            link => $"/api/v1/links/{link.Slug}",
            stop
        );
    }

    /// <summary>Reads one of one's own links, or one of the team's.</summary>
    public static async Task<Results<Ok<Link>, Refused>> Read(
        string slug,
        LinkLists links,
        IConfiguration configuration,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return Slug.IsWellFormed(slug) && await links.Find(slug, me.Id, stop) is { } link
            ? TypedResults.Ok(link.For(ShortUrl.BaseOf(http, configuration["Links:Domain"])))
            : new Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>Changes a link; only its owner changes who may see it.</summary>
    public static async Task<Results<Ok<Link>, Refused>> Change(
        string slug,
        LinkChangeInput input,
        Precondition ifMatch,
        LinkRules rules,
        LinkChanges links,
        LinkPasswords passwords,
        IConfiguration configuration,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!Slug.IsWellFormed(slug))
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        if (rules.Check(input, http) is { } wrong)
        {
            return wrong;
        }
        if (await passwords.Hashed(input, stop) is not { } hashed)
        {
            return LinkPasswords.Busy(http);
        }
        var baseUrl = ShortUrl.BaseOf(http, configuration["Links:Domain"]);
        var (link, refused) = await links.Change(slug, me.Id, ifMatch, hashed, baseUrl, stop);
        return link is null ? refused! : TypedResults.Ok(link);
    }

    /// <summary>Deletes a link for good, and its statistics. Its slug is never given again.</summary>
    public static async Task<Results<NoContent, Refused>> Delete(
        string slug,
        Precondition ifMatch,
        LinkChanges links,
        IConfiguration configuration,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var baseUrl = ShortUrl.BaseOf(http, configuration["Links:Domain"]);
        return !Slug.IsWellFormed(slug) ? new Refused(StatusCodes.Status404NotFound)
            : await links.Delete(slug, me.Id, ifMatch, baseUrl, stop) is { } refused ? refused
            : TypedResults.NoContent();
    }
}
