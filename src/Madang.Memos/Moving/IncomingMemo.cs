using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Data;

namespace Madang.Memos.Moving;

/// <summary>A memo that is to be imported; nothing is wrong with it.</summary>
/// <param name="Origin">What it is known by in the place that it comes from, hashed: the same each time it is imported.</param>
/// <param name="OwnId">Its id, when it comes from an export of a yard, perhaps of this one.</param>
/// <param name="Text">Markdown, in NFC, lines ended by LF.</param>
/// <param name="Visibility"><c>private</c> or <c>team</c>.</param>
/// <param name="PinnedAt">Since when it is pinned, or null.</param>
/// <param name="ArchivedAt">Since when it is put away, or null.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="UpdatedAt">When it last changed; not before it was written.</param>
internal sealed record IncomingMemo(
    string Origin,
    long? OwnId,
    string Text,
    string Visibility,
    DateTimeOffset? PinnedAt,
    DateTimeOffset? ArchivedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    /// <summary>Those that stand in its text and that the file could hold, or that belong to it there.</summary>
    internal IReadOnlyList<IncomingPicture> Pictures { get; init; } = [];

    internal static bool IsTooLong(string text) =>
        text.Length > Memo.LongestText && text.EnumerateRunes().Count() > Memo.LongestText;
}

/// <summary>A picture that a memo of a file shows.</summary>
/// <param name="Id">Its id in the place that it comes from, as it may stand in the text.</param>
/// <param name="Place">Its name in the file.</param>
/// <param name="Open">Opens it as long as the file is open; null when the file has no such picture.</param>
internal sealed record IncomingPicture(string Id, string Place, Func<Stream>? Open)
{
    /// <summary>Of one that doesn't stand in the text what it shows: it is put at the end. Otherwise null.</summary>
    internal string? Title { get; init; }

    /// <summary>Whether its memo may have room for it; one for which it can't isn't looked at.</summary>
    internal bool HasRoom { get; init; } = true;
}

/// <summary>What a file has at one place: a memo, or why that is none.</summary>
internal sealed record IncomingItem(string Place, IncomingMemo? Memo, ImportFault? Fault);

/// <summary>Why something in a file is not imported. The name in snake_case is part of the API.</summary>
internal enum ImportFault
{
    NotAMemo,
    NotText,
    Empty,
    TooLong,
    BadTime,
    InTrash,
    OddName,
    Unreadable,
}

/// <summary>What a file says of a memo, in whatever shape; <see cref="Check"/> makes a memo of it.</summary>
internal sealed record RawMemo
{
    private const int HashBytes = 18;

    internal string? Text { get; init; }
    internal string? Visibility { get; init; }

    /// <summary>RFC 3339, or seconds since 1970.</summary>
    internal string? Created { get; init; }
    internal string? Updated { get; init; }

    /// <summary>A time, or <c>true</c>.</summary>
    internal string? Pinned { get; init; }
    internal string? Archived { get; init; }
    internal bool IsDeleted { get; init; }

    /// <summary>What the other side knows it by, or null; <see cref="OwnId"/> for a yard's.</summary>
    internal string? Name { get; init; }
    internal long? OwnId { get; init; }

    internal IncomingItem Check(string place, DateTimeOffset now)
    {
        if (Text is null)
        {
            return Bad(place, ImportFault.NotAMemo);
        }
        if (Tidy(Text) is not { } text)
        {
            return Bad(place, ImportFault.NotText);
        }
        if (string.IsNullOrWhiteSpace(text))
        {
            return Bad(place, ImportFault.Empty);
        }
        if (IncomingMemo.IsTooLong(text))
        {
            return Bad(place, ImportFault.TooLong);
        }
        if (IsDeleted)
        {
            return Bad(place, ImportFault.InTrash);
        }
        var latest = now.AddDays(1);
        if (Time(Created) is not { } created || created > latest)
        {
            return Bad(place, ImportFault.BadTime);
        }
        var updated = Time(Updated) ?? created;
        updated = updated > latest || updated < created ? created : updated;
        return new(
            place,
            new(
                Origin(text, created),
                OwnId,
                text,
                Visibility is "team" or "PUBLIC" or "PROTECTED" ? Memos.Visibility.Team : Memos.Visibility.Private,
                Since(Pinned, updated),
                Since(Archived, updated),
                created,
                updated
            ),
            null
        );
    }

    internal static IncomingItem Bad(string place, ImportFault fault) => new(place, null, fault);

    private static string? Tidy(string text)
    {
        try
        {
            return text.AsSpan().ContainsAny('\0', '\uFFFE') ? null : Fold.Clean(text).ReplaceLineEndings("\n");
        }
        catch (ArgumentException)
        {
            // It holds half a character.
            return null;
        }
    }

    private string Origin(string text, DateTimeOffset created)
    {
        var known = Name ?? (OwnId is { } id ? $"madang {id}" : $"text {text}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Instant(created)}\n{known}"));
        return $"import:{Base64Url.EncodeToString(hash.AsSpan(0, HashBytes))}";
    }

    private static string Instant(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Since(string? since, DateTimeOffset otherwise) =>
        since is null or "" or "false" or "0" ? null : Time(since) ?? otherwise;

    private static DateTimeOffset? Time(string? text)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds is > 1 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        return
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time)
            && time >= DateTimeOffset.UnixEpoch
            ? new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero)
            : null;
    }
}
