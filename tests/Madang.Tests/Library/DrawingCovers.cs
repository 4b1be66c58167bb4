using System.Globalization;
using System.Xml.Linq;
using Madang.Library.Covers;

namespace Madang.Tests.Library;

/// <summary>Covers that are drawn: legible, whole, and the same for the same words.</summary>
public sealed class DrawingCovers
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string, string> Books() =>
        new()
        {
            { "모모", "미하엘 엔데" },
            { "The Structure and Interpretation of Computer Programs", "Harold Abelson, Gerald Jay Sussman" },
            {
                "객체지향의 사실과 오해: 역할, 책임, 협력 관점에서 본 객체지향 그리고 그 뒤에 오는 아주 길고 긴 이야기",
                "조영호"
            },
            { new string('가', 500), new string('W', 500) },
            { "<script>alert(1)</script> & \"따옴표\" ]]>", "\u0001\u0002제어\uFFFF문자" },
            { "👩‍👩‍👧‍👦 가족 \u202E거꾸로", "é́́́" },
            { " ", " " },
        };

    [Theory, MemberData(nameof(Books))]
    public void Every_title_makes_a_whole_picture_whose_lines_stay_on_it(string title, string author)
    {
        var svg = XDocument.Parse(GeneratedCover.Draw(title, author)).Root!;
        Assert.Equal(Svg + "svg", svg.Name);
        Assert.All(svg.DescendantsAndSelf(), element => Assert.Null(element.Attribute("style")));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script" or "style" or "image");
        foreach (var line in svg.Descendants(Svg + "text"))
        {
            var size = Number(line.Parent!, "font-size");
            Assert.InRange(Number(line, "x") + (CoverText.Width(line.Value) * size), 0, GeneratedCover.Width);
            Assert.InRange(Number(line, "y"), size, GeneratedCover.Height - 10);
        }
    }

    [Fact]
    public void The_same_words_are_drawn_alike_and_others_otherwise()
    {
        Assert.Equal(GeneratedCover.Draw("가을 산책", "김하늘"), GeneratedCover.Draw("가을 산책", "김하늘"));
        // Kept by browsers for a year: whoever changes the drawing raises its edition, and this.
        Assert.Equal("7f67a9f21a91", GeneratedCover.Version("가을 산책", "김하늘"));
        var cloths = Enumerable.Range(1, 200).Select(number => Ground(GeneratedCover.Draw($"책 {number}", "지은이")));
        Assert.Equal(GeneratedCover.Cloths.Count, cloths.Distinct().Count());
    }

    [Fact]
    public void Letters_stand_out_from_every_cloth() =>
        Assert.All(GeneratedCover.Cloths, cloth => Assert.InRange(Contrast(cloth.Ground, cloth.Ink), 7, 21));

    private static string Ground(string svg) =>
        XDocument.Parse(svg).Root!.Element(Svg + "path")!.Attribute("fill")!.Value;

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>WCAG 2.2, relative luminance and contrast ratio.</summary>
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
}
