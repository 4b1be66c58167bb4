using System.Globalization;
using Madang.Links.Blocking;

namespace Madang.Links.Shortening;

/// <summary>How links look on pages.</summary>
internal static class LinkLook
{
    private const int Longest = 90;

    /// <returns>An address without its scheme, cut where it is long.</returns>
    internal static string Shortened(string url)
    {
        return Cut(url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/'));
    }

    /// <returns>A text, cut where it is long.</returns>
    internal static string Cut(string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }
        var end = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return text[..end] + "…";
    }

    /// <returns>How often it was followed, as a sentence says it.</returns>
    internal static string Visits(long count) =>
        LinksWords.Say.Format(
            count == 1 ? "links.one_visit" : "links.visits",
            count.ToString("N0", CultureInfo.CurrentCulture)
        );

    /// <returns>The key of the word for a link that is not followed now, or null.</returns>
    internal static string? State(LinkRow link, BlockedHosts blocked, DateTimeOffset now) =>
        link.ArchivedAt is not null ? "links.state_archived"
        : blocked.Has(link.Url) ? "links.state_blocked"
        : now < link.StartsAt ? "links.state_waiting"
        : now >= link.ExpiresAt ? "links.state_expired"
        : link.Visits >= link.MaxVisits ? "links.state_used_up"
        : null;
}
