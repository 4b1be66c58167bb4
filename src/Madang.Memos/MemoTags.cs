using System.Globalization;
using System.Text;
using Madang.Foundation.Data;

namespace Madang.Memos;

/// <summary>
/// The tags of a text: <c>#word</c> in any script, nested as <c>#tags/like/this</c>. A # inside a word, an address or code is none,
/// and neither is a mere number (#1 points at something else).
/// </summary>
internal static class MemoTags
{
    internal const int LongestTag = 100;

    /// <summary>Further tags of one memo are only text.</summary>
    internal const int MostTags = 100;

    internal static IReadOnlyList<string> In(string text)
    {
        if (!text.Contains('#', StringComparison.Ordinal))
        {
            return [];
        }
        var tags = new List<string>();
        HashSet<string>? seen = null;
        var isFenced = false;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range);
            var content = line.TrimStart();
            if (
                content.StartsWith("```", StringComparison.Ordinal)
                || content.StartsWith("~~~", StringComparison.Ordinal)
            )
            {
                isFenced = !isFenced;
            }
            else if (!isFenced)
            {
                AddOf(line, tags, ref seen);
            }
        }
        return tags;
    }

    /// <returns>What a tag is found by: itself, and for a nested one each that it is nested in.</returns>
    internal static IEnumerable<string> KeysOf(string tag)
    {
        var key = Fold.Key(tag);
        for (var end = key.IndexOf('/', StringComparison.Ordinal); end > 0; end = key.IndexOf('/', end + 1))
        {
            yield return key[..end];
        }
        yield return key;
    }

    /// <returns>The text without the tags that it ends with, for a list that shows them below; whole when it has nothing else.</returns>
    internal static string WithoutLast(string text, IReadOnlyList<string> tags)
    {
        var rest = text.AsSpan().TrimEnd();
        // Each of the text's own tags once is all that can be taken off.
        for (var left = tags.Count; left > 0; left--)
        {
            var at = rest.LastIndexOf('#');
            if (at < 0 || !IsOneOf(tags, rest[(at + 1)..]) || (at > 0 && !char.IsWhiteSpace(rest[at - 1])))
            {
                break;
            }
            rest = rest[..at].TrimEnd();
        }
        return rest.Length == 0 ? text : rest.ToString();
    }

    private static bool IsOneOf(IReadOnlyList<string> tags, ReadOnlySpan<char> word)
    {
        foreach (var tag in tags)
        {
            if (word.Equals(tag, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static void AddOf(ReadOnlySpan<char> line, List<string> tags, ref HashSet<string>? seen)
    {
        for (var at = 0; at < line.Length && tags.Count < MostTags; at++)
        {
            var next = line[at..].IndexOfAny('`', '#');
            if (next < 0)
            {
                return;
            }
            at += next;
            if (line[at] == '`')
            {
                var end = line[(at + 1)..].IndexOf('`');
                at = end < 0 ? at : at + 1 + end;
            }
            else
            {
                var tag = At(line, at);
                if (tag.Length > 0 && IsNew(tag, tags, ref seen))
                {
                    tags.Add(tag);
                }
                at += tag.Length;
            }
        }
    }

    /// <summary>Most memos have one tag at most, which needs nothing to be compared with.</summary>
    private static bool IsNew(string tag, List<string> tags, ref HashSet<string>? seen)
    {
        if (tags.Count == 0)
        {
            return true;
        }
        seen ??= [Fold.Key(tags[0])];
        return seen.Add(Fold.Key(tag));
    }

    /// <returns>The tag whose # stands here, without it; empty when none does.</returns>
    internal static string At(ReadOnlySpan<char> line, int at) => MayBegin(line, at) ? TagAt(line[(at + 1)..]) : "";

    private static bool MayBegin(ReadOnlySpan<char> line, int at)
    {
        if (at == 0)
        {
            return true;
        }
        var before = line[at - 1];
        return !char.IsLetterOrDigit(before)
            && !char.IsSurrogate(before)
            && before is not ('#' or '/' or '&' or '_' or '=' or '\\');
    }

    private static string TagAt(ReadOnlySpan<char> rest)
    {
        var length = 0;
        var hasLetter = false;
        foreach (var rune in rest.EnumerateRunes())
        {
            var isSlash = rune.Value == '/' && length > 0 && rest[length - 1] != '/';
            if (!isSlash && !MayStandIn(rune))
            {
                break;
            }
            hasLetter |= !isSlash && !Rune.IsDigit(rune);
            length += rune.Utf16SequenceLength;
        }
        var tag = rest[..length].TrimEnd("/-_");
        return hasLetter && tag.Length is > 0 and <= LongestTag ? tag.ToString() : "";
    }

    private static bool MayStandIn(Rune rune) =>
        rune.Value is '-' or '_' or 0x200D
        || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.OtherSymbol;
}
