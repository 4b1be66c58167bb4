using System.Text;

namespace Madang.Library.Moving;

/// <summary>
/// What a record is written in. Its leader says <c>a</c> for UTF-8, and where it says nothing MARC 21 means MARC-8 and KORMARC the Korean set
/// KS X 1001 (EUC-KR); many records are not what their leaders say. UTF-8 is known by its bytes. Any two bytes of MARC-8 may be a syllable of CP949
/// too, but hardly ever a common one: so it is Korean when its syllables are mostly those of KS X 1001, which all but a few of real words are.
/// </summary>
internal static class MarcEncoding
{
    private const int PlaceOfEncoding = 9;
    private const byte Unicode = (byte)'a';

    /// <summary>By this MARC-8 and ISO 2022 go on to another set of letters, which then looks like ASCII.</summary>
    private const byte Escape = 0x1B;

    /// <param name="record">All of it.</param>
    /// <param name="isKorean">Whether it is said to be KORMARC: then what may be Korean is.</param>
    /// <returns>The encoding that all of it is in; or null, and why it can't be told.</returns>
    internal static (Encoding? Encoding, string? Fault) Of(ReadOnlySpan<byte> record, bool isKorean)
    {
        var isUnicode = record[PlaceOfEncoding] == Unicode;
        if (isUnicode || !record.Contains(Escape))
        {
            // A single word of CP949 may be one of UTF-8 too; a whole record isn't.
            if (TextOfFile.TryRead(record, TextOfFile.StrictUtf8) is not null)
            {
                return (TextOfFile.StrictUtf8, null);
            }
            if (
                TextOfFile.TryRead(record, TextOfFile.StrictCp949) is not null
                && (isKorean || HasCommonSyllables(record))
            )
            {
                return (TextOfFile.StrictCp949, null);
            }
        }
        return (null, isUnicode ? "not_text" : "unknown_encoding");
    }

    /// <summary>Rows B0 to C8 of KS X 1001 are its 2,350 syllables; the rest of Hangul is in CP949 where a byte is none of that set.</summary>
    private static bool HasCommonSyllables(ReadOnlySpan<byte> bytes)
    {
        var (common, rare) = (0, 0);
        for (var at = 0; at + 1 < bytes.Length; at++)
        {
            if (bytes[at] < 0x80)
            {
                continue;
            }
            var (lead, trail) = (bytes[at], bytes[++at]);
            common += lead is >= 0xB0 and <= 0xC8 && trail >= 0xA1 ? 1 : 0;
            rare += lead < 0xA1 || trail < 0xA1 ? 1 : 0;
        }
        return common > rare;
    }
}
