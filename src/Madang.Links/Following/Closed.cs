using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Following;

/// <summary>The answers of a short address that leads nowhere, now or any more.</summary>
internal static class Closed
{
    internal static IResult Unknown(HttpContext http) =>
        Failure(http, StatusCodes.Status404NotFound, "links.not_found", "links.not_found.detail");

    /// <summary>A link that is not open: one that has ended leads to its fallback, where it has one.</summary>
    internal static IResult Ended(HttpContext http, OpenLink link, DateTimeOffset now) =>
        link.HasBegun(now) ? UsedUp(http, link) : Gone(http);

    /// <inheritdoc cref="Ended" />
    internal static IResult UsedUp(HttpContext http, OpenLink link)
    {
        if (link.Fallback is not { } fallback)
        {
            return Gone(http);
        }
        Redirect.AnswerFallback(http, fallback);
        return Results.Empty;
    }

    internal static IResult Gone(HttpContext http) =>
        Failure(http, StatusCodes.Status410Gone, "links.ended", "links.ended.detail");

    /// <summary>No search engine lists what is answered, and no cache keeps it.</summary>
    internal static void Mark(HttpContext http)
    {
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        http.Response.Headers.CacheControl = "no-store";
    }

    private static IResult Failure(HttpContext http, int status, string word, string detail)
    {
        Mark(http);
        return Pages.AreWanted(http)
            ? Pages.Show<ClosedPage>(
                new
                {
                    Status = status,
                    Word = word,
                    Detail = detail,
                },
                status
            )
            : new Refused(status, word, LinksWords.Say);
    }
}
