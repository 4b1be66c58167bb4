using System.Globalization;
using System.Text;

namespace Madang.Memos.Moving;

/// <summary>
/// A memo as a Markdown file: facts about it in lines of YAML between two lines of <c>---</c>, then an empty line, then the text as it
/// is, then one line end. So the text comes back just as it went out.
/// </summary>
internal static class MarkdownFile
{
    private const string Fence = "---\n";

    /// <returns>A name that sorts by date and is good on every system.</returns>
    internal static string NameOf(MovedMemo memo) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{memo.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HHmmss'Z'}-{memo.Id}.md"
        );

    internal static string Write(MovedMemo memo)
    {
        var file = new StringBuilder(memo.Text.Length + 300).Append(Fence);
        file.Append(CultureInfo.InvariantCulture, $"id: {memo.Id}\n");
        Time(file, "created_at", memo.CreatedAt);
        Time(file, "updated_at", memo.UpdatedAt);
        Time(file, "pinned_at", memo.PinnedAt);
        Time(file, "archived_at", memo.ArchivedAt);
        file.Append(CultureInfo.InvariantCulture, $"visibility: {memo.Visibility}\n");
        // A tag holds nothing that would end a quoted text.
        file.Append("tags: [").AppendJoin(", ", memo.Tags.Select(tag => $"\"{tag}\"")).Append("]\n");
        return file.Append(Fence).Append('\n').Append(memo.Text).Append('\n').ToString();
    }

    /// <returns>The facts by name, none when the file begins with none; and the text.</returns>
    internal static (Dictionary<string, string> Facts, string Text) Read(string file)
    {
        var content = file.ReplaceLineEndings("\n");
        var facts = new Dictionary<string, string>();
        if (!content.StartsWith(Fence, StringComparison.Ordinal))
        {
            return (facts, Body(content));
        }
        var end = content.IndexOf("\n" + Fence, Fence.Length - 1, StringComparison.Ordinal);
        if (end < 0)
        {
            return (facts, Body(content));
        }
        foreach (var line in content[Fence.Length..Math.Max(end, Fence.Length)].Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !char.IsWhiteSpace(line[0]))
            {
                facts[line[..colon].Trim()] = line[(colon + 1)..].Trim().Trim('"', '\'');
            }
        }
        var rest = content[(end + 1 + Fence.Length)..];
        return (facts, Body(rest.StartsWith('\n') ? rest[1..] : rest));
    }

    private static string Body(string text) => text.EndsWith('\n') ? text[..^1] : text;

    private static void Time(StringBuilder file, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            file.Append(CultureInfo.InvariantCulture, $"{name}: {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}\n");
        }
    }
}
