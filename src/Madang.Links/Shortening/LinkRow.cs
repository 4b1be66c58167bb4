using System.Text.Json;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Shortening;

/// <summary>A link as the database has it.</summary>
internal sealed record LinkRow
{
    internal const string Columns =
        "id, slug, owner_id, url, title, notes, tags, visibility, starts_at, expires_at, max_visits, password_hash, redirect_status, forward_query, archived_at, created_at";

    public required long Id { get; init; }
    public required string Slug { get; init; }
    public long? OwnerId { get; init; }
    public required string Url { get; init; }
    public string? Title { get; init; }
    public string? Notes { get; init; }
    public required string Tags { get; init; }
    public required string Visibility { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public long? MaxVisits { get; init; }
    public string? PasswordHash { get; init; }
    public required int RedirectStatus { get; init; }
    public required bool ForwardQuery { get; init; }
    public DateTimeOffset? ArchivedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

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
            ArchivedAt = ArchivedAt,
            CreatedAt = CreatedAt,
            OwnerId = OwnerId,
        };

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
