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

    /// <summary>A longer tag is passed over, in UTF-16 code units.</summary>
    private const int LongestTag = 4096;

    /// <summary>No text takes so long; one that would is left.</summary>
    private const int MostMilliseconds = 1_000;

    private static readonly string[] Raw = ["script", "style", "svg", "textarea", "noscript"];

    /// <param name="page">The bytes of a page, from its first.</param>
    /// <param name="charset">What its header says, or null.</param>
    /// <returns>Its title, tidy, else <c>og:title</c>, else null.</returns>
    internal static string? In(ReadOnlySpan<byte> page, string? charset)
    {
        var text = EncodingOf(page, charset).GetString(page);
        string? other = null;
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; )
        {
            var rest = text.AsSpan(at);
            var (isTitle, isMeta) = (IsTag(rest, "title"), IsTag(rest, "meta"));
            // Each search goes on behind what the last one passed over, or ends the whole: a page is read through once.
            var end = isTitle || isMeta ? text.IndexOf('>', at) : EndOfHidden(text, at);
            if (isTitle && end > 0)
            {
                var close = text.IndexOf("</title", end, StringComparison.OrdinalIgnoreCase);
                if (close > 0 && Tidy(text[(end + 1)..close]) is { } title)
                {
                    return title;
                }
                end = close;
            }
            if (end < 0)
            {
                // What is open to the end of the page holds no title.
                return other;
            }
            if (isMeta && end - at <= LongestTag)
            {
                other ??= OpenGraph(text[at..(end + 1)]);
            }
            at = end + 1 < text.Length ? text.IndexOf('<', end + 1) : -1;
        }
        return other;
    }

    private static bool IsTag(ReadOnlySpan<char> text, string name) =>
        text.Length > name.Length + 1
        && text[1..].StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (char.IsWhiteSpace(text[name.Length + 1]) || text[name.Length + 1] is '/' or '>');

    /// <summary>Passes over comments and what is no markup: there a title may stand that is none.</summary>
    /// <returns>Its last place, or where anything else begins; -1 when it doesn't end.</returns>
    private static int EndOfHidden(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            return text.IndexOf("-->", at, StringComparison.Ordinal);
        }
        foreach (var raw in Raw)
        {
            if (IsTag(rest, raw))
            {
                return text.IndexOf($"</{raw}", at, StringComparison.OrdinalIgnoreCase);
            }
        }
        return at;
    }

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
        WritingMarks.Has(rune) || rune == Rune.ReplacementChar || (rune.Value & 0xFFFE) == 0xFFFE;

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
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            // A name that nobody knows, or of an encoding that is not safe.
            return null;
        }
    }

    [GeneratedRegex(
        """<meta[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""",
        RegexOptions.IgnoreCase,
        MostMilliseconds
    )]
    private static partial Regex Charset();

    [GeneratedRegex(
        """(?<![A-Za-z:-])([A-Za-z:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""",
        RegexOptions.None,
        MostMilliseconds
    )]
    private static partial Regex Attributes();
}
