using System.Text;
using System.Text.Encodings.Web;

namespace Madang.Foundation.Http;

/// <summary>
/// Escapes in JSON only what JSON must (RFC 8259, 7). The framework's most relaxed encoder still escapes everything beyond the Basic
/// Multilingual Plane, emoji and rare Hanja among it. What it writes must not be put inside HTML.
/// </summary>
internal sealed class PlainEncoder : JavaScriptEncoder
{
    internal static readonly PlainEncoder Instance = new();

    private static readonly JavaScriptEncoder Relaxed = UnsafeRelaxedJsonEscaping;

    public override int MaxOutputCharactersPerInputCharacter => Relaxed.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar <= char.MaxValue && Relaxed.WillEncode(unicodeScalar);

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var all = new ReadOnlySpan<char>(text, textLength);
        for (var at = 0; at < textLength; )
        {
            var found = Relaxed.FindFirstCharacterToEncode(text + at, textLength - at);
            if (found < 0)
            {
                return -1;
            }
            at += found;
            if (Rune.DecodeFromUtf16(all[at..], out var rune, out var length) != 0 || WillEncode(rune.Value))
            {
                return at;
            }
            at += length;
        }
        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar,
        char* buffer,
        int bufferLength,
        out int numberOfCharactersWritten
    ) => Relaxed.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}
