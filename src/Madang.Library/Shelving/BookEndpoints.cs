using System.ComponentModel;
using Madang.Foundation.Accounts;
using Madang.Foundation.Caching;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Madang.Library.Shelving;

/// <summary>Which books to list, and in which order.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record BookQuery
{
    internal const int LongestSought = 200;

    /// <summary>Only books whose title contains this, any case; consonants such as ㄱㅅ find syllables that begin with them.</summary>
    [Description(
        "Only books whose title contains this, any case; consonants such as ㄱㅅ find syllables that begin with them."
    )]
    [FromQuery(Name = "title"), Longest(LongestSought)]
    public string? Title { get; init; }

    /// <summary>Only books whose author contains this; as the title.</summary>
    [Description("Only books whose author contains this; as the title.")]
    [FromQuery(Name = "author"), Longest(LongestSought)]
    public string? Author { get; init; }

    /// <summary>Only books with this tag; given several times, <c>tag_option</c> says how they count.</summary>
    [Description("Only books with this tag, by its id; given several times, tag_option says how they count.")]
    [FromQuery(Name = "tag")]
    public long[]? Tag { get; init; }

    /// <summary><c>and</c>: all of the tags; <c>or</c>: one of them. Needed with two or more.</summary>
    [Description("and: all of the tags; or: one of them. Needed with two or more.")]
    [FromQuery(Name = "tag_option"), OneOf("and", "or")]
    public string? TagOption { get; init; }

    /// <summary>What comes first; the book added last, when left out.</summary>
    [Description("What comes first; the book added last, when left out.")]
    [FromQuery(Name = "order_by"), OneOf("title", "-title", "published_at", "-published_at")]
    public string? OrderBy { get; init; }

    /// <summary>Another name of <c>order_by</c>, which counts where both are given.</summary>
    [Description("Another name of order_by, which counts where both are given.")]
    [FromQuery(Name = "order_field"), OneOf("title", "-title", "published_at", "-published_at")]
    public string? OrderField { get; init; }

    internal Refused? Fault =>
        Tag is { Length: > 1 } && TagOption is null ? LibraryWords.Wrong("tag_option", "library.tag_option_needed")
        : Tag is { Length: > TagId.Most } ? LibraryWords.Wrong("tag", "library.too_many_tags")
        : null;

    internal BookFilter Filter =>
        new(
            Sought.Of(Title),
            Sought.Of(Author),
            [.. (Tag ?? []).Distinct().Order()],
            TagOption != "or",
            OrderOf(OrderBy ?? OrderField)
        );

    internal static BookOrder OrderOf(string? word) =>
        word switch
        {
            "title" => BookOrder.Title,
            "-title" => BookOrder.TitleDown,
            "published_at" => BookOrder.Published,
            "-published_at" => BookOrder.PublishedDown,
            _ => BookOrder.Newest,
        };
}

/// <summary>The catalogue.</summary>
public static class BookEndpoints
{
    internal static void MapShelving(this RouteGroupBuilder api)
    {
        api.MapGet("/books", List);
        api.MapPost("/books", Add).Refuses(403, 409, 422);
        foreach (var path in new[] { "/books/{id:long}", "/book/{id:long}" })
        {
            api.MapGet(path, Read).Refuses(404);
            api.MapPut(path, Replace).Refuses(403, 404, 409);
            api.MapPatch(path, Change).Refuses(403, 404, 409);
            api.MapDelete(path, Delete).Refuses(403, 404, 409);
        }
    }

    /// <summary>Lists books.</summary>
    public static async Task<Results<Cached<Page<Book>>, Refused>> List(
        [AsParameters] BookQuery query,
        [AsParameters] PageQuery page,
        BookPages books,
        HttpContext http,
        CancellationToken stop
    )
    {
        return query.Fault is { } refused
            ? refused
            : await books.Answer(PublicUrl.Of(http) + http.Request.Path, query, page, stop);
    }

    /// <summary>Adds a book.</summary>
    public static async Task<Results<Made<Book>, Refused>> Add(
        // Before the input: it hashes the body, which is then read again.
        Once once,
        BookInput input,
        BookStore books,
        IOptions<LibrarySettings> settings,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (Refusal(input.Tags, settings, me) is { } refused)
        {
            return refused;
        }
        return await once.TryCreate(sql => books.Add(sql, input, me.Id), book => $"/api/v1/books/{book.BookId}", stop);
    }

    /// <summary>Reads a book.</summary>
    public static async Task<Results<Ok<Book>, Refused>> Read(long id, BookLists books, CancellationToken stop)
    {
        return await books.Find(id, stop) is { } book ? TypedResults.Ok(book) : new Refused(404);
    }

    /// <summary>Replaces all of a book's entry.</summary>
    public static async Task<Results<Ok<Book>, Refused>> Replace(
        long id,
        BookInput input,
        Precondition ifMatch,
        BookStore books,
        IOptions<LibrarySettings> settings,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await ChangeAll(id, BookChangeInput.Of(input), ifMatch, books, settings, me, stop);
    }

    /// <summary>Changes a book's entry; what is left out stays.</summary>
    public static async Task<Results<Ok<Book>, Refused>> Change(
        long id,
        BookChangeInput input,
        Precondition ifMatch,
        BookStore books,
        IOptions<LibrarySettings> settings,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await ChangeAll(id, input, ifMatch, books, settings, me, stop);
    }

    /// <summary>Deletes a book that nobody has borrowed.</summary>
    public static async Task<Results<NoContent, Refused>> Delete(
        long id,
        Precondition ifMatch,
        BookStore books,
        IOptions<LibrarySettings> settings,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var refused = Refusal(null, settings, me) ?? await books.Delete(id, ifMatch, stop);
        return refused is null ? TypedResults.NoContent() : refused;
    }

    private static async Task<Results<Ok<Book>, Refused>> ChangeAll(
        long id,
        BookChangeInput input,
        Precondition ifMatch,
        BookStore books,
        IOptions<LibrarySettings> settings,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (Refusal(input.Tags.Value, settings, me) is { } refused)
        {
            return refused;
        }
        (var book, refused) = await books.Change(id, ifMatch, input, me.Id, stop);
        return book is null ? refused! : TypedResults.Ok(book);
    }

    private static Refused? Refusal(IReadOnlyList<TagId>? tags, IOptions<LibrarySettings> settings, CurrentUser me) =>
        !settings.Value.IsEditor(me) ? new Refused(StatusCodes.Status403Forbidden)
        : tags is { Count: > TagId.Most } ? LibraryWords.Wrong("tags", "library.too_many_tags")
        : null;
}
