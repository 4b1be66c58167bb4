using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Shelving;

/// <summary>The pages of the shelf and of its books: forms that post and redirect.</summary>
internal static class ShelfPages
{
    internal static void MapShelfPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ShelfQuery.Shelf, Show).AsPage();
        routes.MapGet("/library/books/new", ShowNew).AsPage();
        routes.MapPost("/library/books", Add).AsForm();
        routes.MapGet("/library/books/{id:long}", ShowBook).AsPage();
        routes.MapGet("/library/books/{id:long}/edit", ShowEdit).AsPage();
        routes.MapPost("/library/books/{id:long}/edit", Change).AsForm();
        routes.MapPost("/library/books/{id:long}/delete", Delete).AsForm();
    }

    private static async Task<IResult> Show(
        [AsParameters] ShelfQuery query,
        [AsParameters] PageQuery page,
        [AsParameters] BookNews told,
        BookDesk desk,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        page = page with { PageSize = BookDesk.PageSize };
        var (count, found) = await desk.Pages.OfShelf(query, page, stop);
        return Pages.Show<ShelfPage>(
            new
            {
                Query = query,
                Page = Page<Book>.Of(http.Request, page, count, found),
                Covers = await desk.Covers.Of(found, stop),
                Chosen = query.Tags.Length == 0 ? [] : await desk.Tags.Named(query.Tags, stop),
                MostUsed = await desk.Tags.MostUsed(stop),
                News = told.Sentence,
                IsEditor = desk.IsEditor(me),
                IsLibrarian = Librarians.Include(me),
            }
        );
    }

    private static IResult ShowNew(string? isbn, BookDesk desk, CurrentUser me) =>
        desk.IsEditor(me)
            ? Form(null, null, null, null, Isbn.Plain(isbn))
            : Pages.Failure(StatusCodes.Status403Forbidden);

    private static async Task<IResult> Add(
        Form<BookFormInput> form,
        BookDesk desk,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!desk.IsEditor(me))
        {
            return Pages.Failure(StatusCodes.Status403Forbidden);
        }
        if (form.Input is not { } typed)
        {
            return Form(null, null, null, form);
        }
        var (input, refused) = typed.ToBook();
        if (input is not null)
        {
            (var book, refused) = await desk.Books.Add(input, typed.TagNames, me.Id, stop);
            if (book is not null)
            {
                return Pages.GoTo($"/library/books/{book.BookId}?did=added");
            }
        }
        return Form(null, null, null, form.With(BesideField(refused!)));
    }

    private static Task<IResult> ShowBook(
        long id,
        [AsParameters] BookNews told,
        BookDesk desk,
        CurrentUser me,
        CancellationToken stop
    ) => BookPage(id, told, null, desk, me, stop);

    private static async Task<IResult> ShowEdit(long id, BookDesk desk, CurrentUser me, CancellationToken stop) =>
        !desk.IsEditor(me) ? Pages.Failure(StatusCodes.Status403Forbidden)
        : await desk.Lists.Find(id, stop) is { } book ? Form(book, desk.ETagOf(book), $"{book.Stock}", null)
        : Pages.Failure(StatusCodes.Status404NotFound);

    private static async Task<IResult> Change(
        long id,
        Form<BookFormInput> form,
        BookDesk desk,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!desk.IsEditor(me))
        {
            return Pages.Failure(StatusCodes.Status403Forbidden);
        }
        if (await desk.Lists.Find(id, stop) is not { } before)
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        if (form.Input is not { } typed)
        {
            return Form(before, form.Typed("etag"), form.Typed("stock_shown"), form);
        }
        var (input, refused) = typed.ToChange(before);
        if (input is not null)
        {
            var asShown = typed.Etag is { } etag ? Precondition.That(etag, desk.Json) : Precondition.None;
            (_, refused) = await desk.Books.Change(id, asShown, input, me.Id, stop, typed.TagNames, typed.StockKept);
        }
        return refused switch
        {
            null => Pages.GoTo($"/library/books/{id}?did=changed"),
            { StatusCode: StatusCodes.Status404NotFound } => Pages.Failure(StatusCodes.Status404NotFound),
            // Whoever saves again has been told of the other's change.
            { StatusCode: StatusCodes.Status412PreconditionFailed } => await Again(id, form, desk, stop),
            _ => Form(before, form.Typed("etag"), form.Typed("stock_shown"), form.With(BesideField(refused))),
        };
    }

    private static async Task<IResult> Delete(long id, BookDesk desk, CurrentUser me, CancellationToken stop)
    {
        if (!desk.IsEditor(me))
        {
            return Pages.Failure(StatusCodes.Status403Forbidden);
        }
        var refused = await desk.Books.Delete(id, Precondition.None, stop);
        return refused switch
        {
            null => Pages.GoTo($"{ShelfQuery.Shelf}?did=deleted"),
            { StatusCode: StatusCodes.Status404NotFound } => Pages.Failure(StatusCodes.Status404NotFound),
            _ => await BookPage(id, new(), refused, desk, me, stop),
        };
    }

    /// <summary>The page of a book, with what was refused on it.</summary>
    internal static async Task<IResult> BookPage(
        long id,
        BookNews told,
        Refused? refused,
        BookDesk desk,
        CurrentUser me,
        CancellationToken stop
    ) =>
        await desk.Lists.Find(id, stop) is { } book
            ? Pages.Show<BookPage>(
                new
                {
                    Book = book,
                    Cover = await desk.Covers.Of(book, stop),
                    News = told.Sentence,
                    Failure = refused?.Sentence,
                    IsEditor = desk.IsEditor(me),
                },
                refused?.StatusCode ?? StatusCodes.Status200OK
            )
            : Pages.Failure(StatusCodes.Status404NotFound);

    private static async Task<IResult> Again(long id, Form<BookFormInput> form, BookDesk desk, CancellationToken stop)
    {
        if (await desk.Lists.Find(id, stop) is not { } now)
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        // A stock that was left as it was shown stays so: it is no change, whatever was lent meanwhile.
        now = now with
        {
            Stock = form.Input!.StockKept ?? now.Stock,
        };
        var told = new Refused(
            StatusCodes.Status412PreconditionFailed,
            "library.book.changed_meanwhile",
            LibraryWords.Say
        );
        return Form(now, desk.ETagOf(now), $"{now.Stock}", form.With(told));
    }

    private static IResult Form(Book? book, string? etag, string? stockShown, IForm? form, string? isbn = null) =>
        Pages.Show<BookFormPage>(
            new
            {
                Book = book,
                ETag = etag,
                StockShown = stockShown,
                Isbn = isbn,
                Form = form,
            },
            form?.Status ?? StatusCodes.Status200OK
        );

    /// <summary>That another book has the number is said beside the number.</summary>
    private static Refused BesideField(Refused refused) =>
        refused.StatusCode == StatusCodes.Status409Conflict
            ? new(StatusCodes.Status409Conflict)
            {
                Errors = new Dictionary<string, string[]> { ["isbn"] = [refused.Sentence] },
            }
            : refused;
}
