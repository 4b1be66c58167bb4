using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Library.Calendars;
using Madang.Library.Telling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Lending;

/// <summary>What a button of lending is pressed with.</summary>
public sealed record LendingInput
{
    /// <summary>The page to come back to.</summary>
    [Longest(500)]
    public string? Next { get; init; }

    /// <summary>How many loans of the book the page showed, where it showed them: who has one more by now has pressed twice.</summary>
    [Longest(10)]
    public string? Mine { get; init; }

    internal long? Shown =>
        long.TryParse(Mine, NumberStyles.None, CultureInfo.InvariantCulture, out var shown) ? shown : null;
}

/// <summary>Borrowing, bringing back, renewing and waiting, each by one button; and one's own loans.</summary>
internal static class LendingPages
{
    internal const string Path = "/library/loans";

    /// <summary>So many that a page stays under 30 KB.</summary>
    private const int PageSize = 20;

    private const int MostHolds = 50;

    internal static void MapLendingPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AsPage();
        routes.MapPost("/library/books/{id:long}/borrow", Borrow).AsForm();
        routes.MapPost("/library/books/{id:long}/hold", Hold).AsForm();
        routes.MapPost("/library/loans/{id:long}/return", Return).AsForm();
        routes.MapPost("/library/loans/{id:long}/renew", Renew).AsForm();
        routes.MapPost("/library/holds/{id:long}/cancel", Cancel).AsForm();
        routes.MapPost("/library/notices/{id:long}/dismiss", Dismiss).AsForm();
        routes.MapPost("/library/loans/calendar", MakeCalendar).AsForm();
        routes.MapPost("/library/loans/calendar/end", EndCalendar).AsForm();
    }

    private static Task<IResult> Show(
        [AsParameters] PageQuery page,
        string? done,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => Page(desk, http, me, stop, page: page, done: done);

    private static Task<IResult> Borrow(
        long id,
        Form<LendingInput> form,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => After(form, "borrowed", desk, http, me, () => desk.Borrow(id, me.Id, form.Input?.Shown, stop), stop);

    private static Task<IResult> Hold(
        long id,
        Form<LendingInput> form,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => After(form, "held", desk, http, me, () => desk.Hold(id, me.Id, stop), stop);

    private static Task<IResult> Return(
        long id,
        Form<LendingInput> form,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => After(form, "returned", desk, http, me, () => desk.Return(id, me.Id, me.Id, stop), stop);

    private static Task<IResult> Renew(
        long id,
        Form<LendingInput> form,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) =>
        After(
            form,
            "renewed",
            desk,
            http,
            me,
            async () => (await desk.Loans.Renew(id, me.Id, Precondition.None, stop)).Refused,
            stop
        );

    private static Task<IResult> Cancel(
        long id,
        Form<LendingInput> form,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => After(form, "cancelled", desk, http, me, () => desk.Holds.Cancel(id, me.Id, Precondition.None, stop), stop);

    private static async Task<IResult> Dismiss(
        long id,
        Form<LendingInput> form,
        NoticeStore notices,
        CurrentUser me,
        CancellationToken stop
    )
    {
        await notices.Dismiss(id, me.Id, stop);
        return Pages.GoTo(Pages.Local(form.Input?.Next, Path));
    }

    private static async Task<IResult> MakeCalendar(
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        // Shown on this answer alone: it stands in no address and in no later page.
        http.Response.Headers.CacheControl = "no-store";
        var token = await desk.Calendars.Renew(me.Id, stop);
        return await Page(desk, http, me, stop, calendar: CalendarEndpoints.AddressOf(token, http));
    }

    private static async Task<IResult> EndCalendar(LendingDesk desk, CurrentUser me, CancellationToken stop)
    {
        await desk.Calendars.Revoke(me.Id, stop);
        return Pages.GoTo($"{Path}?done=calendar_ended");
    }

    /// <summary>Goes back to where the button was, or says on one's loans why nothing happened.</summary>
    private static async Task<IResult> After(
        Form<LendingInput> form,
        string done,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        Func<Task<Refused?>> act,
        CancellationToken stop
    )
    {
        return await act() switch
        {
            null => Pages.GoTo($"{Pages.Local(form.Input?.Next, Path).Split('?')[0]}?done={done}"),
            { StatusCode: StatusCodes.Status404NotFound } => Pages.Failure(StatusCodes.Status404NotFound),
            { } refused => await Page(desk, http, me, stop, refused: refused),
        };
    }

    private static async Task<IResult> Page(
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop,
        PageQuery? page = null,
        string? done = null,
        Refused? refused = null,
        string? calendar = null
    )
    {
        var place = (page ?? new()) with { PageSize = PageSize };
        var (count, _) = await desk.LoanLists.OfUser(me.Id, 0, 1, stop);
        return Pages.Show<LoansPage>(
            new
            {
                Loans = await desk.Lists.OpenOf(me.Id, stop),
                Holds = await desk.Lists.HoldsOf(me.Id, 0, MostHolds, stop),
                History = Page<ShownLoan>.Of(
                    http.Request,
                    place,
                    count,
                    await desk.Lists.HistoryOf(me.Id, place.Offset, place.Size, stop)
                ),
                CalendarSince = await desk.Calendars.Since(me.Id, stop),
                Calendar = calendar,
                Settings = desk.Settings,
                Done = LendingLook.Done(done),
                Refused = refused?.Errors?.Values.First()[0] ?? refused?.Sentence,
            },
            refused?.StatusCode ?? StatusCodes.Status200OK
        );
    }
}
