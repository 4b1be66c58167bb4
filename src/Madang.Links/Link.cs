[assembly: System.Resources.NeutralResourcesLanguage("en", System.Resources.UltimateResourceFallbackLocation.Satellite)]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.Tests")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("madang")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.HttpBench")]

namespace Madang.Links;

/// <summary>A short link, as those see it who may change it.</summary>
public sealed record Link
{
    /// <summary>At most so many tags are on one link.</summary>
    internal const int MostTags = 50;

    /// <summary>At most so many characters are in one tag.</summary>
    internal const int LongestTag = 100;

    /// <summary>What stands behind the host: 1 to 64 of <c>A-Za-z0-9_-</c>, case-sensitive.</summary>
    public required string Slug { get; init; }

    /// <summary>The whole short address.</summary>
    public required string ShortUrl { get; init; }

    /// <summary>Where it leads, byte for byte as it was given.</summary>
    public required string Url { get; init; }

    /// <summary>A name for people, or null.</summary>
    public string? Title { get; init; }

    /// <summary>Tags, each once, in the order in which they were given.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>A text of its owner's about it, or null.</summary>
    public string? Notes { get; init; }

    /// <summary><c>private</c> (its owner's alone) or <c>team</c> (every member may change it).</summary>
    public required string Visibility { get; init; }

    /// <summary>From when on it is followed, or null.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>From when on it is not followed any more, or null.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often it may be followed in all, bots included, or null.</summary>
    public long? MaxVisits { get; init; }

    /// <summary>Whether it asks for a password.</summary>
    public bool HasPassword { get; init; }

    /// <summary>301, 302, 307 or 308.</summary>
    public required int RedirectStatus { get; init; }

    /// <summary>Whether the query of a visit is added to the target's.</summary>
    public required bool ForwardQuery { get; init; }

    /// <summary>Where it leads once it has ended, or null for a page that says so.</summary>
    public string? FallbackUrl { get; init; }

    /// <summary>Since when it is put away, or null.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it; null when nobody was signed in.</summary>
    public long? OwnerId { get; init; }
}

/// <summary>Who may see and change a link.</summary>
internal static class Visibility
{
    internal const string Private = "private";
    internal const string Team = "team";
}
