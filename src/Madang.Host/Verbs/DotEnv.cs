using System.Collections;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary>
/// The file <c>.env</c> of the working directory: settings as environment variables, a line each. The real environment wins over
/// it, and the command line over both. A message never shows a line's text: it may be a secret.
/// </summary>
internal static partial class DotEnv
{
    private const string FileName = ".env";

    /// <summary>Puts what the directory's file says into this process's environment, where nothing is yet.</summary>
    /// <exception cref="StartupException">The file cannot be read, or a line of it.</exception>
    internal static void Load(string directory)
    {
        if (Read(Path.Combine(directory, FileName)) is not { } text)
        {
            return;
        }
        var present = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(entry => SettingOf((string)entry.Key))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Parse(text))
        {
            if (!present.Contains(SettingOf(name)))
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    /// <returns>Names and values in their order; of two with one name the later counts.</returns>
    /// <exception cref="StartupException">A line is malformed.</exception>
    internal static List<(string Name, string Value)> Parse(string text)
    {
        var found = new List<(string, string)>();
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            var parts = Assignment().Match(line);
            if (!parts.Success)
            {
                throw Malformed(at, "it must be NAME=value, or begin with #");
            }
            found.Add((parts.Groups["name"].Value, Value(parts.Groups["value"].Value, at)));
        }
        return found;
    }

    /// <summary>Two spellings of one setting must not both come into the environment.</summary>
    private static string SettingOf(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new StartupException($"{file} cannot be read: {error.Message}", error);
        }
    }

    private static string Value(string given, int at)
    {
        if (given.Length == 0 || given[0] is not ('"' or '\''))
        {
            return Comment().Replace(given, "").TrimEnd();
        }
        var quote = given[0];
        var value = new StringBuilder();
        for (var i = 1; i < given.Length; i++)
        {
            if (given[i] == quote)
            {
                var rest = given[(i + 1)..].Trim();
                return rest.Length == 0 || rest[0] == '#'
                    ? value.ToString()
                    : throw Malformed(at, "after the closing quote only a comment may follow");
            }
            if (quote == '"' && given[i] == '\\' && i + 1 < given.Length)
            {
                value.Append(Escaped(given[++i], at));
                continue;
            }
            value.Append(given[i]);
        }
        throw Malformed(at, "its quote is never closed");
    }

    private static char Escaped(char letter, int at) =>
        letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' or '"' or '$' => letter,
            _ => throw Malformed(at, $"within double quotes \\{letter} means nothing (\\\\ is a backslash)"),
        };

    private static StartupException Malformed(int at, string why) => new($"{FileName}, line {at + 1}: {why}.");

    [GeneratedRegex(@"^(export\s+)?(?<name>[A-Za-z_][\w:.-]*)\s*=\s*(?<value>.*)$")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(^|\s+)#.*$")]
    private static partial Regex Comment();
}
