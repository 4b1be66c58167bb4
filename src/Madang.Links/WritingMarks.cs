using System.Text;

namespace Madang.Links;

/// <summary>The marks that turn the direction of writing (UAX #9) or are nothing to see: with them a text reads as another.</summary>
internal static class WritingMarks
{
    internal static bool Has(Rune rune) =>
        rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0xFEFF;
}
