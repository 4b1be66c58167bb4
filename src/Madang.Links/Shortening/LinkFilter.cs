namespace Madang.Links.Shortening;

/// <summary>Which links, and in which order.</summary>
/// <param name="Query">Only those whose slug, title, address or notes contain this, any case; null for all.</param>
/// <param name="Tag">Only those with this tag, any case; null for all.</param>
/// <param name="IsArchived">Those that are put away instead of those in use.</param>
/// <param name="Scope"><c>mine</c>, <c>team</c>, or null for one's own and the team's together.</param>
/// <param name="Order">What comes first.</param>
public sealed record LinkFilter(
    string? Query = null,
    string? Tag = null,
    bool IsArchived = false,
    string? Scope = null,
    LinkOrder Order = LinkOrder.Newest
);

/// <summary>What comes first.</summary>
public enum LinkOrder
{
    /// <summary>The one made last.</summary>
    Newest,

    /// <summary>The one made first.</summary>
    Oldest,

    /// <summary>The one most visited; only for links in use, whose order an index keeps.</summary>
    Visits,
}
