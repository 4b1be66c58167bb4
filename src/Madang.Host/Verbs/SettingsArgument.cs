using System.CommandLine;

namespace Madang.Host.Verbs;

/// <summary>Any setting of the configuration on the command line, as <c>--Data:Directory=/srv/madang</c>.</summary>
internal static class SettingsArgument
{
    internal static Argument<string[]> New() =>
        new("settings") { Description = "Any setting, as --Section:Key=value.", Arity = ArgumentArity.ZeroOrMore };
}
