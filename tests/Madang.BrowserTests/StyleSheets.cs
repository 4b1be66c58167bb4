using System.Globalization;
using System.Text.RegularExpressions;

namespace Madang.BrowserTests;

/// <summary>What must hold of the style sheets as they are written; no browser is needed for it.</summary>
public sealed partial class StyleSheets
{
    private static readonly string Frame = Repository.Read("src/Madang.Host/wwwroot/css/madang.css");

    /// <summary>Each colour of text, with every colour that it stands on.</summary>
    public static TheoryData<string, string> TextOnGround()
    {
        var pairs = new TheoryData<string, string>();
        foreach (
            var (text, grounds) in new[]
            {
                ("ink", "paper surface sunken line mark accent-wash good-wash warn-wash danger-wash"),
                ("ink-2", "paper surface sunken"),
                ("ink-3", "paper surface sunken accent-wash"),
                ("accent", "paper surface sunken accent-wash"),
                ("accent-ink", "accent"),
                ("good", "paper surface good-wash"),
                ("warn", "paper surface warn-wash"),
                ("danger", "paper surface sunken danger-wash"),
                ("danger-ink", "danger"),
            }
        )
        {
            foreach (var ground in grounds.Split(' '))
            {
                pairs.Add(text, ground);
            }
        }
        return pairs;
    }

    [Theory, MemberData(nameof(TextOnGround))]
    public void Text_stands_out_in_both_themes(string text, string ground)
    {
        // WCAG 2.2, 1.4.3 asks for 4.5 to 1.
        Assert.InRange(Contrast(Token(text).Light, Token(ground).Light), 4.5, 21);
        Assert.InRange(Contrast(Token(text).Dark, Token(ground).Dark), 4.5, 21);
    }

    [Theory, InlineData("paper"), InlineData("surface"), InlineData("sunken")]
    public void The_edge_of_a_field_stands_out_in_both_themes(string ground)
    {
        // WCAG 2.2, 1.4.11 asks for 3 to 1.
        Assert.InRange(Contrast(Token("edge").Light, Token(ground).Light), 3, 21);
        Assert.InRange(Contrast(Token("edge").Dark, Token(ground).Dark), 3, 21);
    }

    [
        Theory,
        InlineData("#000000", "#ffffff", 21),
        InlineData("#777777", "#ffffff", 4.48),
        InlineData("#1f1d19", "#1f1d19", 1)
    ]
    public void Contrast_is_measured_as_the_guidelines_do(string one, string other, double ratio) =>
        Assert.Equal(ratio, Contrast(one, other), 2);

    [Fact]
    public void All_together_are_small_and_force_nothing()
    {
        var sheets = Repository.Files("src", ".css").Select(File.ReadAllText).ToList();
        Assert.InRange(sheets.Sum(System.Text.Encoding.UTF8.GetByteCount), 1, 40 * 1024);
        Assert.All(sheets, sheet => Assert.DoesNotContain("!important", sheet, StringComparison.Ordinal));
    }

    [Fact]
    public void Pages_carry_no_style_or_script_of_their_own()
    {
        // The Content-Security-Policy would refuse it, and only where somebody looks.
        Assert.All(Repository.Files("src", ".razor"), file => Assert.DoesNotMatch(Inline(), File.ReadAllText(file)));
    }

    private static (string Light, string Dark) Token(string name)
    {
        var match = Regex.Match(Frame, $@"--{name}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\);");
        Assert.True(match.Success, $"No colour --{name}.");
        return (match.Groups[1].Value, match.Groups[2].Value);
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }

    [GeneratedRegex("""\sstyle="|<style|\son[a-z]+="|<script(?![^>]* src=)""")]
    private static partial Regex Inline();
}
