using Madang.Foundation.Http;

namespace Madang.Library;

/// <summary>
/// International Standard Book Numbers (ISO 2108): ten digits, the last of which may be X, or thirteen that begin with 978 or 979, with a right check
/// digit. Hyphens and spaces between them carry nothing.
/// </summary>
internal static class Isbn
{
    /// <summary>A text longer than this is none, whatever stands between its digits.</summary>
    internal const int Longest = 32;

    /// <returns>The number without hyphens, X in upper case; null when it is none.</returns>
    internal static string? Plain(string? text)
    {
        if (text is null || text.Length > Longest)
        {
            return null;
        }
        var plain = string.Concat(text.Where(letter => letter is not ('-' or ' ' or '‐' or '–'))).ToUpperInvariant();
        return IsTen(plain) || IsThirteen(plain) ? plain : null;
    }

    /// <returns>The thirteen digits that tell the book, of both forms of its number the same.</returns>
    internal static string Key(string plain)
    {
        if (plain.Length == 13)
        {
            return plain;
        }
        var first = $"978{plain.AsSpan(0, 9)}";
        return $"{first}{(10 - (Weighed(first) % 10)) % 10}";
    }

    private static bool IsTen(string text)
    {
        if (text.Length != 10 || !text.AsSpan(0, 9).ContainsOnlyDigits() || text[9] is not ((>= '0' and <= '9') or 'X'))
        {
            return false;
        }
        var sum = 0;
        for (var at = 0; at < 10; at++)
        {
            sum += (10 - at) * (text[at] == 'X' ? 10 : text[at] - '0');
        }
        return sum % 11 == 0;
    }

    private static bool IsThirteen(string text) =>
        text.Length == 13
        && text.AsSpan().ContainsOnlyDigits()
        && (text.StartsWith("978", StringComparison.Ordinal) || text.StartsWith("979", StringComparison.Ordinal))
        && Weighed(text) % 10 == 0;

    /// <summary>The digits in turn once and three times.</summary>
    private static int Weighed(string digits)
    {
        var sum = 0;
        for (var at = 0; at < digits.Length; at++)
        {
            sum += (digits[at] - '0') * (at % 2 == 0 ? 1 : 3);
        }
        return sum;
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}

/// <summary>An ISBN with a right check digit (ISO 2108).</summary>
internal sealed class IsbnRuleAttribute() : RuleAttribute("library.bad_isbn", LibraryWords.Say)
{
    /// <inheritdoc />
    public override string? Format => "isbn";

    /// <inheritdoc />
    protected override bool Holds(object? value) => value is not string text || Isbn.Plain(text) is not null;
}
