using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Madang.Foundation.Moving;
using Madang.Links.Shortening;

namespace Madang.Links.Moving;

/// <summary>A line of a file, or why it is none that could become a link.</summary>
/// <param name="Line">Its number, from 1; the line that names the columns counts.</param>
/// <param name="Url">Where it leads, as far as that is known.</param>
/// <param name="Link">The link, or null.</param>
/// <param name="Fault">Why there is none, by the word of its sentence.</param>
internal sealed record IncomingItem(int Line, string Url, IncomingLink? Link, string? Fault);

/// <summary>A link that is brought in.</summary>
/// <param name="Line">Where it stands in its file.</param>
/// <param name="Input">What it is.</param>
/// <param name="CreatedAt">When it was made there; null when nobody says.</param>
/// <param name="ArchivedAt">Since when it is put away.</param>
/// <param name="People">Visits that were counted there.</param>
/// <param name="Bots">The same, of bots.</param>
/// <param name="Origin">By this it is known when it comes again.</param>
internal sealed record IncomingLink(
    int Line,
    LinkInput Input,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? ArchivedAt,
    long People,
    long Bots,
    string Origin
);

/// <summary>The fields of one line, by their names without case and signs.</summary>
/// <param name="source">Whose they are.</param>
/// <param name="fields">The fields; lists of tags are joined as <see cref="TagList"/> writes them where <paramref name="areTagsExact"/>.</param>
/// <param name="areTagsExact">Whether tags were joined by <see cref="TagList"/>.</param>
internal sealed class RawLink(LinkSource source, IReadOnlyDictionary<string, string> fields, bool areTagsExact)
{
    /// <summary>More than the visits of any link.</summary>
    private const long MostVisits = 1_000_000_000_000;

    private const int OriginBytes = 16;

    /// <param name="line">Where it stands.</param>
    /// <param name="now">No link was made later than a day after it.</param>
    /// <param name="faultOf">What is wrong with a target, by the word of its sentence.</param>
    internal IncomingItem Check(int line, DateTimeOffset now, Func<string?, string?> faultOf)
    {
        var url = Get(source.Url);
        IncomingItem Bad(string fault) => new(line, Cut(url, Target.Longest) ?? "", null, fault);
        if (faultOf(url) is { } bad)
        {
            return Bad(bad);
        }
        var fallback = Get(source.Fallback);
        if (fallback is not null && faultOf(fallback) is { } badFallback)
        {
            return Bad(badFallback);
        }
        if (!fields.Values.All(IsKeepable))
        {
            return Bad("moving.not_text");
        }
        if (IsTrue(source.Protected))
        {
            return Bad("moving.protected");
        }
        if (IsTrue(source.Banned))
        {
            return Bad("moving.banned");
        }
        var tags = Tags();
        if (LinkRules.FaultOf(tags) is { } badTag)
        {
            return Bad(badTag);
        }
        if (
            !Time(source.Created, out var created, isOfPast: true)
            || created > now.AddDays(1)
            || !Time(source.Starts, out var starts)
            || !Time(source.Expires, out var expires)
        )
        {
            return Bad("moving.bad_time");
        }
        if (expires <= starts)
        {
            return Bad("links.bad_end");
        }
        var limit = Get(source.Limit) is null ? (long?)null : Number(source.Limit, long.MaxValue);
        if (limit is 0)
        {
            // Left out, the link would stand open without end.
            return Bad("moving.bad_limit");
        }
        var title = Get(source.Title);
        var input = new LinkInput
        {
            Url = url,
            Slug = SlugOf(),
            // Where a page had no title, YOURLS puts its address there.
            Title = title == url && !source.IsOwn ? null : Cut(title, Titles.PageTitle.Longest),
            Tags = tags.Length == 0 ? null : tags,
            Notes = Cut(Get(source.Notes), 10_000),
            Visibility = Get(source.Visibility) == Visibility.Team ? Visibility.Team : null,
            StartsAt = starts,
            ExpiresAt = expires,
            MaxVisits = limit,
            RedirectStatus = Number(source.Status) is 301 or 302 or 307 ? (int)Number(source.Status) : null,
            ForwardQuery = IsTrue(source.Forward) ? true : null,
            FallbackUrl = fallback,
        };
        var bots = Number(source.Bots);
        var people = Get(source.All) is null ? Number(source.People) : Math.Max(0, Number(source.All) - bots);
        return new(
            line,
            url!,
            new(line, input, Past(created, now), Archived(now), people, bots, Origin(input, created)),
            null
        );
    }

