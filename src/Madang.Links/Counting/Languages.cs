using System.Collections.Frozen;

namespace Madang.Links.Counting;

/// <summary>
/// The languages that visits are told by (ISO 639-1, and a few of ISO 639-2 and 639-3 that browsers are set to). Anybody may ask for any letters, and what
/// is told stays for ever.
/// </summary>
internal static class Languages
{
    private static readonly FrozenSet<string> Known = """
        aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi
        fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks
        ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt
        qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi
        vo wa wo xh yi yo za zh zu
        ast ceb chr ckb fil gsw haw hmn hsb kok mai mni sat yue
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BySpan = Known.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <param name="accept">An <c>Accept-Language</c> (RFC 9110, 12.5.4), or null.</param>
    /// <returns>The first language that was asked for, such as <c>ko</c>; empty where it is none that is known.</returns>
    internal static string FirstOf(string? accept)
    {
        if (accept is null)
        {
            return "";
        }
        var length = 0;
        while (length < accept.Length && char.IsAsciiLetter(accept[length]))
        {
            length++;
        }
        if (length is not (2 or 3))
        {
            return "";
        }
        Span<char> language = stackalloc char[length];
        accept.AsSpan(0, length).ToLowerInvariant(language);
        return BySpan.TryGetValue(language, out var known) ? known : "";
    }
}
