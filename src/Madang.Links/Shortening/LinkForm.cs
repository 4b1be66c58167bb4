using System.Globalization;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Shortening;

/// <summary>A link as the pages' form has it: times are the reader's, tags stand behind one another, numbers are texts.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record LinkFormInput
{
    /// <summary>Where it leads; without a scheme, by https.</summary>
    [Needed, Longest(Target.Longest)]
    public string? Url { get; init; }

    /// <summary>A slug of one's own, or none.</summary>
    public string? Slug { get; init; }

    /// <summary>A name for people.</summary>
    [Longest(300)]
    public string? Title { get; init; }

    /// <summary>Tags with commas between them, as <see cref="TypedTags"/> reads them.</summary>
    [Longest(Link.MostTags * 2 * (Link.LongestTag + 2))]
    public string? Tags { get; init; }

    /// <summary>A text about it.</summary>
    [Longest(10_000)]
    public string? Notes { get; init; }

    /// <summary><c>private</c> or <c>team</c>.</summary>
    [OneOf(Links.Visibility.Private, Links.Visibility.Team)]
    public string? Visibility { get; init; }

    /// <summary>From when on it is followed, as clocks at the reader's show it.</summary>
    public string? StartsAt { get; init; }

    /// <summary>From when on it is not followed any more.</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>How often it may be followed in all.</summary>
    public string? MaxVisits { get; init; }

    /// <summary>A new password.</summary>
    [Longest(LinkPasswords.Longest)]
    public string? Password { get; init; }

    /// <summary>Whether it shall have no password any more.</summary>
    public bool? NoPassword { get; init; }

    /// <summary>Where it leads once it has ended.</summary>
    [Longest(Target.Longest)]
    public string? FallbackUrl { get; init; }

    /// <summary>301, 302, 307 or 308.</summary>
    [OneOf("301", "302", "307", "308")]
    public string? RedirectStatus { get; init; }

    /// <summary>Whether the query of a visit is added to the target's.</summary>
    public bool? ForwardQuery { get; init; }

    /// <summary>Where the campaign runs.</summary>
    [Longest(200)]
    public string? UtmSource { get; init; }

    /// <summary>By what it comes.</summary>
    [Longest(200)]
    public string? UtmMedium { get; init; }

    /// <summary>Its name.</summary>
    [Longest(200)]
    public string? UtmCampaign { get; init; }

    /// <summary>The words that were bought.</summary>
    [Longest(200)]
    public string? UtmTerm { get; init; }

    /// <summary>Which of its variants.</summary>
    [Longest(200)]
    public string? UtmContent { get; init; }

    /// <summary>The ETag of the link as it stood when the form was shown.</summary>
    public string? Etag { get; init; }

    /// <summary>The title that stood in the form before anybody typed.</summary>
    public string? TitleShown { get; init; }

    /// <returns>The link to be made. What is as usual is left out, so that an address alone is an address alone.</returns>
    internal (LinkInput Input, Refused? Refused) ToLink(TimeZoneInfo zone)
    {
        var faults = new Dictionary<string, string[]>();
        var link = new LinkInput
        {
            Url = WholeUrl,
            Slug = Slug?.Trim(),
            Title = Title,
            Tags = TypedTags.Read(Tags) is { Length: > 0 } tags ? tags : null,
            Notes = Notes,
            Visibility = Visibility == Links.Visibility.Team ? Visibility : null,
            StartsAt = Time("starts_at", StartsAt, zone, faults),
            ExpiresAt = Time("expires_at", ExpiresAt, zone, faults),
            MaxVisits = Number(faults),
            Password = Password,
            FallbackUrl = WithScheme(FallbackUrl),
            RedirectStatus = Status == LinkRules.DefaultStatus ? null : Status,
            ForwardQuery = ForwardQuery == true ? true : null,
        };
        return (link, RefusedFor(faults));
    }

    /// <param name="before">The link so far: a time that is shown as it was stays to the microsecond.</param>
    /// <param name="zone">Whose times the form has.</param>
    internal (LinkChangeInput Input, Refused? Refused) ToChange(LinkRow before, TimeZoneInfo zone)
    {
        var faults = new Dictionary<string, string[]>();
        var change = new LinkChangeInput
        {
            Url = new(WholeUrl),
            // A title may be fetched while the form is open: who left the field as it was says nothing about it.
            Title = Title == TitleShown ? default : new(Title),
            Tags = new(TypedTags.Read(Tags)),
            Notes = new(Notes),
            Visibility = Visibility is null ? default : new(Visibility),
            StartsAt =
                StartsAt == Shown(before.StartsAt, zone) ? default : new(Time("starts_at", StartsAt, zone, faults)),
            ExpiresAt =
                ExpiresAt == Shown(before.ExpiresAt, zone) ? default : new(Time("expires_at", ExpiresAt, zone, faults)),
            MaxVisits = new(Number(faults)),
            Password =
                NoPassword == true ? new(null)
                : Password is null ? default
                : new(Password),
            FallbackUrl = new(WithScheme(FallbackUrl)),
            RedirectStatus = new(Status),
            ForwardQuery = new(ForwardQuery == true),
        };
        return (change, RefusedFor(faults));
    }

    /// <returns>A time as <c>datetime-local</c> fields have it, or null.</returns>
    internal static string? Shown(DateTimeOffset? time, TimeZoneInfo zone) =>
        time is { } at
            ? TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)
            : null;

    private int? Status => int.TryParse(RedirectStatus, CultureInfo.InvariantCulture, out var status) ? status : null;

    private string WholeUrl =>
        Utm.Write(
            WithScheme(Url)!,
            ("utm_source", UtmSource),
            ("utm_medium", UtmMedium),
            ("utm_campaign", UtmCampaign),
            ("utm_term", UtmTerm),
            ("utm_content", UtmContent)
        );

    /// <summary>People leave the scheme out, and address bars hide it.</summary>
    private static string? WithScheme(string? url)
    {
        var text = url?.Trim();
        return
            text is not null
            && text.Contains('.', StringComparison.Ordinal)
            && !text.Contains("://", StringComparison.Ordinal)
            ? $"https://{text}"
            : text;
    }

    private static DateTimeOffset? Time(
        string field,
        string? text,
        TimeZoneInfo zone,
        Dictionary<string, string[]> faults
    )
    {
        if (text is null)
        {
            return null;
        }
        string[] forms = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];
        if (
            DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && local.Year is > 1970 and < 9000
        )
        {
            return Moments.At(local, zone);
        }
        faults[field] = [LinksWords.Say["links.bad_time"]];
        return null;
    }

    private long? Number(Dictionary<string, string[]> faults)
    {
        if (MaxVisits is null)
        {
            return null;
        }
        if (long.TryParse(MaxVisits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }
        faults["max_visits"] = [LinksWords.Say["links.bad_number"]];
        return null;
    }

    private static Refused? RefusedFor(Dictionary<string, string[]> faults) =>
        faults.Count == 0 ? null : new Refused(StatusCodes.Status400BadRequest) { Errors = faults };
}