    /// <summary>A clock that was ahead is no reason for a link from the future.</summary>
    private static DateTimeOffset? Past(DateTimeOffset? created, DateTimeOffset now) => created > now ? now : created;

    private DateTimeOffset? Archived(DateTimeOffset now) =>
        Get(source.Archived) is not { } since || since is "false" or "0" ? null
        : Instant(since, source.IsOwn) is { } at ? at
        : now;

    /// <summary>
    /// What was counted, and how it is called by now, may be another when the file is fetched again: it is the same link. One without a
    /// slug is known by all that it has.
    /// </summary>
    private static string Origin(LinkInput input, DateTimeOffset? created)
    {
        var known = input.Slug is null
            ? JsonSerializer.Serialize(input, LinksJson.Default.LinkInput)
            : $"/{input.Slug}";
        var text = string.Create(CultureInfo.InvariantCulture, $"{created?.UtcTicks}\n{known}\n{input.Url}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return Base64Url.EncodeToString(hash.AsSpan(0, OriginBytes));
    }

    private string? SlugOf()
    {
        if (Get(source.Slug) is { } slug)
        {
            return slug;
        }
        // Bitly has a list of custom ones: the first is the link's.
        if (Get(source.ShortUrl) is not { } all || TagList.Read(all) is not [var url, ..])
        {
            return null;
        }
        // Bitly leaves the scheme out of an id.
        var path = url[(url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0)..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? null
            : path[(slash + 1)..].TrimEnd('/') is { Length: > 0 } found ? found
            : null;
    }

    private string[] Tags()
    {
        var text = Get(source.Tags);
        return text is null ? []
            : areTagsExact ? TagList.Read(text)
            : [.. text.Split(source.TagSigns, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }

    private string? Get(string[] names)
    {
        foreach (var name in names)
        {
            if (fields.GetValueOrDefault(name) is { Length: > 0 } text && !string.IsNullOrWhiteSpace(text))
            {
                return source.IsOwn ? text : text.Trim();
            }
        }
        return null;
    }

    private bool IsTrue(string[] names) => Get(names) is { } text && text.ToUpperInvariant() is not ("FALSE" or "0");

    private long Number(string[] names, long most = MostVisits) =>
        long.TryParse(
            Get(names)?.Replace(",", "", StringComparison.Ordinal),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? Math.Min(number, most)
            : 0;

    /// <returns>False when something stands there that is no time.</returns>
    private bool Time(string[] names, out DateTimeOffset? time, bool isOfPast = false)
    {
        var text = Get(names);
        time = text is null ? null : Instant(text, source.IsOwn && !isOfPast);
        return text is null || time is not null;
    }

    /// <summary>RFC 3339, the date and time of databases (taken as UTC), and Unix seconds.</summary>
    /// <param name="text">What stands there.</param>
    /// <param name="isOwn">
    /// Whether a link here had it: any year. Elsewhere years before 1971 and after 2999 are zeros and other ways to say that there is none.
    /// </param>
    private static DateTimeOffset? Instant(string text, bool isOwn)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds is > 86_400 * 366 and < 32_503_680_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        return
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time)
            && (isOwn || time.Year is > 1970 and < 3000)
            ? LinkStore.Utc(time)
            : null;
    }

    private static string? Cut(string? text, int most)
    {
        if (text is null || text.Length <= most)
        {
            return text;
        }
        var runes = text.EnumerateRunes().Take(most + 1).ToList();
        return runes.Count <= most ? text : string.Concat(runes.Take(most - 1)) + "…";
    }

    /// <summary>What can be kept; and from elsewhere, what could be read there: a replacement character stands for what could not.</summary>
    private bool IsKeepable(string text) =>
        !text.AsSpan().ContainsAny('\0', '\uFFFE')
        && (source.IsOwn || Ascii.IsValid(text) || !text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar));
}
