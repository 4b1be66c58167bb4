using Madang.Foundation.Accounts;
using Madang.Foundation.Files;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Madang.Memos.Pictures;

/// <summary>Bringing pictures, and showing them to whoever may read a memo that they stand in.</summary>
public static class PictureEndpoints
{
    internal static void MapPictures(this IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapPost("/memos/pictures", Keep)
            .Accepts<IFormFile>("image/png", "image/jpeg", "image/webp", "image/gif", "*/*")
            .WithMetadata(new RequestSizeLimitAttribute(PictureFile.MostBytes))
            .Refuses(409, 422);
        routes
            .MapGet(PictureAddress.Start + "{id}", Show)
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .Produces(StatusCodes.Status206PartialContent)
            .Produces(StatusCodes.Status416RangeNotSatisfiable)
            .Refuses(404);
    }

    /// <summary>Keeps a picture: the body is the picture itself, PNG, JPEG, WebP or GIF by its content, at most 10 MiB and 50 megapixels.</summary>
    public static async Task<Results<Made<Picture>, Refused>> Keep(
        Once once,
        PictureStore pictures,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!IsPicture(request))
        {
            return new Refused(StatusCodes.Status415UnsupportedMediaType, "memos.picture_unknown", MemosWords.Say);
        }
        var (arrived, reason) = await pictures.Receive(request.Body, stop);
        if (arrived is null)
        {
            return PictureStore.Refusal(reason!);
        }
        using (arrived)
        {
            var isMine = false;
            var answer = await arrived.Until(
                once.TryCreate<Picture>(
                    sql =>
                    {
                        sql.AfterCommit(() => isMine = true);
                        return pictures.Add(sql, me.Id, arrived);
                    },
                    picture => picture.Url,
                    stop
                )
            );
            // Not so when the answer is that of an earlier request with the same key, whose picture is kept.
            if (isMine)
            {
                arrived.Place();
            }
            return answer;
        }
    }

    /// <summary>Reads a picture: its owner may, and whoever may read a team memo of his that it stands in.</summary>
    public static async Task<Results<FileStreamHttpResult, Refused>> Show(
        string id,
        PictureStore pictures,
        HttpResponse response,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (
            PictureAddress.SizeOf(PictureAddress.Of(id)) is null
            || await pictures.Find(id, me.Id, stop) is not { } picture
            || pictures.Open(picture) is not { } file
        )
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        // Even opened by itself it is a picture and nothing else: it runs nothing, and loads nothing.
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentDisposition = $"inline; filename=\"picture.{picture.Extension}\"";
        return TypedResults.File(
            file,
            picture.MediaType,
            entityTag: new EntityTagHeaderValue($"\"{picture.Id}\""),
            enableRangeProcessing: true
        );
    }

    private static bool IsPicture(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (
            type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
        );
}
