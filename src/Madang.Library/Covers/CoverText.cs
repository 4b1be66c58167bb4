using System.Text;

namespace Madang.Library.Covers;

/// <summary>
/// Text set into lines by the usual widths of letters, since an SVG breaks no lines and the server knows no fonts. A letter of Korean is
/// as wide as it is high; Latin ones are taken wide rather than narrow.
/// </summary>
internal static class CoverText
{
    /// <param name="text">What is to be set.</param>
    /// <param name="measure">Units that a line may be wide.</param>
    /// <param name="sizes">Sizes of letters to be tried, the greatest first.</param>
    /// <param name="height">Units that all lines together may be high.</param>
    /// <returns>The greatest size at which all fits without a broken word, else the smallest, cut where it is too long.</returns>
    internal static (int Size, IReadOnlyList<string> Lines) Fit(string text, int measure, int[] sizes, int height)
    {
        List<string> lines = [];
        foreach (var size in sizes)
        {
            (lines, var isWhole) = Lines(text, (double)measure / size);
            var most = height / Leading(size);
            if (lines.Count <= most && isWhole)
            {
                return (size, lines);
            }
            if (size == sizes[^1] && lines.Count > most)
            {
                lines.RemoveRange(most, lines.Count - most);
                lines[^1] = Cut(lines[^1], ((double)measure / size) - 1) + "…";
            }
        }
        return (sizes[^1], lines);
    }

    internal static int Leading(int size) => (size * 4 + 2) / 3;

    /// <summary>The width of a text in its own size.</summary>
    internal static double Width(string text) => text.EnumerateRunes().Sum(Width);

    private static (List<string> Lines, bool IsWhole) Lines(string text, double measure)
    {
        var (lines, line, isWhole) = (new List<string>(), "", true);
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            if (line.Length > 0 && Width(line) + Width(new Rune(' ')) + Width(word) <= measure)
            {
                line = $"{line} {word}";
                continue;
            }
            if (line.Length > 0)
            {
                lines.Add(line);
            }
            while (Width(rest) > measure)
            {
                // A word that is longer than a line is broken where the line ends.
                isWhole = false;
                var start = Cut(rest, measure);
                lines.Add(start);
                rest = rest[start.Length..];
            }
            line = rest;
        }
        if (line.Length > 0)
        {
            lines.Add(line);
        }
        return (lines, isWhole);
    }

    /// <returns>What of a text's beginning is no wider; one letter at least.</returns>
    private static string Cut(string text, double measure)
    {
        var (end, width) = (0, 0.0);
        foreach (var rune in text.EnumerateRunes())
        {
            width += Width(rune);
            if (width > measure && end > 0)
            {
                break;
            }
            end += rune.Utf16SequenceLength;
        }
        return text[..end];
    }

    private static double Width(Rune letter) =>
        letter.Value switch
        {
            ' ' or '.' or ',' or ':' or ';' or '!' or '\'' or '|' or 'i' or 'j' or 'l' or 'I' or '(' or ')' => 0.34,
            'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.92,
            >= 'A' and <= 'Z' => 0.70,
            < 0x0300 => 0.60,
            // Marks that stand on the letter before them take no room.
            >= 0x0300 and <= 0x036F => 0,
            < 0x1100 => 0.66,
            _ => 1,
        };
}
