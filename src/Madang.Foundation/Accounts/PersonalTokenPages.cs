using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>The page of one's personal access tokens.</summary>
internal static class PersonalTokenPages
{
    private const int PageSize = 20;

    internal static void MapPersonalTokenPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings/tokens", Show).AsPage();
        routes.MapPost("/settings/tokens", Make).AsForm();
        routes.MapPost("/settings/tokens/{id:long}/revoke", Revoke).AsForm();
    }

    private static Task<IResult> Show(
        [AsParameters] PageQuery page,
        string? saved,
        PersonalTokenStore tokens,
        Rooms rooms,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    ) => TokensPage(null, null, saved, page, tokens, rooms, request, me, stop);

    /// <summary>Answered without a redirect: the secret is told in this one answer and kept nowhere.</summary>
    private static async Task<IResult> Make(
        Form<PersonalTokenInput> form,
        PersonalTokenStore tokens,
        Rooms rooms,
        TimeProvider clock,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var page = new PageQuery();
        if (form.Input is not { } input)
        {
            return await TokensPage(form, null, null, page, tokens, rooms, http.Request, me, stop);
        }
        var (secret, row, refused) = await PersonalTokenEndpoints.Issue(input, tokens, rooms, clock, me, stop);
        http.Response.Headers.CacheControl = "no-store";
        return row is null
            ? await TokensPage(form.With(refused!), null, null, page, tokens, rooms, http.Request, me, stop)
            : await TokensPage(null, secret, null, page, tokens, rooms, http.Request, me, stop);
    }

    private static async Task<IResult> Revoke(
        long id,
        PersonalTokenStore tokens,
        CurrentUser me,
        CancellationToken stop
    ) =>
        await tokens.Revoke(id, me.Id, _ => true, stop) == Change.Done
            ? Pages.GoTo("/settings/tokens?saved=revoked#page")
            : Pages.Failure(StatusCodes.Status404NotFound);

    private static async Task<IResult> TokensPage(
        IForm? form,
        string? secret,
        string? saved,
        PageQuery page,
        PersonalTokenStore tokens,
        Rooms rooms,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var query = page with { PageSize = PageSize };
        var (count, rows) = await tokens.List(me.Id, query.Offset, query.Size, stop);
        return Pages.Show<TokensPage>(
            new
            {
                Form = form,
                Secret = secret,
                Saved = saved,
                Scopes = PersonalTokenEndpoints.ScopesOf(rooms).ToList(),
                Tokens = Page<PersonalTokenView>.Of(request, query, count, rows.ConvertAll(PersonalTokenView.Of)),
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }
}
