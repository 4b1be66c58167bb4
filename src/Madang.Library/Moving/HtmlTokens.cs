using System.Text;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>A piece of HTML: a tag, or the text before the next one.</summary>
/// <param name="Name">Of a tag its name in lower case, with a slash before it where it ends something, or <c>!</c>; empty of a text.</param>
/// <param name="Text">Of a text itself, as it is written; of a tag what stands behind its name.</param>
internal readonly record struct HtmlToken(string Name, string Text);

/// <summary>Tags and texts of HTML, one after the other, as browsers would take them apart; comments, scripts and styles are left out.</summary>
/// <param name="reader">The HTML.</param>
internal sealed class HtmlTokens(TextReader reader)
{
    /// <summary>Letters of one piece.</summary>
    private const int Most = 1024 * 1024;

    private readonly StringBuilder piece = new();

    /// <exception cref="BrokenImportException">A piece is too large.</exception>
    internal IEnumerable<HtmlToken> All()
    {
        while (reader.Read() is var sign and >= 0)
        {
            if (sign != '<' || !IsTag(reader.Peek()))
            {
                yield return new("", Text((char)sign));
                continue;
            }
            var tag = Tag();
            var token = TokenOf(tag);
            if (tag.StartsWith("!--", StringComparison.Ordinal) && !tag.EndsWith("--", StringComparison.Ordinal))
            {
                Skip("-->");
            }
            else if (token.Name is "script" or "style")
            {
                Skip($"</{token.Name}");
            }
            else
            {
                yield return token;
            }
        }
    }

    private static bool IsTag(int sign) => sign is '/' or '!' or '?' || (sign >= 0 && char.IsAsciiLetter((char)sign));

    private static HtmlToken TokenOf(string tag)
    {
        if (tag is ['!' or '?', ..])
        {
            return new("!", tag);
        }
        var end = 0;
        while (end < tag.Length && (char.IsAsciiLetterOrDigit(tag[end]) || (end == 0 && tag[end] == '/')))
        {
            end++;
        }
        return new(tag[..end].ToLowerInvariant(), tag[end..]);
    }

    /// <summary>Up to the next sign that may begin a tag.</summary>
    private string Text(char first)
    {
        piece.Clear().Append(first);
        while (reader.Peek() is not (< 0 or '<'))
        {
            Add((char)reader.Read());
        }
        return piece.ToString();
    }

    /// <summary>What stands between the signs of a tag; a sign in quotes ends none. A comment that holds the sign goes on behind it.</summary>
    private string Tag()
    {
        piece.Clear();
        var quote = '\0';
        while (reader.Read() is var read and >= 0)
        {
            var sign = (char)read;
            if (sign == '>' && quote == '\0')
            {
                break;
            }
            var isValue = piece.Length > 0 && piece[0] is not ('!' or '?');
            quote =
                sign == quote ? '\0'
                : quote == '\0' && sign is '"' or '\'' && isValue ? sign
                : quote;
            Add(sign);
        }
        return piece.ToString();
    }

    private void Add(char sign)
    {
        if (piece.Length == Most)
        {
            throw new BrokenImportException("too_large");
        }
        piece.Append(sign);
    }

    /// <summary>Goes on behind the next place that says so, in any case.</summary>
    private void Skip(string end)
    {
        var at = 0;
        while (at < end.Length && reader.Read() is var read and >= 0)
        {
            var sign = char.ToLowerInvariant((char)read);
            // What was found so far may hold the beginning of it: --->.
            while (at > 0 && sign != end[at])
            {
                at -= Enumerable.Range(1, at).First(less => end.StartsWith(end[less..at], StringComparison.Ordinal));
            }
            at += sign == end[at] ? 1 : 0;
        }
    }
}
