using System.Globalization;
using System.Text;

namespace Madang.Foundation.Data;

/// <summary>
/// Substring search for Korean and English alike. Two-syllable Korean words are the common case, which trigram indexes can't serve,
/// so text is indexed by its single characters and its pairs of neighbours, or longer runs of them. A text that contains a query holds all
/// the query's pairs; the few others that do too are weeded out by a look at the text itself.
/// </summary>
/// <remarks>
/// Tokens are the code points in hexadecimal, behind a letter: FTS5's tokenizer leaves them alone, whatever the characters were.
/// What is in an index was made by this code: a change here needs a script that makes the indexes anew.
/// </remarks>
public static class Bigrams
{
    /// <summary>More of a long query's pairs would not narrow the candidates noticeably.</summary>
    private const int MostOfQuery = 24;

    /// <param name="key">A text folded by <see cref="Fold.Key"/>.</param>
    /// <param name="longest">Characters of the longest tokens, from 2: what is no longer is found by the index alone, which grows with it.</param>
    /// <returns>The tokens to index it by, each once.</returns>
    public static string[] OfText(string key, int longest = 2)
    {
        var runes = (key ?? "").EnumerateRunes().ToArray();
        var tokens = new HashSet<string>();
        for (var at = 0; at < runes.Length; at++)
        {
            for (var length = 1; length <= longest && at + length <= runes.Length; length++)
            {
                tokens.Add(Token(runes.AsSpan(at, length)));
            }
        }
        return [.. tokens];
    }

    /// <param name="key">A query folded by <see cref="Fold.Key"/>, not empty.</param>
    /// <param name="longest">As the texts were indexed.</param>
    /// <returns>The tokens that every text has which contains the query.</returns>
    public static string[] OfQuery(string key, int longest = 2)
    {
        var runes = (key ?? "").EnumerateRunes().ToArray();
        var length = Math.Min(longest, runes.Length);
        return
        [
            .. Enumerable
                .Range(0, runes.Length - length + 1)
                .Select(at => Token(runes.AsSpan(at, length)))
                .Distinct()
                .Take(MostOfQuery),
        ];
    }

    private static string Token(ReadOnlySpan<Rune> runes)
    {
        var token = new StringBuilder();
        foreach (var rune in runes)
        {
            token.Append(CultureInfo.InvariantCulture, $"x{rune.Value:x}");
        }
        return token.ToString();
    }
}
