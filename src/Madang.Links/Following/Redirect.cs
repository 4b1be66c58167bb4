using System.Globalization;
using Madang.Links.Counting;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Following;

/// <summary>The answer of a link that is followed.</summary>
internal static class Redirect
{
    /// <summary>Every visit comes here, so that it is counted, and no cache that others share keeps it.</summary>
    private const string Caching = "private, max-age=0";

    internal static void Answer(HttpContext http, OpenLink link)
    {
        var response = http.Response;
        response.StatusCode = link.Status;
        var headers = response.Headers;
        headers.Location = link.ForwardsQuery
            ? WithQuery(link.Location, http.Request.QueryString.Value)
            : link.Location;
        headers.CacheControl = Caching;
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["X-Robots-Tag"] = "noindex";
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }

    /// <summary>
    /// Leads on who has given the right password: by a GET (303), since 307 and 308 would send the password along, and telling the
    /// target nothing of where he comes from.
    /// </summary>
    internal static void AnswerForm(HttpContext http, OpenLink link)
    {
        Answer(http, link);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>Leads to where an ended link leads instead, for this time: it may be opened again.</summary>
    internal static void AnswerFallback(HttpContext http, string location)
    {
        Closed.Mark(http);
        http.Response.StatusCode = HttpMethods.IsPost(http.Request.Method)
            ? StatusCodes.Status303SeeOther
            : StatusCodes.Status302Found;
        http.Response.Headers.Location = location;
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>
    /// Follows what is in memory and needs nothing but to be counted, before the way of other requests begins: no session, no user,
    /// no limit, no log.
    /// </summary>
    /// <returns>Whether the request is answered.</returns>
    internal static bool TryAtOnce(HttpContext http, OpenLinks links, VisitCounter counter, string? domain)
    {
        var request = http.Request;
        if (request.Path.Value is not { Length: > 1 and <= Slug.Longest + 1 } path || path.AsSpan(1).Contains('/'))
        {
            return false;
        }
        var isGet = HttpMethods.IsGet(request.Method);
        if (
            !(isGet || HttpMethods.IsHead(request.Method))
            || (domain is not null && !string.Equals(request.Host.Value, domain, StringComparison.OrdinalIgnoreCase))
            || links.Remembered(path.AsSpan(1)) is not { IsPlain: true } link
        )
        {
            return false;
        }
        Answer(http, link);
        if (isGet)
        {
            counter.Add(link.Id, http, isUsed: false);
        }
        return true;
    }

    /// <summary>Adds the visit's query to the target's, before its fragment (RFC 3986, 3.4 and 3.5).</summary>
    internal static string WithQuery(string location, string? query)
    {
        if (query is null or { Length: <= 1 })
        {
            return location;
        }
        var hash = location.IndexOf('#', StringComparison.Ordinal);
        var (target, fragment) = hash < 0 ? (location, "") : (location[..hash], location[hash..]);
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var joint =
            mark < 0 ? "?"
            : mark == target.Length - 1 ? ""
            : "&";
        return string.Create(CultureInfo.InvariantCulture, $"{target}{joint}{Visible(query[1..])}{fragment}");
    }

    private static string Visible(string query) =>
        query.All(letter => letter is > ' ' and <= '~')
            ? query
            : string.Concat(
                query
                    .EnumerateRunes()
                    .Select(rune =>
                        rune.Value is > ' ' and <= '~' ? rune.ToString() : Uri.EscapeDataString(rune.ToString())
                    )
            );
}
