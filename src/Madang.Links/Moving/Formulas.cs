using System.Buffers;

namespace Madang.Links.Moving;

/// <summary>
/// Keeps spreadsheets from running what a field says (OWASP, CSV Injection): an apostrophe is put before what could begin a formula, and before
/// an apostrophe, so that it can be taken away again exactly.
/// </summary>
internal static class Formulas
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("=+-@\t\r\n'＝＋－＠");

    internal static string Guarded(string text) => text.Length > 0 && Signs.Contains(text[0]) ? $"'{text}" : text;

    internal static string Freed(string text) => text.StartsWith('\'') ? text[1..] : text;
}
