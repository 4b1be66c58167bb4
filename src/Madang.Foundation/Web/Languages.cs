using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Web;

/// <summary>Korean and English, and which of them a request is answered in.</summary>
public static class Languages
{
    /// <summary>Korean.</summary>
    public static CultureInfo Korean { get; } = CultureInfo.GetCultureInfo("ko");

    /// <summary>English.</summary>
    public static CultureInfo English { get; } = CultureInfo.GetCultureInfo("en");

    /// <returns>The culture of a user's setting (<c>ko</c>, <c>en</c>), or null for none.</returns>
    public static CultureInfo? Of(string? setting) =>
        setting switch
        {
            "ko" => Korean,
            "en" => English,
            _ => null,
        };

    /// <summary>
    /// What <c>Accept-Language</c> prefers of the two (RFC 9110, 12.5.4).
    /// </summary>
    /// <returns>Null when it names neither.</returns>
    public static CultureInfo? Preferred(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage;
        return accepted
            .Where(language => (language.Quality ?? 1) > 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Of(language.Value.Value?.Split('-')[0].ToLowerInvariant()))
            .FirstOrDefault(language => language is not null);
    }

    /// <summary>
    /// Answers this request in the user's language, else the browser's; where neither says, in Korean on pages and in English in the
    /// API.
    /// </summary>
    internal static void Apply(HttpContext http)
    {
        var isPage = Failures.WantsPage(http);
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture =
            (isPage ? Of(CurrentUser.Of(http)?.User.Language) : null)
            ?? Preferred(http.Request)
            ?? (isPage ? Korean : English);
    }
}
