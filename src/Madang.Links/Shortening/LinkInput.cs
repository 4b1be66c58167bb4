using Madang.Foundation.Http;
using Madang.Links.Guarding;

namespace Madang.Links.Shortening;

/// <summary>An address to be shortened.</summary>
public sealed record UrlInput
{
    /// <summary>An absolute http or https URL, at most 4,096 characters.</summary>
    public string? Url { get; init; }
}

/// <summary>What <c>POST /</c> answers.</summary>
/// <param name="OriginalUrl">Where it leads.</param>
/// <param name="ShortSlug">The slug.</param>
/// <param name="ShortUrl">The whole short address.</param>
public sealed record ShortenedUrl(string OriginalUrl, string ShortSlug, string ShortUrl);

/// <summary>A link to be made.</summary>
public sealed record LinkInput
{
    /// <summary>Where it leads: an absolute http or https URL.</summary>
    [Needed, Longest(Target.Longest)]
    public string? Url { get; init; }

    /// <summary>1 to 64 of <c>A-Za-z0-9_-</c>; a random one when left out.</summary>
    public string? Slug { get; init; }

    /// <summary>A name for people.</summary>
    [Longest(300)]
    public string? Title { get; init; }

    /// <summary>At most 50 tags of 1 to 100 characters.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A text about it.</summary>
    [Longest(10_000)]
    public string? Notes { get; init; }

    /// <summary><c>private</c> (when left out) or <c>team</c>.</summary>
    [OneOf(Links.Visibility.Private, Links.Visibility.Team)]
    public string? Visibility { get; init; }

    /// <summary>From when on it is followed.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>From when on it is not followed any more.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often it may be followed in all.</summary>
    [Between(1, long.MaxValue)]
    public long? MaxVisits { get; init; }

    /// <summary>4 to 256 characters that a visitor is asked for.</summary>
    [Longest(LinkPasswords.Longest)]
    public string? Password { get; init; }

    /// <summary>What is kept of the password.</summary>
    internal string? PasswordHash { get; init; }

    /// <summary>301, 302, 307 or 308 (when left out).</summary>
    [Between(301, 308)]
    public int? RedirectStatus { get; init; }

    /// <summary>Whether the query of a visit is added to the target's.</summary>
    public bool? ForwardQuery { get; init; }

    /// <summary>Where it leads once it has ended: an absolute http or https URL.</summary>
    [Longest(Target.Longest)]
    public string? FallbackUrl { get; init; }

    /// <summary>Whether it does nothing but lead there, whatever it is called, as <see cref="LinkStore.OnlyLeads"/>.</summary>
    internal bool OnlyLeads =>
        (StartsAt, ExpiresAt, MaxVisits, Password, FallbackUrl) is (null, null, null, null, null)
        && Visibility is null or Links.Visibility.Private
        && RedirectStatus is null or LinkRules.DefaultStatus
        && ForwardQuery != true;

    /// <summary>Whether nothing but the address is asked for: then the same address again answers the same link.</summary>
    internal bool IsPlain =>
        (Slug, Title, Tags, Notes, Visibility) is (null, null, null, null, null)
        && (StartsAt, ExpiresAt, MaxVisits, RedirectStatus, ForwardQuery) is (null, null, null, null, null)
        && (Password, FallbackUrl) is (null, null);
}

/// <summary>A change of a link. What is left out stays as it is, and null clears it.</summary>
public sealed record LinkChangeInput
{
    /// <summary>Where it leads: an absolute http or https URL.</summary>
    [Needed, Longest(Target.Longest)]
    public Given<string> Url { get; init; }

    /// <summary>A name for people.</summary>
    [Longest(300)]
    public Given<string?> Title { get; init; }

    /// <summary>At most 50 tags of 1 to 100 characters.</summary>
    public Given<string[]?> Tags { get; init; }

    /// <summary>A text about it.</summary>
    [Longest(10_000)]
    public Given<string?> Notes { get; init; }

    /// <summary><c>private</c> or <c>team</c>; null makes it private.</summary>
    [OneOf(Links.Visibility.Private, Links.Visibility.Team)]
    public Given<string?> Visibility { get; init; }

    /// <summary>From when on it is followed.</summary>
    public Given<DateTimeOffset?> StartsAt { get; init; }

    /// <summary>From when on it is not followed any more.</summary>
    public Given<DateTimeOffset?> ExpiresAt { get; init; }

    /// <summary>How often it may be followed in all.</summary>
    [Between(1, long.MaxValue)]
    public Given<long?> MaxVisits { get; init; }

    /// <summary>4 to 256 characters that a visitor is asked for; null asks for none.</summary>
    [Longest(LinkPasswords.Longest)]
    public Given<string?> Password { get; init; }

    /// <summary>What is kept of the password.</summary>
    internal string? PasswordHash { get; init; }

    /// <summary>301, 302, 307 or 308; null makes it 308.</summary>
    [Between(301, 308)]
    public Given<int?> RedirectStatus { get; init; }

    /// <summary>Whether the query of a visit is added to the target's; null means not.</summary>
    public Given<bool?> ForwardQuery { get; init; }

    /// <summary>Where it leads once it has ended: an absolute http or https URL.</summary>
    [Longest(Target.Longest)]
    public Given<string?> FallbackUrl { get; init; }

    /// <summary>Since when it is put away: any time puts it away at once, null takes it back into use.</summary>
    public Given<DateTimeOffset?> ArchivedAt { get; init; }

    /// <summary>
    /// The same without a time: true puts it away now, false or null takes it back. Where <see cref="ArchivedAt"/> is given, that counts.
    /// </summary>
    public Given<bool?> Archived { get; init; }
}
