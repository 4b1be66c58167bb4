using System.Text;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Shelving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Madang.Library.Covers;

/// <summary>Bringing covers, and showing them.</summary>
public static class CoverEndpoints
{
    /// <summary>Long enough for a bucket to come back, short enough for a person.</summary>
    private const string RetryAfterSeconds = "5";

    internal static void AddCovers(this IServiceCollection services)
    {
        services.AddSingleton<CoverStore>().AddSingleton<CoverHousework>();
        services.AddSingleton<IHousework>(all => all.GetRequiredService<CoverHousework>());
    }

    internal static void MapCovers(this RouteGroupBuilder api)
    {
        const string path = "/books/{id:long}/cover";
        api.MapGet(path, Show)
            .Produces(
                StatusCodes.Status200OK,
                contentType: "image/svg+xml",
                additionalContentTypes: ["image/jpeg", "image/png", "image/webp"]
            )
            .Refuses(404);
        api.MapPut(path, Keep)
            .Accepts<IFormFile>("image/jpeg", "image/png", "image/webp", "*/*")
            .WithMetadata(new RequestSizeLimitAttribute(CoverStore.MostBytes))
            .Refuses(403, 404);
        api.MapDelete(path, Remove).Refuses(403, 404);
    }

    /// <summary>Reads a book's cover: the one that somebody brought, else one that is drawn from its title and author.</summary>
    public static async Task<
        Results<FileStreamHttpResult, FileContentHttpResult, EmptyHttpResult, NotModified, Refused>
    > Show(long id, BookLists books, CoverStore covers, HttpContext http, CancellationToken stop)
    {
        if (await books.Find(id, stop) is not { } book)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        var brought = await covers.Find(id, stop);
        var version = CoverStore.Version(book, brought);
        var etag = new EntityTagHeaderValue($"\"{version}\"");
        var (request, response) = (http.Request, http.Response);
        // Even opened by itself it is a picture and nothing else: it runs nothing, and loads nothing.
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        if (request.Query["v"] == version)
        {
            // What is at the address of this version never changes.
            response.Headers.CacheControl = "private, max-age=31536000, immutable";
        }
        // Where nobody reads the picture, no file is opened: in a bucket that would fetch it.
        if (NotModified.Knows(request, etag.ToString()))
        {
            return new NotModified(etag.ToString());
        }
        if (brought is null)
        {
            return TypedResults.Bytes(Drawn(book), "image/svg+xml", entityTag: etag);
        }
        if (HeadRequests.IsHead(http))
        {
            response.Headers.ETag = etag.ToString();
            (response.ContentType, response.ContentLength) = (brought.MediaType, brought.Bytes);
            return TypedResults.Empty;
        }
        if (await covers.Open(brought, stop) is not { } file)
        {
            // Until it is there again; nothing of this may be kept.
            response.Headers.CacheControl = "no-store";
            return TypedResults.Bytes(Drawn(book), "image/svg+xml");
        }
        if (request.Headers.IfMatch.Count == 0)
        {
            // The result below looks at that, and answers 412 without a body.
            response.ContentLength = file.Bytes;
        }
        return TypedResults.Stream(file.Body, brought.MediaType, entityTag: etag);
    }

    private static byte[] Drawn(Book book) => Encoding.UTF8.GetBytes(GeneratedCover.Draw(book.Title, book.Author));

    /// <summary>Brings a book's cover: the body is the picture itself, JPEG, PNG or WebP by its content, at most 5 MiB and 50 megapixels.</summary>
    public static async Task<Results<NoContent, Refused>> Keep(
        long id,
        Precondition ifMatch,
        BookLists books,
        CoverStore covers,
        IOptions<LibrarySettings> settings,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var refused =
            !settings.Value.IsEditor(me) ? new Refused(StatusCodes.Status403Forbidden)
            : await books.Find(id, stop) is null ? new Refused(StatusCodes.Status404NotFound)
            : !IsPicture(request)
                ? new Refused(StatusCodes.Status415UnsupportedMediaType, "library.cover.unknown", LibraryWords.Say)
            : await covers.Keep(id, request.Body, ifMatch, stop);
        if (refused?.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
        return refused is null ? TypedResults.NoContent() : refused;
    }

    /// <summary>Takes a book's cover away: the one that is drawn is shown again.</summary>
    public static async Task<Results<NoContent, Refused>> Remove(
        long id,
        Precondition ifMatch,
        CoverStore covers,
        IOptions<LibrarySettings> settings,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var refused = settings.Value.IsEditor(me)
            ? await covers.Remove(id, ifMatch, stop)
            : new Refused(StatusCodes.Status403Forbidden);
        return refused is null ? TypedResults.NoContent() : refused;
    }

    private static bool IsPicture(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (
            type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
        );
}
