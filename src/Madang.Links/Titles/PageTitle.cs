using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Foundation.Data;

namespace Madang.Links.Titles;

/// <summary>Finds the title in the beginning of a page. It may break off anywhere.</summary>
internal static partial class PageTitle
{
    /// <summary>As long as a title may be, in Unicode scalar values.</summary>
    internal const int Longest = 300;

    /// <summary>Where a page says its own charset it does so early (HTML, 4.2.5.4: within 1,024 bytes; some are late).</summary>
    private const int StartOfPage = 4096;

    /// <param name="page">The bytes of a page, from its first.</param>
    /// <param name="charset">What its header says, or null.</param>
    /// <returns>Its title, tidy, else <c>og:title</c>, else null.</returns>
    internal static string? In(ReadOnlySpan<byte> page, string? charset)
    {
        var text = EncodingOf(page, charset).GetString(page);
        string? other = null;
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = Next(text, at))
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("<title", StringComparison.OrdinalIgnoreCase) && TagEnd(text, at) is > 0 and var end)
            {
                var close = text.IndexOf("</title", end, StringComparison.OrdinalIgnoreCase);
                if (close > 0 && Tidy(text[end..close]) is { } title)
                {
                    return title;
                }
            }
            else if (
                other is null
                && rest.StartsWith("<meta", StringComparison.OrdinalIgnoreCase)
                && TagEnd(text, at) is > 0 and var metaEnd
            )
            {
                other = OpenGraph(text[at..metaEnd]);
            }
        }
        return other;
    }

    /// <summary>Passes over comments and what is no markup: there a title may stand that is none.</summary>
    private static int Next(string text, int at)
    {
        var rest = text.AsSpan(at);
        var end = rest.StartsWith("<!--", StringComparison.Ordinal)
            ? text.IndexOf("-->", at, StringComparison.Ordinal)
            : at + 1;
        foreach (var raw in new[] { "script", "style", "svg", "textarea", "noscript" })
        {
            if (rest[1..].StartsWith(raw, StringComparison.OrdinalIgnoreCase))
            {
                end = text.IndexOf($"</{raw}", at, StringComparison.OrdinalIgnoreCase);
            }
        }
        return end < 0 || end + 1 >= text.Length ? -1 : text.IndexOf('<', end);
    }

    /// <returns>Behind the tag that begins here; 0 when it doesn't end.</returns>
    private static int TagEnd(string text, int at) => text.IndexOf('>', at) + 1;

    private static string? OpenGraph(string meta)
    {
        string? name = null,
            content = null;
        foreach (Match one in Attributes().Matches(meta))
        {
            var value = one.Groups[2].Value.Trim('"', '\'');
            switch (one.Groups[1].Value.ToUpperInvariant())
            {
                case "PROPERTY" or "NAME":
                    name = value;
                    break;
                case "CONTENT":
                    content = value;
                    break;
                default:
                    break;
            }
        }
        return content is not null && string.Equals(name, "og:title", StringComparison.OrdinalIgnoreCase)
            ? Tidy(content)
            : null;
    }

    private static string? Tidy(string html)
    {
        var text = WebUtility.HtmlDecode(html);
        var clean = new StringBuilder(text.Length);
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if (count == Longest)
            {
                break;
            }
            if (isSpace ? clean.Length > 0 && clean[^1] != ' ' : !IsHidden(rune))
            {
                clean.Append(isSpace ? " " : rune.ToString());
                count++;
            }
        }
        var title = Fold.Clean(clean.ToString()).Trim();
        return title.Length == 0 ? null : title;
    }

    /// <summary>What turns the direction of writing, can't be kept, or stands for what could not be read.</summary>
    private static bool IsHidden(Rune rune) =>
        rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0xFEFF or 0xFFFD
        || (rune.Value & 0xFFFE) == 0xFFFE;

    private static Encoding EncodingOf(ReadOnlySpan<byte> page, string? charset)
    {
        if (page.StartsWith("\uFEFF"u8))
        {
            return Encoding.UTF8;
        }
        var start = Encoding.Latin1.GetString(page[..Math.Min(page.Length, StartOfPage)]);
        return Named(charset) ?? Named(Charset().Match(start).Groups[1].Value) ?? Encoding.UTF8;
    }

    /// <summary>As browsers read the names: <c>euc-kr</c> means the whole of code page 949 (Encoding Standard, 4.2).</summary>
    private static Encoding? Named(string? charset)
    {
        var name = charset?.Trim(' ', '"', '\'').ToLowerInvariant();
        try
        {
            return name switch
            {
                null or "" or "utf-7" or "utf-32" => null,
                "euc-kr" or "cp949" or "ms949" or "uhc" or "windows-949" or "korean" or "ks_c_5601-1987" or "ksc5601" =>
                    CodePagesEncodingProvider.Instance.GetEncoding(949),
                _ => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name),
            };
        }
        catch (ArgumentException)
        {
            // A name that nobody knows.
            return null;
        }
    }

    [GeneratedRegex("""<meta[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();

    [GeneratedRegex("""([A-Za-z:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")]
    private static partial Regex Attributes();
}
