using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Foundation.Data;

namespace Madang.Foundation.Schema;

/// <summary>One numbered SQL script of a room, embedded in its assembly as <c>Schema/0001_name.sqlite.sql</c>.</summary>
/// <param name="Room">Whose it is.</param>
/// <param name="Number">Its place in the room's order, from 1 without gaps.</param>
/// <param name="Name">What it brings, as its file says.</param>
/// <param name="Text">The SQL, first line included.</param>
/// <param name="OldestRelease">
/// For a script that takes something away, the oldest release that still runs beside it; null for one that only adds.
/// </param>
internal sealed partial record SchemaScript(string Room, int Number, string Name, string Text, Version? OldestRelease)
{
    /// <summary>Of the text with its line ends made alike, so that a checkout on another system is the same script.</summary>
    internal string Checksum =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(Text.Replace("\r\n", "\n", StringComparison.Ordinal)))
        );

    /// <summary>How a script is told of.</summary>
    internal string Label => LabelOf(Room, Number, Name);

    /// <summary>The tables that it makes, whatever became of them later; those that are another's index, as FTS5's, are none.</summary>
    internal IEnumerable<string> Tables => TableName().Matches(Text).Select(match => match.Groups["table"].Value);

    internal static string LabelOf(string room, int number, string name) => $"{room} {number:0000}_{name}";

    /// <summary>The scripts of one room for one database, in order.</summary>
    internal static List<SchemaScript> Of(string room, Assembly assembly, Dialect dialect) =>
        assembly
            .GetManifestResourceNames()
            .Select(name => FileName().Match(name))
            .Where(match =>
                match.Success
                && string.Equals(match.Groups["database"].Value, dialect.ToString(), StringComparison.OrdinalIgnoreCase)
            )
            .Select(match => Parse(room, match, Read(assembly, match.Value)))
            .OrderBy(script => script.Number)
            .ToList();

    internal static SchemaScript Parse(string room, string file, string text) =>
        Parse(room, FileName().Match(file), text);

    private static SchemaScript Parse(string room, Match file, string text)
    {
        var first = FirstLine().Match(text);
        if (!first.Success)
        {
            throw new InvalidDataException(
                $"{room} {file.Value}: the first line must be '-- expand' or '-- contract <oldest release>'."
            );
        }
        var oldest = first.Groups["oldest"];
        return new(
            room,
            int.Parse(file.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture),
            file.Groups["name"].Value,
            text,
            oldest.Success ? Version.Parse(oldest.Value) : null
        );
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^Schema/(?<number>\d{4})_(?<name>\w+)\.(?<database>sqlite|postgres)\.sql$")]
    private static partial Regex FileName();

    [GeneratedRegex(
        @"^\s*(CREATE TABLE( IF NOT EXISTS)?|ALTER TABLE \w+ RENAME TO) (?<table>\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TableName();

    [GeneratedRegex(@"\A-- (expand|contract (?<oldest>\d+\.\d+\.\d+))\r?\n")]
    private static partial Regex FirstLine();
}
