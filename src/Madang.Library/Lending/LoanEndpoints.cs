using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Lending;

/// <summary>What somebody wants to borrow.</summary>
public sealed record LoanInput
{
    /// <summary>The book.</summary>
    [Needed]
    public long? BookId { get; init; }

    /// <summary>How many copies of it.</summary>
    [Needed, Between(1, int.MaxValue)]
    public long? Quantity { get; init; }
}

/// <summary>What somebody brings back.</summary>
public sealed record ReturnInput
{
    /// <summary>How many copies: all that were borrowed.</summary>
    [Needed, Between(1, int.MaxValue)]
    public long? Quantity { get; init; }
}

/// <summary>Borrowing and bringing back.</summary>
public static class LoanEndpoints
{
    internal static void MapLending(this RouteGroupBuilder api)
    {
        api.MapGet("/loans", List);
        api.MapPost("/loans", Borrow).Refuses(404, 409, 422);
        api.MapGet("/loans/{id:long}", Read).Refuses(404);
        api.MapPatch("/loans/{id:long}", Return).Refuses(404, 409);
        api.MapPost("/loans/{id:long}/renew", Renew).Refuses(404, 409);
        api.MapGet("/loans/books/{id:long}", ListOfBook).Refuses(403, 404);
    }

    /// <summary>Lists one's own loans, newest first; an admin sees everybody's.</summary>
    public static async Task<Ok<Page<Loan>>> List(
        [AsParameters] PageQuery page,
        LoanLists loans,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (count, found) = me.IsAdmin
            ? await loans.All(page.Offset, page.Size, stop)
            : await loans.OfUser(me.Id, page.Offset, page.Size, stop);
        return TypedResults.Ok(Page<Loan>.Of(request, page, count, found));
    }

    /// <summary>Borrows copies of a book.</summary>
    public static Task<Results<Made<Loan>, Refused>> Borrow(
        // Before the input: it hashes the body, which is then read again.
        Once once,
        LoanInput input,
        LoanStore loans,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return once.TryCreate(sql => loans.Lend(sql, me.Id, input), loan => $"/api/v1/loans/{loan.LoanId}", stop);
    }

    /// <summary>Reads one of one's own loans; an admin reads anybody's.</summary>
    public static async Task<Results<Ok<Loan>, Refused>> Read(
        long id,
        LoanLists loans,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await loans.Find(id, me.IsAdmin ? null : me.Id, stop) is { } loan
            ? TypedResults.Ok(loan)
            : new Refused(404);
    }

    /// <summary>Brings a loan back, all copies of it; they can be borrowed again at once.</summary>
    public static async Task<Results<Ok<Loan>, Refused>> Return(
        long id,
        ReturnInput input,
        Precondition ifMatch,
        LoanStore loans,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (loan, refused) = await loans.Return(
            id,
            me.IsAdmin ? null : me.Id,
            input.Quantity!.Value,
            me.Id,
            ifMatch,
            stop
        );
        return loan is null ? refused! : TypedResults.Ok(loan);
    }

    /// <summary>Keeps a loan for as long again from today: twice, not while somebody waits for the book, not once it is overdue.</summary>
    public static async Task<Results<Ok<Loan>, Refused>> Renew(
        long id,
        Precondition ifMatch,
        LoanStore loans,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (loan, refused) = await loans.Renew(id, me.IsAdmin ? null : me.Id, ifMatch, stop);
        return loan is null ? refused! : TypedResults.Ok(loan);
    }

    /// <summary>Lists a book's loans, for librarians.</summary>
    public static async Task<Results<Ok<Page<Loan>>, Refused>> ListOfBook(
        long id,
        [AsParameters] PageQuery page,
        LoanLists loans,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!Librarians.Include(me))
        {
            return new Refused(StatusCodes.Status403Forbidden);
        }
        return await loans.OfBook(id, page.Offset, page.Size, stop) is var (count, found)
            ? TypedResults.Ok(Page<Loan>.Of(request, page, count, found))
            : new Refused(404);
    }
}
