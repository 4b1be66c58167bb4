using System.Text;
using Madang.Foundation.Http;
using Madang.Library.Shelving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Madang.Library.Covers;

/// <summary>Bringing covers, and showing them.</summary>
public static class CoverEndpoints
{
    internal static void MapCovers(this RouteGroupBuilder api)
    {
        api.MapGet("/books/{id:long}/cover", Show)
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml")
            .Refuses(404);
    }

    /// <summary>Reads a book's cover.</summary>
    public static async Task<Results<FileContentHttpResult, Refused>> Show(
        long id,
        BookLists books,
        HttpResponse response,
        CancellationToken stop
    )
    {
        if (await books.Find(id, stop) is not { } book)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return TypedResults.Bytes(
            Encoding.UTF8.GetBytes(GeneratedCover.Draw(book.Title, book.Author)),
            "image/svg+xml",
            entityTag: new EntityTagHeaderValue($"\"{GeneratedCover.Version(book.Title, book.Author)}\"")
        );
    }
}
