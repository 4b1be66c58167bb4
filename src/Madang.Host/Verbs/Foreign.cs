using System.Globalization;
using System.Text;

namespace Madang.Host.Verbs;

/// <summary>Texts that others wrote, on a terminal.</summary>
internal static class Foreign
{
    /// <summary>What stands in a file of somebody else's can't speak to the terminal, nor turn the direction of what stands beside it.</summary>
    internal static string Shown(string? text) =>
        string.Concat(
            (text ?? "")
                .EnumerateRunes()
                .Select(rune =>
                    Rune.GetUnicodeCategory(rune)
                        is UnicodeCategory.Control
                            or UnicodeCategory.Format
                            or UnicodeCategory.LineSeparator
                            or UnicodeCategory.ParagraphSeparator
                        ? "\uFFFD"
                        : rune.ToString()
                )
        );
}
