using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Library.Lending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Desk;

/// <summary>What is read off a book.</summary>
public sealed record DeskInput
{
    /// <summary>Its ISBN, typed or scanned.</summary>
    [Needed, IsbnRule]
    public string? Isbn { get; init; }
}

/// <summary>The librarian's desk: what comes back, what should have, what is put aside, and new books.</summary>
internal static class DeskPages
{
    internal const string Path = "/library/desk";

    /// <summary>So many that a page stays under 30 KB.</summary>
    private const int PageSize = 15;

    private const int MostWhose = 100;

    internal static void MapDeskPages(this IEndpointRouteBuilder routes)
    {
        var desk = routes.MapGroup("").AddEndpointFilter(ForLibrarians);
        desk.MapGet(Path, Show).AsPage();
        desk.MapPost($"{Path}/return", TakeBack).AsForm();
        desk.MapPost($"{Path}/find", Find).AsForm();
        desk.MapPost($"{Path}/loans/{{id:long}}/return", TakeBackOne).AsForm();
    }

    private static async ValueTask<object?> ForLibrarians(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    ) =>
        CurrentUser.Of(context.HttpContext) is { } me && Librarians.Include(me)
            ? await next(context)
            : Pages.Failure(StatusCodes.Status403Forbidden);

    private static Task<IResult> Show(
        [AsParameters] PageQuery page,
        long? back,
        LendingDesk desk,
        HttpContext http,
        CancellationToken stop
    ) => Page(null, desk, http, stop, page, back: back);

    /// <summary>Takes back what one person has; where several have a copy, asks whose it is.</summary>
    private static async Task<IResult> TakeBack(
        Form<DeskInput> form,
        LendingDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is null)
        {
            return await Page(form, desk, http, stop);
        }
        var open = await desk.Lists.BookOf(Isbn.Plain(form.Input.Isbn)!, stop) is { } book
            ? await desk.Lists.OpenOfBook(book, MostWhose, stop)
            : [];
        return open switch
        {
            [] => await Page(form.With(LibraryWords.Wrong("isbn", "library.desk.nobody")), desk, http, stop),
            [var only] => await TakeBackOne(only.LoanId, desk, me, stop),
            _ => await Page(null, desk, http, stop, whose: open),
        };
    }

    private static async Task<IResult> TakeBackOne(long id, LendingDesk desk, CurrentUser me, CancellationToken stop)
    {
        var refused = await desk.Return(id, null, me.Id, stop);
        // A reload posts nothing again: by then somebody else may have the copy.
        return refused is null ? Pages.GoTo($"{Path}?back={id}") : Pages.Failure(refused.StatusCode!.Value);
    }

    /// <summary>Goes to the book, or to the form for a new one.</summary>
    private static async Task<IResult> Find(
        Form<DeskInput> form,
        LendingDesk desk,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (form.Input is null)
        {
            return await Page(form, desk, http, stop);
        }
        var isbn = Isbn.Plain(form.Input.Isbn)!;
        return Pages.GoTo(
            await desk.Lists.BookOf(isbn, stop) is { } book
                ? $"/library/books/{book}"
                : $"/library/books/new?isbn={isbn}"
        );
    }

    private static async Task<IResult> Page(
        IForm? form,
        LendingDesk desk,
        HttpContext http,
        CancellationToken stop,
        PageQuery? page = null,
        IReadOnlyList<ShownLoan>? whose = null,
        long? back = null
    )
    {
        var returned = back is { } id && await desk.Lists.Find(id, stop) is { ReturnedAt: not null } loan ? loan : null;
        var place = (page ?? new()) with { PageSize = PageSize };
        var (count, overdue) = await desk.Lists.Overdue(place.Offset, place.Size, stop);
        return Pages.Show<DeskPage>(
            new
            {
                Form = form,
                Overdue = Page<ShownLoan>.Of(http.Request, place, count, overdue),
                PutAside = await desk.Lists.PutAside(PageSize, stop),
                Whose = whose ?? [],
                Back = returned,
                Next = returned is null ? [] : await desk.Lists.PutAsideBy(returned, stop),
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }
}
