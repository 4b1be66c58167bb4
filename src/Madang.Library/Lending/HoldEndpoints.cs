using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Lending;

/// <summary>What somebody wants to wait for.</summary>
public sealed record HoldInput
{
    /// <summary>The book, of which no copy is in stock.</summary>
    [Needed]
    public long? BookId { get; init; }
}

/// <summary>Waiting for a book that others have.</summary>
public static class HoldEndpoints
{
    internal static void MapHolds(this RouteGroupBuilder api)
    {
        api.MapGet("/holds", List);
        api.MapPost("/holds", Place).Refuses(404, 409, 422);
        api.MapGet("/holds/{id:long}", Read).Refuses(404);
        api.MapDelete("/holds/{id:long}", Cancel).Refuses(404);
    }

    /// <summary>Lists what one waits for and what is put aside for one, oldest first.</summary>
    public static async Task<Ok<Page<Hold>>> List(
        [AsParameters] PageQuery page,
        HoldStore holds,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (count, found) = await holds.OfUser(me.Id, page.Offset, page.Size, stop);
        return TypedResults.Ok(Page<Hold>.Of(request, page, count, found));
    }

    /// <summary>Waits for a copy of a book, behind all who wait already.</summary>
    public static Task<Results<Made<Hold>, Refused>> Place(
        // Before the input: it hashes the body, which is then read again.
        Once once,
        HoldInput input,
        HoldStore holds,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return once.TryCreate(
            sql => holds.Place(sql, me.Id, input.BookId!.Value),
            hold => $"/api/v1/holds/{hold.HoldId}",
            stop
        );
    }

    /// <summary>Reads one of one's own holds that isn't over; an admin reads anybody's.</summary>
    public static async Task<Results<Ok<Hold>, Refused>> Read(
        long id,
        HoldStore holds,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await holds.Find(id, me.IsAdmin ? null : me.Id, stop) is { } hold
            ? TypedResults.Ok(hold)
            : new Refused(404);
    }

    /// <summary>Stops waiting; a copy that was put aside goes to the next.</summary>
    public static async Task<Results<NoContent, Refused>> Cancel(
        long id,
        Precondition ifMatch,
        HoldStore holds,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await holds.Cancel(id, me.IsAdmin ? null : me.Id, ifMatch, stop) is { } refused
            ? refused
            : TypedResults.NoContent();
    }
}
