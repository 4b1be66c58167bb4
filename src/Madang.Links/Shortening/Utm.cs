using System.Globalization;

namespace Madang.Links.Shortening;

/// <summary>The campaign parameters that analytics read in a target's query.</summary>
internal static class Utm
{
    /// <returns>The URL with these parameters in its query, each in the place of those of the same name; all else stays byte for byte.</returns>
    /// <param name="url">An absolute URL.</param>
    /// <param name="values">Names with their values; what is null or empty leaves the URL as it is.</param>
    internal static string Write(string url, params (string Name, string? Value)[] values)
    {
        var given = values.Where(one => !string.IsNullOrWhiteSpace(one.Value)).ToList();
        if (given.Count == 0)
        {
            return url;
        }
        var hash = url.IndexOf('#', StringComparison.Ordinal);
        var (whole, fragment) = hash < 0 ? (url, "") : (url[..hash], url[hash..]);
        var mark = whole.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (whole, "") : (whole[..mark], whole[(mark + 1)..]);
        var parts = (query.Length == 0 ? [] : query.Split('&'))
            .Where(part => !given.Exists(one => one.Name == NameOf(part)))
            .Concat(given.Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!.Trim())}"));
        return string.Create(CultureInfo.InvariantCulture, $"{path}?{string.Join('&', parts)}{fragment}");
    }

    private static string NameOf(string part) => Uri.UnescapeDataString(part.Split('=')[0]);
}
