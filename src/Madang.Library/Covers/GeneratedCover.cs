using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Madang.Foundation.Data;

namespace Madang.Library.Covers;

/// <summary>
/// A cover for a book that nobody brought one for: an SVG (W3C, SVG 1.1) of its title and its author on one of a few cloths, the same
/// for the same words on every machine. It brings its own ground, so it is as legible in the dark theme as in the light one; and it has
/// no style of its own, which the Content-Security-Policy would refuse.
/// </summary>
internal static class GeneratedCover
{
    internal const int Width = 240;
    internal const int Height = 348;

    /// <summary>Raised when the drawing changes, so that browsers ask for the new one.</summary>
    private const string Edition = "1";
    private const int Margin = 26;
    private const int Measure = Width - Margin - 22;

    /// <summary>Where words must have ended for an ornament below them.</summary>
    private const int Words = 240;
    private const string Fonts =
        "Pretendard, Apple SD Gothic Neo, Malgun Gothic, Noto Sans KR, Noto Sans CJK KR, system-ui, sans-serif";

    /// <summary>Ground, letters and ornament; the letters stand out from the ground by 7 to 1 at least (WCAG 2.2, 1.4.6).</summary>
    internal static readonly IReadOnlyList<(string Ground, string Ink, string Ornament)> Cloths =
    [
        ("#17483f", "#f4efe2", "#2f7a69"),
        ("#23395b", "#f3efe4", "#46699a"),
        ("#6b2737", "#fbeee6", "#a04a5c"),
        ("#3f3a52", "#f2eff6", "#6d6489"),
        ("#2b4a2f", "#f1f2e2", "#557d4f"),
        ("#5b3a1e", "#fbf1e1", "#8f6435"),
        ("#1f4c5c", "#eef5f2", "#3f7d90"),
        ("#e9dfc8", "#3a2b16", "#c9a35d"),
        ("#d9e4dc", "#1c3a30", "#8db39e"),
        ("#ead9d3", "#4a1f1a", "#c98f80"),
        ("#d7deea", "#1f2f4c", "#8fa3c7"),
        ("#2a2926", "#f0ebdf", "#77705e"),
    ];

    /// <summary>What tells one cover from another; the same as long as title and author are.</summary>
    internal static string Version(string title, string author) =>
        Convert.ToHexStringLower(Hash(title, author).AsSpan(0, 6));

    internal static string Draw(string title, string author)
    {
        var hash = Hash(title, author);
        var (ground, ink, ornament) = Cloths[
            (int)(BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(8)) % Cloths.Count)
        ];
        var svg = new StringBuilder(2_000);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img">"""
        );
        svg.Append("<title>").Append(Plain(title)).Append("</title>");
        svg.Append(CultureInfo.InvariantCulture, $"""<path fill="{ground}" d="M0 0h{Width}v{Height}H0z"/>""");
        // The joint of the spine.
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<path fill="#000000" fill-opacity=".16" d="M0 0h12v{Height}H0z"/>"""
        );
        var (size, lines) = CoverText.Fit(Fold.Clean(title), Measure, [32, 27, 23, 20, 17], 168);
        var (_, names) = CoverText.Fit(Fold.Clean(author), Measure, [15], CoverText.Leading(15) * 3);
        var top = 44 + (size / 2);
        var rule = top + (lines.Count - 1) * CoverText.Leading(size) + (CoverText.Leading(size) - size) + 8;
        if (rule + 28 + (names.Count - 1) * CoverText.Leading(15) < Words)
        {
            Ornament(svg, hash[12] % 4, ornament);
        }
        svg.Append(CultureInfo.InvariantCulture, $"""<g fill="{ink}" font-family="{Fonts}">""");
        svg.Append(CultureInfo.InvariantCulture, $"""<g font-size="{size}" font-weight="700">""");
        Write(svg, lines, top, size);
        svg.Append(CultureInfo.InvariantCulture, $"""</g><path d="M{Margin} {rule}h28v3h-28z"/><g font-size="15">""");
        Write(svg, names, rule + 28, 15);
        return svg.Append("</g></g></svg>").ToString();
    }

    private static void Write(StringBuilder svg, IReadOnlyList<string> lines, int y, int size)
    {
        foreach (var line in lines)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{y}">{Plain(line)}</text>""");
            y += CoverText.Leading(size);
        }
    }

    /// <summary>Below the words: a yard and its gate, hills, a sun, or a fence.</summary>
    private static void Ornament(StringBuilder svg, int kind, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"""<g fill="{colour}">""")
            .Append(
                kind switch
                {
                    0 => """<path d="M128 236h88v88h-88zM142 250v60h60v-60z" fill-rule="evenodd"/>""",
                    1 =>
                        """<path d="M12 348v-40q60-56 120-14 52-52 108-10v64z"/><path fill-opacity=".5" d="M12 318q84-72 150-22l78-30v34l-84 20z"/>""",
                    2 =>
                        """<circle cx="178" cy="286" r="42"/><path fill-opacity=".5" d="M12 300h228v8H12zM12 316h228v8H12zM12 332h228v8H12z"/>""",
                    _ =>
                        """<path d="M36 252h14v96H36zM72 268h14v80H72zM108 244h14v104h-14zM144 262h14v86h-14zM180 250h14v98h-14zM216 270h14v78h-14z"/>""",
                }
            )
            .Append("</g>");

    private static byte[] Hash(string title, string author) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Edition}\n{title}\n{author}"));

    /// <summary>A text as XML takes it: control characters, which it can't hold at all, are left out.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => plain.Append("&amp;"),
                '<' => plain.Append("&lt;"),
                '>' => plain.Append("&gt;"),
                _ when rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) => plain,
                _ => plain.Append(rune),
            };
        }
        return plain.ToString();
    }
}
