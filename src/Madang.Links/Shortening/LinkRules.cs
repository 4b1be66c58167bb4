using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Links.Blocking;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Shortening;

/// <summary>The rules of an input that need more than the field itself. A refusal names every field that breaks one.</summary>
public sealed class LinkRules(IConfiguration configuration, BlockedHosts blocked)
{
    internal const int DefaultStatus = 308;

    /// <returns>Null when the target will do, else the key of the sentence that says why not.</returns>
    internal string? FaultOf(string? url, HttpContext http) =>
        FaultOf(url, PublicUrl.Of(http))
        ?? (!Domain.HasValue && IsAt(url!, http.Request.Host) ? "links.own_url" : null);

    /// <param name="url">The target.</param>
    /// <param name="ownUrl">What short addresses begin with where they have no host to themselves, or null where nobody knows.</param>
    /// <inheritdoc cref="FaultOf(string?, HttpContext)" />
    internal string? FaultOf(string? url, string? ownUrl)
    {
        if (!Target.IsGood(url))
        {
            return "links.bad_url";
        }
        var own = string.IsNullOrEmpty(ownUrl) ? null : new Uri(ownUrl);
        // Where short links have a host to themselves none answers at the yard's.
        var isOwn = Domain.HasValue ? IsAt(url!, Domain) : own is not null && Target.IsAt(url!, own.Host, own.Port);
        return isOwn ? "links.own_url"
            : blocked.Has(url!) ? "links.blocked"
            : null;
    }

    private HostString Domain => new(configuration["Links:Domain"] ?? "");

    private static bool IsAt(string url, HostString host) => host.HasValue && Target.IsAt(url, host.Host, host.Port);

    internal Refused? Check(LinkInput input, HttpContext http)
    {
        var errors = new Errors();
        errors.Add("url", FaultOf(input.Url, http));
        errors.Add("slug", input.Slug is null || Slug.IsWellFormed(input.Slug) ? null : "links.bad_slug");
        errors.Add("tags", FaultOf(input.Tags));
        errors.Add("password", FaultOfPassword(input.Password));
        errors.Add("fallback_url", input.FallbackUrl is null ? null : FaultOf(input.FallbackUrl, http));
        errors.Add("redirect_status", FaultOf(input.RedirectStatus));
        errors.Add(
            "expires_at",
            LinkStore.Utc(input.ExpiresAt) <= LinkStore.Utc(input.StartsAt) ? "links.bad_end" : null
        );
        return errors.Refused;
    }

    internal Refused? Check(LinkChangeInput input, HttpContext http)
    {
        var errors = new Errors();
        errors.Add("url", input.Url.IsGiven ? FaultOf(input.Url.Value, http) : null);
        errors.Add("tags", FaultOf(input.Tags.Value));
        errors.Add("password", FaultOfPassword(input.Password.Value));
        errors.Add("fallback_url", input.FallbackUrl.Value is null ? null : FaultOf(input.FallbackUrl.Value, http));
        errors.Add("redirect_status", FaultOf(input.RedirectStatus.Value));
        return errors.Refused;
    }

    /// <summary>The times of the link as the change leaves it.</summary>
    internal static Refused? CheckTimes(Link link)
    {
        var errors = new Errors();
        errors.Add("expires_at", link.ExpiresAt <= link.StartsAt ? "links.bad_end" : null);
        return errors.Refused;
    }

    /// <returns>The tags in NFC without white space around them, each once in any case.</returns>
    internal static string[] Tidy(IReadOnlyList<string>? tags) =>
        [.. (tags ?? []).Select(tag => Fold.Clean(tag).Trim()).DistinctBy(Fold.Key)];

    internal static string? FaultOf(IReadOnlyList<string>? tags) =>
        tags is null
        || (
            tags.Count <= Link.MostTags
            && tags.All(tag => !string.IsNullOrWhiteSpace(tag) && tag.EnumerateRunes().Count() <= Link.LongestTag)
        )
            ? null
            : "links.bad_tag";

    private static string? FaultOfPassword(string? password) =>
        password is null || password.EnumerateRunes().Count() is >= LinkPasswords.Shortest and <= LinkPasswords.Longest
            ? null
            : "links.bad_password";

    internal static string? FaultOf(int? status) =>
        status is null or 301 or 302 or 307 or 308 ? null : "links.bad_status";

    private sealed class Errors
    {
        private readonly Dictionary<string, string[]> found = [];

        internal Refused? Refused =>
            found.Count == 0 ? null : new Refused(StatusCodes.Status400BadRequest) { Errors = found };

        internal void Add(string field, string? word)
        {
            if (word is not null)
            {
                found[field] = [LinksWords.Say[word]];
            }
        }
    }
}
