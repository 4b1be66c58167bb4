using System.Text.Json;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Shortening;

/// <summary>A link as the database has it.</summary>
public sealed record LinkRow
{
    internal const string Columns =
        "id, slug, owner_id, url, title, notes, tags, visibility, starts_at, expires_at, max_visits, password_hash, redirect_status, forward_query, fallback_url, archived_at, created_at, visits, has_fetched_title";

    /// <summary>The id.</summary>
    public required long Id { get; init; }

    /// <summary>What stands behind the host.</summary>
    public required string Slug { get; init; }

    /// <summary>Who made it; null when nobody was signed in, or he is gone.</summary>
    public long? OwnerId { get; init; }

    /// <summary>Where it leads.</summary>
    public required string Url { get; init; }

    /// <summary>A name for people, or null.</summary>
    public string? Title { get; init; }

    /// <summary>A text about it, or null.</summary>
    public string? Notes { get; init; }

    /// <summary>Its tags, as JSON.</summary>
    public required string Tags { get; init; }

    /// <summary><c>private</c> or <c>team</c>.</summary>
    public required string Visibility { get; init; }

    /// <summary>From when on it is followed, or null.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>From when on it is not followed any more, or null.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often it may be followed in all, or null.</summary>
    public long? MaxVisits { get; init; }

    /// <summary>What is kept of its password, or null.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>301, 302, 307 or 308.</summary>
    public required int RedirectStatus { get; init; }

    /// <summary>Whether the query of a visit is added to the target's.</summary>
    public required bool ForwardQuery { get; init; }

    /// <summary>Where it leads once it has ended, or null.</summary>
    public string? FallbackUrl { get; init; }

    /// <summary>Since when it is put away, or null.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>As many as are written; those of the last second are not among them, but for a limited link.</summary>
    public required long Visits { get; init; }

    /// <summary>Whether the title is the name of the page that it leads to: nobody gave it.</summary>
    public bool HasFetchedTitle { get; init; }

    /// <param name="baseUrl">What short addresses begin with, without a slash at the end.</param>
    internal Link For(string baseUrl) =>
        new()
        {
            Slug = Slug,
            ShortUrl = $"{baseUrl}/{Slug}",
            Url = Url,
            Title = Title,
            Tags = TagsOf(Tags),
            Notes = Notes,
            Visibility = Visibility,
            StartsAt = StartsAt,
            ExpiresAt = ExpiresAt,
            MaxVisits = MaxVisits,
            HasPassword = PasswordHash is not null,
            RedirectStatus = RedirectStatus,
            ForwardQuery = ForwardQuery,
            FallbackUrl = FallbackUrl,
            ArchivedAt = ArchivedAt,
            CreatedAt = CreatedAt,
            OwnerId = OwnerId,
        };

    /// <returns>What a form that changes the link is about: a title that was fetched may come or go while it is open.</returns>
    /// <inheritdoc cref="For" />
    internal Link AsInForms(string baseUrl) => (HasFetchedTitle ? this with { Title = null } : this).For(baseUrl);

    internal static string[] TagsOf(string json) =>
        json == "[]" ? [] : JsonSerializer.Deserialize(json, LinksJson.Default.StringArray)!;

    internal static string TagsText(string[] tags) => JsonSerializer.Serialize(tags, LinksJson.Default.StringArray);
}

/// <summary>What short addresses begin with: their own domain where there is one.</summary>
internal static class ShortUrl
{
    internal static string BaseOf(HttpContext http, string? domain) =>
        string.IsNullOrEmpty(domain) ? PublicUrl.Of(http) : $"{http.Request.Scheme}://{domain}";
}
