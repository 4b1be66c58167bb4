using System.Text;

namespace Madang.Foundation.Data;

/// <summary>
/// Substring search for Korean and English alike. Two-syllable Korean words are the common case, which trigram indexes can't serve,
/// so text is indexed by its single characters and its pairs of neighbours. A text that contains a query holds all the query's
/// pairs; the few others that do too are weeded out by a look at the text itself.
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
    /// <returns>The tokens to index it by, each once.</returns>
    public static string[] OfText(string key)
    {
        var tokens = new HashSet<string>();
        Rune? before = null;
        foreach (var rune in (key ?? "").EnumerateRunes())
        {
            tokens.Add(Token(rune));
            if (before is { } first)
            {
                tokens.Add(Token(first, rune));
            }
            before = rune;
        }
        return [.. tokens];
    }

    /// <param name="key">A query folded by <see cref="Fold.Key"/>, not empty.</param>
    /// <returns>The tokens that every text has which contains the query.</returns>
    public static string[] OfQuery(string key)
    {
        var runes = (key ?? "").EnumerateRunes().ToArray();
        return runes.Length == 1
            ? [Token(runes[0])]
            : [.. runes.Zip(runes.Skip(1), Token).Distinct().Take(MostOfQuery)];
    }

    private static string Token(Rune one) => $"x{one.Value:x}";

    private static string Token(Rune one, Rune two) => $"x{one.Value:x}x{two.Value:x}";
}
