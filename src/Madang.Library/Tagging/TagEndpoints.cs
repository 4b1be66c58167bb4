using Madang.Foundation.Http;
using Madang.Library.Shelving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Tagging;

/// <summary>A tag that is to be made, or a new name.</summary>
public sealed record TagInput
{
    /// <summary>1 to 100 characters; unique, whatever its case.</summary>
    [Needed, Longest(Tag.LongestName)]
    public string? Name { get; init; }
}

/// <summary>The words that books are sorted by.</summary>
public static class TagEndpoints
{
    internal static void MapTagging(this RouteGroupBuilder api)
    {
        api.MapGet("/books/{id:long}/tags", ListOfBook).Refuses(404);
        api.MapGet("/tags", List);
        api.MapPost("/tags", Add).Refuses(409, 422);
        api.MapGet("/tags/{id:long}", Read).Refuses(404);
        api.MapPut("/tags/{id:long}", Rename).ForAdmins().Refuses(404, 409);
        api.MapDelete("/tags/{id:long}", Delete).ForAdmins().Refuses(404);
    }

    /// <summary>Lists a book's tags, in their order.</summary>
    public static async Task<Results<Ok<Page<Tag>>, Refused>> ListOfBook(
        long id,
        [AsParameters] PageQuery page,
        BookLists books,
        HttpRequest request,
        CancellationToken stop
    )
    {
        if (await books.Find(id, stop) is not { } book)
        {
            return new Refused(404);
        }
        var tags = book.Tags.Skip((int)Math.Min(page.Offset, int.MaxValue)).Take(page.Size).ToList();
        return TypedResults.Ok(Page<Tag>.Of(request, page, book.Tags.Count, tags));
    }

    /// <summary>Lists all tags by name.</summary>
    public static async Task<Ok<Page<Tag>>> List(
        [AsParameters] PageQuery page,
        TagStore tags,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var (count, found) = await tags.List(page.Offset, page.Size, stop);
        return TypedResults.Ok(Page<Tag>.Of(request, page, count, found));
    }

    /// <summary>Makes a tag.</summary>
    public static Task<Results<Made<Tag>, Refused>> Add(
        // Before the input: it hashes the body, which is then read again.
        Once once,
        TagInput input,
        CancellationToken stop
    )
    {
        return once.TryCreate(sql => TagStore.Add(sql, input), tag => $"/api/v1/tags/{tag.TagId}", stop);
    }

    /// <summary>Reads a tag.</summary>
    public static async Task<Results<Ok<Tag>, Refused>> Read(long id, TagStore tags, CancellationToken stop)
    {
        return await tags.Find(id, stop) is { } tag ? TypedResults.Ok(tag) : new Refused(404);
    }

    /// <summary>Renames a tag, on all its books.</summary>
    public static async Task<Results<Ok<Tag>, Refused>> Rename(
        long id,
        TagInput input,
        Precondition ifMatch,
        TagStore tags,
        CancellationToken stop
    )
    {
        var (tag, refused) = await tags.Rename(id, ifMatch, input, stop);
        return tag is null ? refused! : TypedResults.Ok(tag);
    }

    /// <summary>Deletes a tag, from all its books too.</summary>
    public static async Task<Results<NoContent, Refused>> Delete(
        long id,
        Precondition ifMatch,
        TagStore tags,
        CancellationToken stop
    )
    {
        return await tags.Delete(id, ifMatch, stop) is { } refused ? refused : TypedResults.NoContent();
    }
}
