using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>A personal access token to be made.</summary>
public sealed record PersonalTokenInput
{
    /// <summary>What its owner calls it: 1 to 64 characters.</summary>
    [Needed, Longest(64)]
    public string? Name { get; init; }

    /// <summary>What it may do, such as <c>memos:read</c>; at least one.</summary>
    [Needed]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>When it ends, at most a year from now; 90 days from now when left out.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Personal access tokens, for programs that act for their owner. No such token reaches these calls.</summary>
public static class PersonalTokenEndpoints
{
    internal static void MapPersonalTokens(this RouteGroupBuilder api)
    {
        api.MapGet("/users/me/tokens", List);
        api.MapPost("/users/me/tokens", Make).ForOwnSignIns();
        api.MapDelete("/users/me/tokens/{id:long}", Revoke).Refuses(404);
    }

    /// <summary>Lists one's tokens, without their secrets.</summary>
    public static async Task<Ok<Page<PersonalTokenView>>> List(
        [AsParameters] PageQuery page,
        PersonalTokenStore tokens,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (count, rows) = await tokens.List(me.Id, page.Offset, page.Size, stop);
        return TypedResults.Ok(Page<PersonalTokenView>.Of(request, page, count, rows.ConvertAll(PersonalTokenView.Of)));
    }

    /// <summary>Makes a token; its secret is in this answer and nowhere else.</summary>
    public static async Task<Results<Made<NewPersonalTokenView>, Refused>> Make(
        PersonalTokenInput input,
        PersonalTokenStore tokens,
        Rooms rooms,
        TimeProvider clock,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (secret, row, refused) = await Issue(input, tokens, rooms, clock, me, stop);
        if (row is null)
        {
            return refused!;
        }
        http.Response.Headers.CacheControl = "no-store";
        var view = new NewPersonalTokenView(
            row.Id,
            row.Name,
            row.Scopes.Split(' '),
            secret,
            row.CreatedAt,
            row.ExpiresAt,
            null
        );
        return Made<NewPersonalTokenView>.Of(http, view, $"/api/v1/users/me/tokens/{row.Id}");
    }

    /// <returns>All that a token may be allowed.</returns>
    internal static IEnumerable<string> ScopesOf(Rooms rooms) =>
        rooms.All.SelectMany(room => new[] { $"{room.Name}:read", $"{room.Name}:write" });

    /// <summary>The making itself, for the page and the call alike.</summary>
    /// <returns>The secret and the token, or why there is none.</returns>
    internal static async Task<(string Secret, PersonalTokenRow? Row, Refused? Refused)> Issue(
        PersonalTokenInput input,
        PersonalTokenStore tokens,
        Rooms rooms,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (input.Scopes!.Count == 0 || input.Scopes.Except(ScopesOf(rooms)).Any())
        {
            return ("", null, Refused.Field("scopes", "token.unknown_scope"));
        }
        var now = clock.Now();
        if (input.ExpiresAt is { } end && (end <= now || end > now.AddDays(366)))
        {
            return ("", null, Refused.Field("expires_at", "token.bad_end"));
        }
        var secret = Secret.New(PersonalTokenStore.Prefix);
        var (name, scopes) = (Fold.Clean(input.Name!), input.Scopes.Distinct());
        var row = await tokens.Make(me, secret, name, scopes, input.ExpiresAt, stop);
        return (secret, row, row is null ? new Refused(StatusCodes.Status401Unauthorized) : null);
    }

    /// <summary>Ends a token at once.</summary>
    public static async Task<Results<NoContent, Refused>> Revoke(
        long id,
        Precondition ifMatch,
        PersonalTokenStore tokens,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var outcome = await tokens.Revoke(id, me.Id, row => ifMatch.Allows(PersonalTokenView.Of(row)), stop);
        return outcome == Change.Done ? TypedResults.NoContent() : outcome.Refusal();
    }
}
