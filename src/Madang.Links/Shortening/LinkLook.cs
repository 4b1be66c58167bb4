namespace Madang.Links.Shortening;

/// <summary>How links look on pages.</summary>
internal static class LinkLook
{
    private const int Longest = 90;

    /// <returns>An address without its scheme, cut where it is long.</returns>
    internal static string Shortened(string url)
    {
        var text = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/');
        if (text.Length <= Longest)
        {
            return text;
        }
        var end = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return text[..end] + "…";
    }

    /// <returns>The key of the word for a link that is not followed now, or null.</returns>
    internal static string? State(LinkRow link, DateTimeOffset now) =>
        link.ArchivedAt is not null ? "links.state_archived"
        : now < link.StartsAt ? "links.state_waiting"
        : now >= link.ExpiresAt ? "links.state_expired"
        : link.Visits >= link.MaxVisits ? "links.state_used_up"
        : null;
}
