using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Memos.Writing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Memos.Reading;

/// <summary>The pages of memos: forms that post and redirect, each act on a memo a form of its own.</summary>
internal static class MemoPages
{
    /// <summary>So many that a page of ordinary memos stays under 30 KB.</summary>
    private const int PageSize = 15;
    private const int MostTags = 60;

    internal static void MapMemoPages(this IEndpointRouteBuilder routes)
    {
        routes.MapPage("/memos", Show);
        routes.MapForm("/memos", Write);
        routes.MapPage("/memos/trash", ShowTrash);
        routes.MapPage("/memos/{id:long}", ShowOne);
        routes.MapForm("/memos/{id:long}", Change);
        routes.MapForm("/memos/{id:long}/delete", Delete);
        routes.MapForm("/memos/{id:long}/restore", Restore);
    }

    private static Task<IResult> Show(
        [AsParameters] MemoQuery query,
        Cursor? cursor,
        long? undo,
        MemoLists memos,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    ) => List(query, cursor, undo, null, memos, request, me, stop);

    private static async Task<IResult> Write(
        Form<MemoInput> form,
        MemoStore store,
        MemoLists memos,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await List(new(), null, null, form, memos, request, me, stop);
        }
        await store.Write(me.Id, input, stop);
        return Pages.GoTo("/memos");
    }

    private static async Task<IResult> ShowTrash(
        Cursor? cursor,
        MemoLists memos,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var found = await memos.List(new MemoFilter(IsDeleted: true), me.Id, cursor, PageSize, stop);
        return Pages.Show<TrashPage>(new { Page = PageOf(request, cursor, found) });
    }

    private static async Task<IResult> ShowOne(long id, MemoLists memos, CurrentUser me, CancellationToken stop) =>
        await One(id, null, memos, me, stop);

    private static async Task<IResult> Change(
        long id,
        Form<MemoChangeInput> form,
        MemoStore store,
        MemoLists memos,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await One(id, form, memos, me, stop);
        }
        var (outcome, _) = await store.Change(id, me.Id, Precondition.None, input, stop);
        return outcome == MemoChange.Done ? Pages.GoTo(Pages.Local(form.Typed("next"), "/memos")) : Missing(outcome);
    }

    private static async Task<IResult> Delete(long id, MemoStore store, CurrentUser me, CancellationToken stop)
    {
        var outcome = await store.Delete(id, me.Id, Precondition.None, stop);
        return outcome == MemoChange.Done ? Pages.GoTo($"/memos?undo={id}") : Missing(outcome);
    }

    private static async Task<IResult> Restore(long id, MemoStore store, CurrentUser me, CancellationToken stop) =>
        await store.Restore(id, me.Id, stop) is null ? Missing(MemoChange.Missing) : Pages.GoTo("/memos");

    private static async Task<IResult> List(
        MemoQuery query,
        Cursor? cursor,
        long? undo,
        IForm? form,
        MemoLists memos,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var filter = query.Filter;
        // On the first page of everything the pinned ones come first; a search finds them in their place.
        var isPlain = filter == new MemoFilter();
        var pinned =
            isPlain && cursor is null ? await memos.List(filter with { IsPinned = true }, me.Id, null, 100, stop) : [];
        var found = await memos.List(
            isPlain ? filter with { IsPinned = false } : filter,
            me.Id,
            cursor,
            PageSize,
            stop
        );
        var tags = await memos.Tags(me.Id, MostTags, stop);
        return Pages.Show<MemosPage>(
            new
            {
                Filter = filter,
                Pinned = pinned,
                Page = PageOf(request, cursor, found),
                Tags = tags,
                Form = form,
                Undo = undo,
            },
            form is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }

    private static async Task<IResult> One(
        long id,
        IForm? form,
        MemoLists memos,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await memos.Find(id, me.Id, stop) is not { } memo)
        {
            return Missing(MemoChange.Missing);
        }
        var history = await memos.History(id, me.Id, null, 100, stop);
        return Pages.Show<MemoPage>(
            new
            {
                Memo = memo,
                History = history ?? [],
                Form = form,
            },
            form is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }

    private static CursorPage<Memo> PageOf(HttpRequest request, Cursor? cursor, List<Memo> found) =>
        CursorPage<Memo>.Of(request, cursor, PageSize, found, memo => (memo.CreatedAt, memo.Id));

    private static IResult Missing(MemoChange outcome) =>
        Pages.Failure(outcome == MemoChange.NotYours ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound);
}
