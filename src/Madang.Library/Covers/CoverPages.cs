using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Library.Shelving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Covers;

/// <summary>What the page of a book posts about its cover.</summary>
internal static class CoverPages
{
    /// <summary>The largest picture, and the form around it.</summary>
    private const long MostBytes = CoverStore.MostBytes + (64 * 1024);

    internal static void MapCoverPages(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/library/books/{id:long}/cover", Keep)
            .AsForm()
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        routes.MapPost("/library/books/{id:long}/cover/delete", Remove).AsForm();
    }

    private static async Task<IResult> Keep(
        long id,
        BookDesk desk,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!desk.IsEditor(me))
        {
            return Pages.Failure(StatusCodes.Status403Forbidden);
        }
        var refused = new Refused(StatusCodes.Status400BadRequest, "library.cover.needed", LibraryWords.Say);
        if (request.Form.Files.GetFile("cover") is { Length: > 0 } file)
        {
            await using var body = file.OpenReadStream();
            refused = await desk.Covers.Keep(id, body, Precondition.None, stop);
        }
        return await Answer(id, refused, "cover", desk, me, stop);
    }

    private static async Task<IResult> Remove(long id, BookDesk desk, CurrentUser me, CancellationToken stop) =>
        desk.IsEditor(me)
            ? await Answer(id, await desk.Covers.Remove(id, Precondition.None, stop), "no_cover", desk, me, stop)
            : Pages.Failure(StatusCodes.Status403Forbidden);

    private static async Task<IResult> Answer(
        long id,
        Refused? refused,
        string did,
        BookDesk desk,
        CurrentUser me,
        CancellationToken stop
    ) =>
        refused switch
        {
            null => Pages.GoTo($"/library/books/{id}?did={did}"),
            { StatusCode: StatusCodes.Status404NotFound } => Pages.Failure(StatusCodes.Status404NotFound),
            _ => await ShelfPages.BookPage(id, new(), refused, desk, me, stop),
        };
}
