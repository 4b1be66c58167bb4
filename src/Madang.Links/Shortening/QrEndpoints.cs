using System.ComponentModel;
using System.Security.Cryptography;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Net.Http.Headers;

namespace Madang.Links.Shortening;

/// <summary>Which picture of a QR code.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record QrQuery
{
    /// <summary><c>svg</c> (when left out) or <c>png</c>.</summary>
    [Description("svg (when left out) or png.")]
    [FromQuery(Name = "format"), OneOf("svg", "png")]
    public string? Format { get; init; }

    /// <summary>Its width in pixels, 64 to 2048; 512 when left out.</summary>
    [Description(
        "Its width in pixels, 64 to 2048; 512 when left out. A PNG is as wide or a little less: its modules are whole pixels."
    )]
    [FromQuery(Name = "size"), Between(QrCode.Smallest, QrCode.Largest)]
    public int? Size { get; init; }
}

/// <summary>The QR codes of links.</summary>
public static class QrEndpoints
{
    internal static void MapQrCodes(this RouteGroupBuilder api) =>
        api.MapGet("/links/{slug}/qr", Draw)
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml", additionalContentTypes: "image/png")
            .Refuses(404);

    /// <summary>Draws the QR code of a link's short address.</summary>
    public static async Task<Results<FileContentHttpResult, Refused>> Draw(
        string slug,
        [AsParameters] QrQuery query,
        LinkLists links,
        IConfiguration configuration,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!Slug.IsWellFormed(slug) || await links.Find(slug, me.Id, stop) is not { } link)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        var text = $"{ShortUrl.BaseOf(http, configuration["Links:Domain"])}/{link.Slug}";
        var size = query.Size ?? QrCode.Usual;
        var (bytes, type) =
            query.Format == "png" ? (QrCode.Png(text, size), "image/png") : (QrCode.Svg(text, size), "image/svg+xml");
        // A slug means the same for ever: the picture changes with the host alone.
        http.Response.Headers.CacheControl = "private, max-age=86400";
        var etag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\"");
        return TypedResults.File(bytes, type, entityTag: etag);
    }
}
