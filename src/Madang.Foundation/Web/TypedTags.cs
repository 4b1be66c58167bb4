using System.Text.RegularExpressions;

namespace Madang.Foundation.Web;

/// <summary>
/// Tags as people type them: commas between them. One that holds a comma stands in quotation marks, which are doubled within, as in CSV
/// (RFC 4180, 2.7); one that only begins with such a mark stands as it is typed.
/// </summary>
public static partial class TypedTags
{
    /// <summary>No field takes so long; one that would is refused as any failure is.</summary>
    private const int MostMilliseconds = 1_000;

    /// <returns>The tags as one line that <see cref="Read"/> takes apart again.</returns>
    public static string Write(IEnumerable<string> tags) =>
        string.Join(
            ", ",
            tags.Select(tag =>
                tag.Contains(',', StringComparison.Ordinal) || tag.StartsWith('"')
                    ? $"\"{tag.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                    : tag
            )
        );

    /// <returns>The tags of a line, without white space around them; none of them is empty.</returns>
    public static string[] Read(string? text) =>
        [.. Tag().Matches(text ?? "").Select(TextOf).Where(tag => tag.Length > 0)];

    private static string TextOf(Match tag) =>
        tag.Groups["quoted"] is { Success: true, Value: var quoted }
            ? quoted.Replace("\"\"", "\"", StringComparison.Ordinal).Trim()
            : tag.Groups["plain"].Value.Trim();

    [GeneratedRegex(
        """\G\s*(?:"(?<quoted>(?>(?:[^"]|"")*))"\s*(?=,|\z)|(?<plain>[^,]*))(?:,|\z)""",
        RegexOptions.None,
        MostMilliseconds
    )]
    private static partial Regex Tag();
}
