using System.Text.RegularExpressions;

namespace Madang.Foundation.Data;

/// <summary>Names of tables and columns, which a parameter cannot carry.</summary>
internal static partial class Identifier
{
    /// <returns>The name in quotes, for a text of SQL.</returns>
    /// <exception cref="InvalidDataException">It is not spelled as we spell names, so it was never one of ours.</exception>
    internal static string Quoted(string name) =>
        Plain().IsMatch(name) ? $"\"{name}\"" : throw new InvalidDataException($"'{name}' is no name of ours.");

    /// <returns>The names in quotes, commas between them.</returns>
    internal static string QuotedList(IEnumerable<string> names) => string.Join(", ", names.Select(Quoted));

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex Plain();
}
