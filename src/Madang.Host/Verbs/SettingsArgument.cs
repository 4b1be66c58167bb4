using System.CommandLine;
using System.Text.RegularExpressions;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary>Any setting of the configuration on the command line, as <c>--Data:Directory=/srv/madang</c>.</summary>
internal static partial class SettingsArgument
{
    internal static Argument<string[]> New() =>
        new("settings") { Description = "Any setting, as --Section:Key=value.", Arity = ArgumentArity.ZeroOrMore };

    /// <exception cref="StartupException">A word is no setting: a mistyped option must not be passed over.</exception>
    internal static string[] Of(ParseResult parsed, Argument<string[]> argument)
    {
        var settings = parsed.GetValue(argument) ?? [];
        return Array.Find(settings, word => !Setting().IsMatch(word)) is { } unknown
            ? throw new StartupException(
                $"'{unknown}' is no option; a setting is given as --Section:Key=value, and --help lists the rest."
            )
            : settings;
    }

    /// <summary>A setting may stand before a verb's own arguments, which it must not be taken for.</summary>
    internal static string[] Last(string[] words) =>
        [.. words.Where(word => !Setting().IsMatch(word)), .. words.Where(word => Setting().IsMatch(word))];

    [GeneratedRegex(@"^--\w+(:\w+)+=")]
    private static partial Regex Setting();
}
