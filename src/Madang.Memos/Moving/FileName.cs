using System.Text.RegularExpressions;

namespace Madang.Memos.Moving;

/// <summary>What the names of Markdown files tell that come without facts: usememos up to 0.22 named them <c>2024-03-14T09:30:00Z-PRIVATE.md</c>.</summary>
internal static partial class FileName
{
    /// <returns>The time in the name as RFC 3339, or null.</returns>
    internal static string? DateOf(string name) =>
        Dated().Match(name) is { Success: true } match
            ? $"{match.Groups[1].Value}T{match.Groups[2].Value}:{match.Groups[3].Value}:{match.Groups[4].Value}{match.Groups[5].Value}"
            : null;

    /// <returns><c>PUBLIC</c>, <c>PROTECTED</c>, <c>PRIVATE</c>, or null.</returns>
    internal static string? VisibilityOf(string name) =>
        Seen().Match(name) is { Success: true } match ? match.Groups[1].Value : null;

    /// <returns>Whether a colon in the name is that of a time.</returns>
    internal static bool HasTime(string name) =>
        Dated().IsMatch(name) && !name.Contains('\\', StringComparison.Ordinal);

    [GeneratedRegex(@"(\d{4}-\d\d-\d\d)T(\d\d):?(\d\d):?(\d\d)(Z|[+-]\d\d:\d\d)?")]
    private static partial Regex Dated();

    [GeneratedRegex(@"-(PUBLIC|PROTECTED|PRIVATE)\.md$")]
    private static partial Regex Seen();
}
