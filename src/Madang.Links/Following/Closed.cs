using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Following;

/// <summary>The answers of a short address that leads nowhere, now or any more.</summary>
internal static class Closed
{
    internal static IResult Unknown(HttpContext http) =>
        Failure(http, StatusCodes.Status404NotFound, "links.not_found", "links.not_found.detail");

    /// <summary>A link that is not open, or has no visits left: one that has ended leads to its fallback, where it has one.</summary>
    internal static IResult Ended(HttpContext http, OpenLink link, DateTimeOffset now)
    {
        if (!link.HasBegun(now) || link.Fallback is not { } fallback)
        {
            return Gone(http, link, now);
        }
        Redirect.AnswerFallback(http, fallback);
        return Results.Empty;
    }

    /// <summary>Says as much as helps who comes: whether to come again later, or never.</summary>
    internal static IResult Gone(HttpContext http, OpenLink link, DateTimeOffset now)
    {
        var (word, detail) =
            link.IsBlocked ? ("links.barred", "links.barred.detail")
            : link.HasBegun(now) ? ("links.ended", "links.ended.detail")
            : ("links.not_begun", "links.not_begun.detail");
        return Failure(http, StatusCodes.Status410Gone, word, detail);
    }

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
