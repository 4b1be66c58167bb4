using System.Buffers;

namespace Madang.Foundation.Moving;

/// <summary>
/// Keeps spreadsheets from running what a field says (OWASP, CSV Injection): an apostrophe is put before what could begin a formula, and before
/// an apostrophe, so that it can be taken away again exactly.
/// </summary>
public static class Formulas
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("=+-@\t\r\n'＝＋－＠");

    /// <returns>The text as it goes into a field.</returns>
    public static string Guarded(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && Signs.Contains(text[0]) ? $"'{text}" : text;
    }

    /// <returns>The text that a field was made of.</returns>
    public static string Freed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith('\'') ? text[1..] : text;
    }
}
