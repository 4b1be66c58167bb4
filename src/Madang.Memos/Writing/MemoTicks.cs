using System.ComponentModel;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Memos.Reading;
using Madang.Memos.Rendering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Memos.Writing;

/// <summary>
/// Ticking the tasks of a memo. A tick changes one character of its text, and only of the text that it was worked out on: when two
/// arrive at once the later one looks again. Ticks are no earlier texts: the history keeps what was written, not what was done.
/// </summary>
public sealed class MemoTicks(MemoStore memos, MemoLists lists)
{
    /// <param name="id">The memo.</param>
    /// <param name="number">Which task, from 1.</param>
    /// <param name="isDone">Whether it is done.</param>
    /// <param name="owner">Who ticks it.</param>
    /// <param name="seen">The fingerprint of the text that he sees, or null.</param>
    /// <param name="ifMatch">The client's condition.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal async Task<MemoChange> Set(
        long id,
        int number,
        bool isDone,
        long owner,
        string? seen,
        Precondition ifMatch,
        CancellationToken stop
    )
    {
        while (await lists.Find(id, owner, stop) is { } memo)
        {
            if (memo.AuthorId != owner)
            {
                return MemoChange.NotYours;
            }
            if (!ifMatch.Allows(memo) || (seen is not null && seen != MemoTasks.Fingerprint(memo.Text)))
            {
                return MemoChange.Stale;
            }
            if (MemoTasks.Set(memo.Text, number, isDone) is not { } text)
            {
                return MemoChange.Missing;
            }
            // Read again when another write came between: the next round sees what it wrote.
            var hasChanged = false;
            var (outcome, _) = await memos.Update(
                id,
                owner,
                ifMatch,
                (now, _) =>
                {
                    hasChanged = now.Text != memo.Text;
                    return hasChanged ? null : now with { Text = text };
                },
                stop,
                isKept: false
            );
            if (!hasChanged)
            {
                return outcome;
            }
        }
        return MemoChange.Missing;
    }
}

/// <summary>The tasks of a memo as states of their own: done, or not.</summary>
public static class TaskEndpoints
{
    internal static void MapTasks(this RouteGroupBuilder api)
    {
        api.MapPut("/memos/{id:long}/tasks/{n:int}", Tick).Refuses(404);
        api.MapDelete("/memos/{id:long}/tasks/{n:int}", Untick).Refuses(404);
    }

    /// <summary>Ticks a task of a memo.</summary>
    public static Task<Results<NoContent, Refused>> Tick(
        long id,
        [Description("Which task of the text, from 1.")] int n,
        Precondition ifMatch,
        MemoTicks ticks,
        CurrentUser me,
        CancellationToken stop
    ) => Set(id, n, true, ifMatch, ticks, me, stop);

    /// <summary>Takes the tick off a task of a memo.</summary>
    public static Task<Results<NoContent, Refused>> Untick(
        long id,
        [Description("Which task of the text, from 1.")] int n,
        Precondition ifMatch,
        MemoTicks ticks,
        CurrentUser me,
        CancellationToken stop
    ) => Set(id, n, false, ifMatch, ticks, me, stop);

    private static async Task<Results<NoContent, Refused>> Set(
        long id,
        int number,
        bool isDone,
        Precondition ifMatch,
        MemoTicks ticks,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var outcome = await ticks.Set(id, number, isDone, me.Id, null, ifMatch, stop);
        return outcome == MemoChange.Done ? TypedResults.NoContent() : MemoEndpoints.Refusal(outcome);
    }
}
