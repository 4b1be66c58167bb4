using System.Buffers;
using System.Globalization;
using System.Text;

namespace Madang.Links;

/// <summary>
/// Where a link may lead: an absolute http or https URL without a user name, white space, control characters or a backslash, which
/// browsers and servers read differently. It is kept as it was given; only the <c>Location</c> is brought into ASCII.
/// </summary>
internal static class Target
{
    internal const int Longest = 4096;

    /// <summary>Visible ASCII but for what no URI holds (RFC 3986, 2); brackets, which queries often hold, reach every server.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~"
    );

    internal static bool IsGood(string? url)
    {
        if (url is null || url.Length is 0 or > Longest || AuthorityOf(url) is not { } place)
        {
            return false;
        }
        var authority = url.AsSpan(place);
        var bracket = authority.LastIndexOf(']');
        return !authority.ContainsAny('@', '%')
            && (bracket < 0 || bracket == authority.Length - 1 || authority[bracket + 1] == ':')
            && HasGoodLetters(url)
            && Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && uri.UserInfo.Length == 0
            && HostOf(uri) is { } host
            && Uri.CheckHostName(host.Trim('[', ']')) is not (UriHostNameType.Unknown or UriHostNameType.Basic);
    }

    /// <returns>The target as visible ASCII: an international host in Punycode (RFC 3492), the rest of UTF-8 in percent signs (RFC 3986).</returns>
    internal static string Location(string url)
    {
        if (!url.AsSpan().ContainsAnyExcept(Plain))
        {
            return url;
        }
        var (start, length) = AuthorityOf(url)!.Value.GetOffsetAndLength(url.Length);
        var uri = new Uri(url);
        var port = url.AsSpan(start, length);
        var colon = port.LastIndexOf(':');
        var text = new StringBuilder(url.Length + 32);
        text.Append(url, 0, start);
        if (Ascii.IsValid(port))
        {
            text.Append(port);
        }
        else
        {
            text.Append(HostOf(uri)).Append(colon < 0 ? [] : port[colon..]);
        }
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in url.AsSpan(start + length).EnumerateRunes())
        {
            if (rune.IsAscii && Plain.Contains((char)rune.Value))
            {
                text.Append((char)rune.Value);
                continue;
            }
            foreach (var one in bytes[..rune.EncodeToUtf8(bytes)])
            {
                text.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
            }
        }
        return text.ToString();
    }

    /// <returns>
    /// The host as people read it; and where that is not ASCII, as the network does (Punycode): letters that look alike differ there.
    /// </returns>
    internal static string[] HostNames(string url)
    {
        var ascii = HostOf(new Uri(url))!;
        var read = Readable(ascii);
        return read == ascii ? [ascii] : [read, ascii];
    }

    /// <returns>A host as people read it: an international one in its own letters (RFC 5891).</returns>
    internal static string Readable(string host)
    {
        try
        {
            return new IdnMapping().GetUnicode(host);
        }
        catch (ArgumentException)
        {
            // An IPv6 address, or Punycode that stands for nothing.
            return host;
        }
    }

    /// <returns>Whether the target is at this host: there a short link would lead to another, and at worst in a circle.</returns>
    internal static bool IsAt(string url, string host, int? port)
    {
        var uri = new Uri(url);
        return string.Equals(HostOf(uri)?.TrimEnd('.'), InAscii(host), StringComparison.OrdinalIgnoreCase)
            && (uri.Port == port || (uri.IsDefaultPort && port is null or 80 or 443));
    }

    /// <returns>The host of a good target: ASCII, lower case, without a dot at its end.</returns>
    internal static string HostIn(string url) => HostOf(new Uri(url))!.TrimEnd('.').ToLowerInvariant();

    private static string InAscii(string host)
    {
        try
        {
            return new IdnMapping().GetAscii(host.TrimEnd('.'));
        }
        catch (ArgumentException)
        {
            // An IPv6 address or a name that is none: it is compared as it stands.
            return host;
        }
    }

    private static Range? AuthorityOf(string url)
    {
        var start =
            url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : 0;
        if (start == 0)
        {
            return null;
        }
        var length = url.AsSpan(start).IndexOfAny('/', '?', '#');
        return length == 0 || start == url.Length ? null : start..(length < 0 ? url.Length : start + length);
    }

    private static bool HasGoodLetters(string url)
    {
        for (var at = 0; at < url.Length; at++)
        {
            if (!Rune.TryGetRuneAt(url, at, out var rune) || !IsGood(rune))
            {
                return false;
            }
            at += rune.Utf16SequenceLength - 1;
        }
        return true;
    }

    private static bool IsGood(Rune rune) =>
        rune.Value != '\\'
        && (rune.Value & 0xFFFE) != 0xFFFE
        && !Rune.IsWhiteSpace(rune)
        && !Rune.IsControl(rune)
        && !WritingMarks.Has(rune);

    private static string? HostOf(Uri uri)
    {
        try
        {
            var host = uri.IdnHost;
            return host.Length > 0 && Ascii.IsValid(host)
                ? uri.HostNameType == UriHostNameType.IPv6 && !host.StartsWith('[')
                    ? $"[{host}]"
                    : host
                : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
