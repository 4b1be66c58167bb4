using System.CommandLine;
using System.CommandLine.Help;
using Madang.Host;

namespace Madang.Tests.Verbs;

/// <summary>The help of every verb is whole.</summary>
public sealed class ReadingHelp
{
    public static TheoryData<string> Verbs => [.. Paths(Program.Root(), "")];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_names_and_describes_all_it_takes_and_shows_how_it_is_called(string verb)
    {
        var words = verb.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var output = new StringWriter();
        var parsed = Program.Root().Parse([.. words, "--help"]);
        var code = await parsed.InvokeAsync(
            new InvocationConfiguration { Output = output },
            TestContext.Current.CancellationToken
        );
        // Lines are broken at the width of the terminal.
        var help = string.Join(' ', output.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(0, code);
        var command = parsed.CommandResult.Command;
        Symbol[] parts =
        [
            command,
            .. command.Arguments,
            .. command.Options.Where(one => one is not HelpOption),
            .. command.Subcommands,
        ];
        Assert.All(
            parts,
            part =>
            {
                Assert.Contains(part is RootCommand ? "Usage:" : part.Name, help, StringComparison.Ordinal);
                Assert.True(part.Description is { Length: > 10 }, $"{part.Name} is not described.");
                Assert.EndsWith(".", part is VersionOption ? "." : part.Description, StringComparison.Ordinal);
                Assert.Contains(part.Description, help, StringComparison.Ordinal);
            }
        );
        if (command.Subcommands.Count == 0)
        {
            Assert.Contains($"Example", help, StringComparison.Ordinal);
            Assert.Contains($" madang {verb}", help, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(verb => Paths(verb, $"{path} {verb.Name}".Trim())).Prepend(path);
}
