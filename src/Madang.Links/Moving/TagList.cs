using System.Text;
using Madang.Foundation.Data;

namespace Madang.Links.Moving;

/// <summary>Tags in one field: <c>|</c> stands between them, and a backslash before either sign within one.</summary>
internal static class TagList
{
    internal static string Write(IEnumerable<string> tags) =>
        string.Join(
            '|',
            tags.Select(tag =>
                tag.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
            )
        );

    internal static string[] Read(string text)
    {
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
