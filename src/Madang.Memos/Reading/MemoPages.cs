using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Memos.Pictures;
using Madang.Memos.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Memos.Reading;

/// <summary>The pages of memos: forms that post and redirect, each act on a memo a form of its own.</summary>
internal static class MemoPages
{
    /// <summary>So many that a page of ordinary memos stays under 30 KB.</summary>
    private const int PageSize = 12;
    private const int MostTags = 60;

    internal static void MapMemoPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/memos", Show).AsPage();
        routes.MapPost("/memos", Write).AsForm().WithMetadata(new RequestSizeLimitAttribute(PictureForm.MostBytes));
        routes.MapGet("/memos/days", ShowDays).AsPage();
        routes.MapGet("/memos/trash", ShowTrash).AsPage();
        routes.MapGet("/memos/{id:long}", ShowOne).AsPage();
        routes
            .MapPost("/memos/{id:long}", Change)
            .AsForm()
            .WithMetadata(new RequestSizeLimitAttribute(PictureForm.MostBytes));
        routes.MapPost("/memos/{id:long}/tasks/{n:int}", Tick).AsForm();
        routes.MapPost("/memos/{id:long}/delete", Delete).AsForm();
        routes.MapPost("/memos/{id:long}/restore", Restore).AsForm();
    }

    private static Task<IResult> Show(
        [AsParameters] MemoQuery query,
        Cursor? cursor,
        long? undo,
        DateOnly? day,
        [AsParameters] Stores stores,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    ) => List(query, cursor, undo, day, null, stores, request, me, stop);

    private static async Task<IResult> Write(
        Form<MemoInput> form,
        MemoStore store,
        PictureStore pictures,
        [AsParameters] Stores stores,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await List(new(), null, null, null, form, stores, request, me, stop);
        }
        var (text, refused) = await PictureForm.AddTo(input.Text!, request, pictures, me.Id, stop);
        if (refused is not null)
        {
            return await List(new(), null, null, null, form.With(refused), stores, request, me, stop);
        }
        await store.Write(me.Id, input with { Text = text }, stop);
        return Pages.GoTo("/memos");
    }

    private static async Task<IResult> ShowDays([AsParameters] Stores stores, CurrentUser me, CancellationToken stop) =>
        Pages.Show<DaysPage>(new { Days = await stores.Year(me, stop) });

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
        PictureStore pictures,
        MemoLists memos,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await One(id, form, memos, me, stop);
        }
        if (input.Text.IsGiven)
        {
            var (text, refused) = await PictureForm.AddTo(input.Text.Value!, request, pictures, me.Id, stop);
            if (refused is not null)
            {
                return await One(id, form.With(refused), memos, me, stop);
            }
            input = input with { Text = new(text) };
        }
        var (outcome, _) = await store.Change(id, me.Id, Precondition.None, input, stop);
        return outcome == MemoChange.Done ? Pages.GoTo(Pages.Local(form.Typed("next"), "/memos")) : Missing(outcome);
    }

    private static async Task<IResult> Tick(
        long id,
        int n,
        string? seen,
        Form<TickInput> form,
        MemoTicks ticks,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var outcome = await ticks.Set(id, n, form.Input?.Done == true, me.Id, seen, Precondition.None, stop);
        if (outcome != MemoChange.Done)
        {
            return Missing(outcome);
        }
        // The page's script stays where it is, and must tell this from any redirect.
        return request.Headers.Accept == "application/json"
            ? Results.NoContent()
            : Pages.GoTo($"{Pages.Local(form.Typed("next"), "/memos")}#memo-{id}");
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
        DateOnly? day,
        IForm? form,
        Stores stores,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var memos = stores.Memos;
        var filter = query.Filter;
        if (day is { } chosen)
        {
            var (from, until) = MemoDays.SpanOf(chosen, Moments.ZoneOf(me.User));
            filter = filter with { From = from, Until = until };
        }
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
                Days = await stores.Year(me, stop),
                Day = day,
                Form = form,
                Undo = undo,
            },
            form?.Status ?? StatusCodes.Status200OK
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
            form?.Status ?? StatusCodes.Status200OK
        );
    }

    private static CursorPage<Memo> PageOf(HttpRequest request, Cursor? cursor, List<Memo> found) =>
        CursorPage<Memo>.Of(request, cursor, PageSize, found, memo => (memo.CreatedAt, memo.Id));

    private static IResult Missing(MemoChange outcome) =>
        Pages.Failure(
            outcome switch
            {
                MemoChange.NotYours => StatusCodes.Status403Forbidden,
                MemoChange.Stale => StatusCodes.Status412PreconditionFailed,
                _ => StatusCodes.Status404NotFound,
            }
        );

    /// <summary>What the list of memos is made of.</summary>
    internal sealed record Stores(MemoLists Memos, MemoDays Days, TimeProvider Clock)
    {
        internal Task<List<DayCount>> Year(CurrentUser me, CancellationToken stop)
        {
            var zone = Moments.ZoneOf(me.User);
            var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Clock.GetUtcNow(), zone).DateTime);
            return Days.Year(me.Id, zone, today, stop);
        }
    }
}
