using System.Buffers;
using System.Security.Cryptography;

namespace Madang.Links;

/// <summary>What a slug may be, and how a random one is drawn.</summary>
internal static class Slug
{
    internal const int Longest = 64;

    private const int RandomLength = 7;

    /// <summary>Without what looks like something else: 0 O o, 1 I l i, and L, whose small letter is one of them.</summary>
    private const string Clear = "23456789ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    );

    /// <summary>English, Korean in Latin letters, and Korean as its keys read on a Latin keyboard (씨발 is tlqkf).</summary>
    private static readonly SearchValues<string> Bad = SearchValues.Create(
        [
            .. "fuck fuk shit cunt cock dick piss porn sex nazi rape slut whore twat anal anus tits boob nigg fag kike cum wank".Split(
                ' '
            ),
            .. "bitch bastard penis vagin pussy jizz hitler kkk".Split(' '),
            .. "sibal ssibal shibal byungsin byeongsin gaesaek jiral jaji boji sekseu changnyeo michin".Split(' '),
            .. "tlqkf Tlqkf tlqk tpqkf qudtls roto wlfkf whwrk wkwl qhwl tprtm ckdsu alcls thqkf rkstnf".Split(' '),
        ],
        StringComparison.OrdinalIgnoreCase
    );

    internal static bool IsWellFormed(ReadOnlySpan<char> slug) =>
        slug.Length is > 0 and <= Longest && !slug.ContainsAnyExcept(Letters);

    /// <returns>Seven letters that nobody misreads, and that are no bad word, digits read as letters included.</returns>
    internal static string Random()
    {
        while (true)
        {
            var slug = RandomNumberGenerator.GetString(Clear, RandomLength);
            if (!IsBad(slug))
            {
                return slug;
            }
        }
    }

    internal static bool IsBad(string slug)
    {
        var read = string.Create(
            slug.Length,
            slug,
            static (letters, slug) =>
            {
                for (var at = 0; at < letters.Length; at++)
                {
                    letters[at] = slug[at] switch
                    {
                        '3' => 'e',
                        '4' => 'a',
                        '5' => 's',
                        '6' => 'g',
                        '7' => 't',
                        '8' => 'b',
                        '9' => 'g',
                        var letter => letter,
                    };
                }
            }
        );
        return slug.AsSpan().ContainsAny(Bad) || read.AsSpan().ContainsAny(Bad);
    }
}
