using System.Text.RegularExpressions;
using Madang.Foundation.Files;

namespace Madang.Memos.Pictures;

/// <summary>A picture that somebody brought, to be shown in his memos.</summary>
public sealed record Picture
{
    /// <summary>Unguessable, with the picture's size at its end: <c>k3…q7-1200x800</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is, to be written into a memo as <c>![what it shows](/memos/pictures/…)</c>.</summary>
    public string Url => PictureAddress.Of(Id);

    /// <summary><c>image/png</c>, <c>image/jpeg</c>, <c>image/webp</c> or <c>image/gif</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>Pixels across, as it is shown.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels down, as it is shown.</summary>
    public required int Height { get; init; }

    /// <summary>Bytes of the file as it is kept.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it was brought.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    internal string Extension => MediaType == "image/jpeg" ? "jpg" : MediaType["image/".Length..];
}

/// <summary>
/// The address of a picture in memos. Its size stands in it, so that a page can leave room for a picture without asking the database.
/// </summary>
internal static partial class PictureAddress
{
    internal const string Start = "/memos/pictures/";

    internal static string Of(string id) => Start + id;

    /// <summary>The name of a picture's file: the part of its id that nobody can guess.</summary>
    internal static string NameOf(string id) => id[..id.IndexOf('-', StringComparison.Ordinal)];

    extension(ArrivedPicture arrived)
    {
        internal string Id => $"{arrived.Name}-{arrived.Facts.Width}x{arrived.Facts.Height}";
    }

    /// <returns>The ids of all pictures that a text names, each once.</returns>
    internal static string[] In(string text) =>
        text.Contains(Start, StringComparison.Ordinal)
            ? [.. Named().Matches(text).Select(match => match.Groups[1].Value).Distinct()]
            : [];

    /// <returns>The text with the ids of its pictures changed to those that <paramref name="ids"/> has for them.</returns>
    internal static string Change(string text, IReadOnlyDictionary<string, string> ids) =>
        ids.Count == 0
            ? text
            : Named().Replace(text, match => ids.TryGetValue(match.Groups[1].Value, out var id) ? Of(id) : match.Value);

    /// <returns>Width and height, when this is the address of a picture of ours and nothing else.</returns>
    internal static (string Width, string Height)? SizeOf(string address) =>
        Whole().Match(address) is { Success: true } match ? (match.Groups[1].Value, match.Groups[2].Value) : null;

    [GeneratedRegex("/memos/pictures/([a-z2-7]{26}-[0-9]{1,8}x[0-9]{1,8})(?![0-9])")]
    private static partial Regex Named();

    [GeneratedRegex(@"\A/memos/pictures/[a-z2-7]{26}-([0-9]{1,8})x([0-9]{1,8})\z")]
    private static partial Regex Whole();
}

/// <summary>How much of them there may be.</summary>
public sealed class PictureSettings
{
    /// <summary>Bytes of all pictures of one member: 1 GiB.</summary>
    public long PictureQuota { get; init; } = 1024L * 1024 * 1024;
}
