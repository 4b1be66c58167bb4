using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Shortening;

/// <summary>The pages on which links are made, listed and changed: forms that post and redirect.</summary>
internal static class LinkPages
{
    /// <summary>So many that a page of ordinary links stays under 30 KB.</summary>
    private const int PageSize = 12;

    internal static void MapLinkPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/links", Show).AsPage();
        routes.MapPost("/links", Make).AsForm().LimitsMaking();
        routes.MapGet("/links/{slug}/edit", Edit).AsPage();
        routes.MapPost("/links/{slug}/edit", Change).AsForm();
        routes.MapPost("/links/{slug}/archive", Archive).AsForm();
        routes.MapPost("/links/{slug}/restore", Restore).AsForm();
        routes.MapPost("/links/{slug}/delete", Delete).AsForm();
    }

    private static Task<IResult> Show(
        [AsParameters] LinkQuery query,
        [AsParameters] PageQuery page,
        [AsParameters] LinkNews told,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => List(query, page, told, null, desk, http, me, stop);

    private static async Task<IResult> Make(
        Form<LinkFormInput> form,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var refused = default(Refused);
        if (form.Input is { } typed)
        {
            (var input, refused) = typed.ToLink(Moments.ZoneOf(me.User));
            refused ??= desk.Rules.Check(input, http);
            if (refused is null)
            {
                (var link, refused) = await desk.Making.Make(input, me.Id, http, stop);
                if (link is not null)
                {
                    // The page's script copies the address while the browser still lets it.
                    return http.Request.Headers.Accept == "application/json"
                        ? Results.Json(link.For(desk.BaseUrl(http)), LinksJson.Default.Link)
                        : Pages.GoTo($"/links?made={link.Slug}");
                }
            }
        }
        var shown = refused is null ? form : form.With(refused);
        return await List(new(), new(), new(), shown, desk, http, me, stop);
    }

    private static Task<IResult> Edit(
        string slug,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => One(slug, null, desk, http, me, stop);

    private static async Task<IResult> Change(
        string slug,
        Form<LinkFormInput> form,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!Slug.IsWellFormed(slug) || await desk.Lists.Find(slug, me.Id, stop) is not { } before)
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        if (form.Input is not { } typed)
        {
            return await One(slug, form, desk, http, me, stop);
        }
        var asShown = typed.Etag is { } etag ? Precondition.That(etag, desk.Json) : Precondition.None;
        var (input, refused) = typed.ToChange(before, Moments.ZoneOf(me.User));
        refused ??= desk.Rules.Check(input, http);
        if (refused is null)
        {
            refused = await desk.Passwords.Hashed(input, stop) is { } hashed
                ? (
                    await desk.Changes.Change(slug, me.Id, asShown, hashed, desk.BaseUrl(http), stop, isByForm: true)
                ).Refused
                : LinkPasswords.Busy(http);
        }
        return refused switch
        {
            null => Pages.GoTo($"/links/{slug}"),
            { StatusCode: 404 } => Pages.Failure(StatusCodes.Status404NotFound),
            { StatusCode: StatusCodes.Status412PreconditionFailed } => await One(
                slug,
                form.With(new(StatusCodes.Status412PreconditionFailed, "links.changed_meanwhile", LinksWords.Say)),
                desk,
                http,
                me,
                stop
            ),
            _ => await One(slug, form.With(refused), desk, http, me, stop),
        };
    }

    private static Task<IResult> Archive(
        string slug,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => PutAway(slug, true, desk, http, me, stop);

    private static Task<IResult> Restore(
        string slug,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => PutAway(slug, false, desk, http, me, stop);

    private static async Task<IResult> Delete(
        string slug,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var refused = Slug.IsWellFormed(slug)
            ? await desk.Changes.Delete(slug, me.Id, Precondition.None, desk.BaseUrl(http), stop)
            : new Refused(StatusCodes.Status404NotFound);
        return refused is null ? Pages.GoTo("/links?gone=true") : Pages.Failure(refused.StatusCode!.Value);
    }

    private static async Task<IResult> PutAway(
        string slug,
        bool isArchived,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!Slug.IsWellFormed(slug))
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        var change = new LinkChangeInput { Archived = new(isArchived) };
        var (_, refused) = await desk.Changes.Change(slug, me.Id, Precondition.None, change, desk.BaseUrl(http), stop);
        return refused is not null ? Pages.Failure(refused.StatusCode!.Value)
            : isArchived ? Pages.GoTo($"/links?undo={slug}")
            : Pages.GoTo("/links");
    }

    private static async Task<IResult> List(
        LinkQuery query,
        PageQuery page,
        LinkNews told,
        IForm? form,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var filter = query.Filter;
        page = page with { PageSize = PageSize };
        var (count, found) = await desk.Lists.List(me.Id, filter, page.Offset, PageSize, stop);
        var made = told.Made is { } slug && Slug.IsWellFormed(slug) ? await desk.Lists.Find(slug, me.Id, stop) : null;
        return Pages.Show<LinksPage>(
            new
            {
                Filter = filter,
                Page = Page<LinkRow>.Of(http.Request, page, count, found),
                BaseUrl = desk.BaseUrl(http),
                Made = made,
                IsCopied = told.Copied == true,
                Undo = told.Undo is { } undo && Slug.IsWellFormed(undo) ? undo : null,
                IsGone = told.Gone == true,
                Form = form,
                Zone = Moments.ZoneOf(me.User),
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> One(
        string slug,
        IForm? form,
        LinkDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var isAsItIs = form is null or { Status: StatusCodes.Status412PreconditionFailed };
        return Slug.IsWellFormed(slug) && await desk.Lists.Find(slug, me.Id, stop) is { } link
            ? Pages.Show<EditPage>(
                new
                {
                    Link = link,
                    IsMine = link.OwnerId == me.Id,
                    // Whoever saves again has been told of the other's change.
                    ETag = isAsItIs ? desk.ETagOf(link, http) : form!.Typed("etag"),
                    TitleShown = form is null || (isAsItIs && !link.HasFetchedTitle)
                        ? link.Title
                        : form.Typed("title_shown"),
                    Form = form,
                    Zone = Moments.ZoneOf(me.User),
                },
                form?.Status ?? StatusCodes.Status200OK
            )
            : Pages.Failure(StatusCodes.Status404NotFound);
    }
}
