using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>The page of where one is signed in, with what has happened lately.</summary>
internal static class SessionPages
{
    /// <summary>So many that the page stays under 30 KB.</summary>
    private const int PageSize = 15;

    internal static void MapSessionPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings/sessions", Show).AsPage();
        routes.MapPost("/settings/sessions/{id:long}/end", End).AsForm();
        routes.MapPost("/settings/sessions/end-others", EndOthers).AsForm();
    }

    private static async Task<IResult> Show(
        [AsParameters] PageQuery page,
        Cursor? cursor,
        string? saved,
        OwnSessions sessions,
        SignInRecords records,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var query = page with { PageSize = PageSize };
        var (count, rows) = await sessions.List(me.Id, query.Offset, query.Size, stop);
        var place = new CursorQuery { Cursor = cursor, PageSize = PageSize };
        return Pages.Show<SessionsPage>(
            new
            {
                Sessions = Page<SessionView>.Of(request, query, count, rows.ConvertAll(row => SessionView.Of(row, me))),
                SignIns = SessionEndpoints.PageOf(request, place, await records.List(me.Id, cursor, place.Size, stop)),
                Saved = saved,
            }
        );
    }

    private static async Task<IResult> End(
        long id,
        OwnSessions sessions,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (id == me.SessionId)
        {
            await sessions.End(id, me.Id, SignInRecords.SignOut, Client.Of(http), stop);
            await WebSession.SignOut(http);
            return Pages.GoTo("/");
        }
        var outcome = await sessions.End(id, me.Id, SignInRecords.SessionEnded, Client.Of(http), stop);
        return outcome == Change.Done
            ? Pages.GoTo("/settings/sessions?saved=ended#page")
            : Pages.Failure(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> EndOthers(
        OwnSessions sessions,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        await sessions.EndOthers(me.Id, me.SessionId, Client.Of(http), stop);
        return Pages.GoTo("/settings/sessions?saved=others#page");
    }
}
