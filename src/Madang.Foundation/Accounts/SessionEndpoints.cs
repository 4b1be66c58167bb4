using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>A browser or program that is signed in.</summary>
/// <param name="Id">The id.</param>
/// <param name="Kind"><c>web</c> for a browser with its cookie, <c>program</c> for a family of refresh tokens.</param>
/// <param name="Device">What it says it is, in words: <c>Firefox on Windows</c>.</param>
/// <param name="Address">The network in which it began, /24 or /48.</param>
/// <param name="CreatedAt">When it signed in.</param>
/// <param name="LastUsedAt">When it was last used, to ten minutes; null when that is not known.</param>
/// <param name="ExpiresAt">When it ends if it is not used.</param>
/// <param name="Current">Whether this request came by it; of programs that is not known.</param>
public sealed record SessionView(
    long Id,
    string Kind,
    string Device,
    string Address,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset ExpiresAt,
    bool Current
)
{
    internal static SessionView Of(SessionRow row, CurrentUser me) =>
        new(
            row.Id,
            row.Kind == nameof(SessionKind.Web) ? "web" : "program",
            Devices.Name(row.Agent),
            row.Address,
            row.CreatedAt,
            row.LastUsedAt,
            row.ExpiresAt,
            row.Id == me.SessionId
        );
}

/// <summary>A sign-in, a failed one, or a sign-out.</summary>
/// <param name="Id">The id.</param>
/// <param name="UserId">Whose account; null when the address that was tried has none.</param>
/// <param name="Username">His display name, or null.</param>
/// <param name="Outcome"><c>signed_in</c>, <c>failed</c>, <c>signed_out</c>, <c>linked</c> or <c>unlinked</c>.</param>
/// <param name="How">By which way: <c>password</c>, a provider's name, or what was done, such as <c>password_change</c> or <c>refresh_reuse</c>.</param>
/// <param name="Device">What the browser or program says it is, in words.</param>
/// <param name="Address">The network it came from, /24 or /48.</param>
/// <param name="At">When.</param>
public sealed record SignInView(
    long Id,
    long? UserId,
    string? Username,
    string Outcome,
    string How,
    string Device,
    string Address,
    DateTimeOffset At
)
{
    internal static SignInView Of(SignInRow row) =>
        new(row.Id, row.UserId, row.Username, row.Outcome, row.How, Devices.Name(row.Agent), row.Address, row.At);
}

/// <summary>Where one is signed in, and the record of sign-ins. No personal access token reaches these calls.</summary>
public static class SessionEndpoints
{
    internal static void MapSessions(this RouteGroupBuilder api)
    {
        api.MapGet("/users/me/sessions", ListSessions);
        api.MapDelete("/users/me/sessions/{id:long}", EndSession).Refuses(404);
        api.MapGet("/users/me/sign-ins", ListMine);
        api.MapGet("/sign-ins", ListAll).ForAdmins();
    }

    /// <summary>Lists the browsers and programs in which one is signed in, newest first.</summary>
    public static async Task<Ok<Page<SessionView>>> ListSessions(
        [AsParameters] PageQuery page,
        OwnSessions sessions,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (count, rows) = await sessions.List(me.Id, page.Offset, page.Size, stop);
        return TypedResults.Ok(
            Page<SessionView>.Of(request, page, count, rows.ConvertAll(row => SessionView.Of(row, me)))
        );
    }

    /// <summary>Signs a browser or program out.</summary>
    public static async Task<Results<NoContent, Refused>> EndSession(
        long id,
        Precondition ifMatch,
        OwnSessions sessions,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var outcome = await sessions.End(
            id,
            me.Id,
            SignInRecords.SessionEnded,
            Client.Of(http),
            stop,
            row => ifMatch.Allows(SessionView.Of(row, me))
        );
        return outcome == Change.Done ? TypedResults.NoContent() : outcome.Refusal();
    }

    /// <summary>Lists one's own sign-ins, failed ones and sign-outs of the last 90 days, newest first.</summary>
    public static async Task<Ok<CursorPage<SignInView>>> ListMine(
        [AsParameters] CursorQuery page,
        SignInRecords records,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    ) => TypedResults.Ok(PageOf(request, page, await records.List(me.Id, page.Cursor, page.Size, stop)));

    /// <summary>Lists everybody's sign-ins, failed ones and sign-outs of the last 90 days, newest first.</summary>
    public static async Task<Ok<CursorPage<SignInView>>> ListAll(
        [AsParameters] CursorQuery page,
        [AsParameters] SignInQuery query,
        SignInRecords records,
        HttpRequest request,
        CancellationToken stop
    ) => TypedResults.Ok(PageOf(request, page, await records.List(query.UserId, page.Cursor, page.Size, stop)));

    internal static CursorPage<SignInView> PageOf(HttpRequest request, CursorQuery page, List<SignInRow> found) =>
        CursorPage<SignInView>.Of(
            request,
            page.Cursor,
            page.Size,
            found.ConvertAll(SignInView.Of),
            one => (one.At, one.Id)
        );
}

/// <summary>Whose sign-ins.</summary>
[ValidatableType]
public sealed record SignInQuery
{
    /// <summary>Only this user's; everybody's when left out.</summary>
    [System.ComponentModel.Description("Only this user's; everybody's when left out.")]
    [Microsoft.AspNetCore.Mvc.FromQuery(Name = "user_id"), Between(1, long.MaxValue)]
    public long? UserId { get; init; }
}
