using System.ComponentModel;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Memos.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Memos.Reading;

/// <summary>A user's memos for small clients.</summary>
/// <param name="Memos">Newest first, at most 500.</param>
/// <param name="Next">The URL of older ones, or null.</param>
public sealed record SmallMemoList(IReadOnlyList<Memo> Memos, string? Next);

/// <summary>The two memo routes at the root, for clients that know nothing of the rest: signed out they lead home.</summary>
public static class SmallClients
{
    private const int Most = 500;

    internal static void MapSmallClients(this IEndpointRouteBuilder routes)
    {
        var small = routes.MapGroup("/memo").AsSmallClientApi().AllowAnonymous();
        small.MapGet("", List).Produces(StatusCodes.Status302Found);
        small
            .MapPost("", Write)
            .Produces<Memo>()
            .Produces(StatusCodes.Status302Found)
            .Refuses(422)
            .Accepts<MemoInput>("application/json", "*/*");
    }

    /// <summary>Lists one's own memos, newest first; signed out it leads to the home page.</summary>
    public static async Task<Results<Ok<SmallMemoList>, RedirectHttpResult>> List(
        [Description("Where to go on: taken from next.")] Cursor? cursor,
        MemoLists memos,
        HttpRequest request,
        CurrentUser? me,
        CancellationToken stop
    )
    {
        if (me is null)
        {
            return TypedResults.Redirect("/");
        }
        var found = await memos.List(new MemoFilter(), me.Id, cursor, Most, stop);
        var page = CursorPage<Memo>.Of(request, cursor, Most, found, memo => (memo.CreatedAt, memo.Id));
        return TypedResults.Ok(new SmallMemoList(page.Results, page.Next));
    }

    /// <summary>Writes a memo; signed out it leads to the home page.</summary>
    public static async Task<IResult> Write(
        Once once,
        JsonBody<MemoInput> body,
        CurrentUser? me,
        CancellationToken stop
    )
    {
        if (me is null)
        {
            return TypedResults.Redirect("/");
        }
        return body.Refused is { } refused
            ? refused
            : await once.CreateWithOk(sql => MemoStore.Add(sql, me.Id, body.Input!), stop);
    }
}
