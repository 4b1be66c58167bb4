using System.Text;
using Madang.Foundation.Data;

namespace Madang.Foundation.Moving;

/// <summary>Tags in one field: <c>|</c> stands between them, and a backslash before either sign within one.</summary>
public static class TagList
{
    /// <returns>Them all in one field.</returns>
    public static string Write(IEnumerable<string> tags) =>
        string.Join(
            '|',
            tags.Select(tag =>
                tag.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
            )
        );

    /// <returns>The tags of a field, tidied; empty ones are left out.</returns>
    public static string[] Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tags = new List<string>();
        var tag = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '|')
            {
                tags.Add(tag.ToString());
                tag.Clear();
                continue;
            }
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            tag.Append(text[at]);
        }
        tags.Add(tag.ToString());
        return [.. tags.Select(one => Fold.Clean(one).Trim()).Where(one => one.Length > 0)];
    }
}
