using System.Collections.Frozen;
using System.Text;

namespace Madang.Foundation.Data;

/// <summary>
/// Korean by its initial consonants, as people type it when they are quick: <c>ㄱㅇㅅ</c> finds 가을 산책. White space is left out, since they leave it out.
/// </summary>
public static class Initials
{
    /// <summary>Of the syllables, in Unicode's order: 588 of each (The Unicode Standard, 3.12).</summary>
    private const string Consonants = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    private const char FirstSyllable = '가';
    private const char LastSyllable = '힣';
    private const int SyllablesOfConsonant = 588;

    /// <summary>Those that stand alone, pairs among them.</summary>
    private const char FirstConsonant = 'ㄱ';
    private const char LastConsonant = 'ㅎ';

    /// <summary>What an input method makes of two consonants that are typed one after the other.</summary>
    private static readonly FrozenDictionary<char, string> Pairs = new Dictionary<char, string>
    {
        ['ㄳ'] = "ㄱㅅ",
        ['ㄵ'] = "ㄴㅈ",
        ['ㄶ'] = "ㄴㅎ",
        ['ㄺ'] = "ㄹㄱ",
        ['ㄻ'] = "ㄹㅁ",
        ['ㄼ'] = "ㄹㅂ",
        ['ㄽ'] = "ㄹㅅ",
        ['ㄾ'] = "ㄹㅌ",
        ['ㄿ'] = "ㄹㅍ",
        ['ㅀ'] = "ㄹㅎ",
        ['ㅄ'] = "ㅂㅅ",
    }.ToFrozenDictionary();

    /// <param name="key">A text folded by <see cref="Fold.Key"/>.</param>
    /// <returns>
    /// The text with the initial consonant in the place of each syllable, without white space; empty when it has neither a syllable nor a
    /// consonant that stands alone, as in ㅋㅋ.
    /// </returns>
    public static string OfText(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (
            !key.AsSpan().ContainsAnyInRange(FirstSyllable, LastSyllable)
            && !key.AsSpan().ContainsAnyInRange(FirstConsonant, LastConsonant)
        )
        {
            return "";
        }
        var initials = new StringBuilder(key.Length);
        foreach (var letter in key)
        {
            if (letter is >= FirstSyllable and <= LastSyllable)
            {
                initials.Append(Consonants[(letter - FirstSyllable) / SyllablesOfConsonant]);
            }
            else if (Pairs.TryGetValue(letter, out var both))
            {
                // As a query has them.
                initials.Append(both);
            }
            else if (!char.IsWhiteSpace(letter))
            {
                initials.Append(letter);
            }
        }
        return initials.ToString();
    }

    /// <param name="key">A query folded by <see cref="Fold.Key"/>.</param>
    /// <returns>The query as <see cref="OfText"/> spells it; null when it isn't made of initial consonants alone.</returns>
    public static string? OfQuery(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var initials = new StringBuilder(key.Length);
        foreach (var letter in key)
        {
            if (Consonants.Contains(letter, StringComparison.Ordinal))
            {
                initials.Append(letter);
            }
            else if (Pairs.TryGetValue(letter, out var both))
            {
                initials.Append(both);
            }
            else if (!char.IsWhiteSpace(letter))
            {
                return null;
            }
        }
        return initials.Length > 0 ? initials.ToString() : null;
    }
}
