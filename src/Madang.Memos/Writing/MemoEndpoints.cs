using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Memos.Writing;

/// <summary>Writing and changing one's own memos.</summary>
public static class MemoEndpoints
{
    internal static void MapWriting(this RouteGroupBuilder api)
    {
        api.MapPost("/memos", Write).Refuses(422);
        api.MapPatch("/memos/{id:long}", Change).Refuses(404);
        api.MapDelete("/memos/{id:long}", Delete).Refuses(404);
        api.MapPost("/memos/{id:long}/restore", Restore).Refuses(404);
        api.MapPut("/memos/{id:long}/pin", Pin).Refuses(404);
        api.MapDelete("/memos/{id:long}/pin", Unpin).Refuses(404);
        api.MapPut("/memos/{id:long}/archive", Archive).Refuses(404);
        api.MapDelete("/memos/{id:long}/archive", Unarchive).Refuses(404);
    }

    /// <summary>Writes a memo.</summary>
    public static Task<Results<Made<Memo>, Refused>> Write(
        // Before the input: it hashes the body, which is then read again.
        Once once,
        MemoInput input,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return once.Create(sql => MemoStore.Add(sql, me.Id, input), memo => $"/api/v1/memos/{memo.Id}", stop);
    }

    /// <summary>Changes a memo; its earlier text goes into its history.</summary>
    public static async Task<Results<Ok<Memo>, Refused>> Change(
        long id,
        MemoChangeInput input,
        Precondition ifMatch,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (outcome, memo) = await memos.Change(id, me.Id, ifMatch, input, stop);
        return memo is null ? Refusal(outcome) : TypedResults.Ok(memo);
    }

    /// <summary>Moves a memo to the trash, which empties after 30 days.</summary>
    public static async Task<Results<NoContent, Refused>> Delete(
        long id,
        Precondition ifMatch,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var outcome = await memos.Delete(id, me.Id, ifMatch, stop);
        return outcome == MemoChange.Done ? TypedResults.NoContent() : Refusal(outcome);
    }

    /// <summary>Brings a memo back from the trash.</summary>
    public static async Task<Results<Ok<Memo>, Refused>> Restore(
        long id,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await memos.Restore(id, me.Id, stop) is { } memo
            ? TypedResults.Ok(memo)
            : new Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>Pins a memo above the others.</summary>
    public static Task<Results<NoContent, Refused>> Pin(
        long id,
        Precondition ifMatch,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    ) => Set(id, new() { Pinned = new(true) }, ifMatch, memos, me, stop);

    /// <summary>Unpins a memo.</summary>
    public static Task<Results<NoContent, Refused>> Unpin(
        long id,
        Precondition ifMatch,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    ) => Set(id, new() { Pinned = new(false) }, ifMatch, memos, me, stop);

    /// <summary>Puts a memo away.</summary>
    public static Task<Results<NoContent, Refused>> Archive(
        long id,
        Precondition ifMatch,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    ) => Set(id, new() { Archived = new(true) }, ifMatch, memos, me, stop);

    /// <summary>Takes a memo back into use.</summary>
    public static Task<Results<NoContent, Refused>> Unarchive(
        long id,
        Precondition ifMatch,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    ) => Set(id, new() { Archived = new(false) }, ifMatch, memos, me, stop);

    private static async Task<Results<NoContent, Refused>> Set(
        long id,
        MemoChangeInput input,
        Precondition ifMatch,
        MemoStore memos,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (outcome, _) = await memos.Change(id, me.Id, ifMatch, input, stop);
        return outcome == MemoChange.Done ? TypedResults.NoContent() : Refusal(outcome);
    }

    internal static Refused Refusal(MemoChange outcome) =>
        new(
            outcome switch
            {
                MemoChange.NotYours => StatusCodes.Status403Forbidden,
                MemoChange.Stale => StatusCodes.Status412PreconditionFailed,
                _ => StatusCodes.Status404NotFound,
            }
        );
}
