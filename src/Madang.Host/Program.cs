using System.CommandLine;
using System.Data.Common;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Host.Verbs;

[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.Tests")]

namespace Madang.Host;

/// <summary>The program: a verb, and <c>serve</c> when there is none.</summary>
public static class Program
{
    /// <summary>Runs a verb.</summary>
    /// <returns>0 when it did what it was asked, 1 when it could not, with one sentence on standard error.</returns>
    public static async Task<int> Main(string[] args)
    {
        var root = Root();
        var isBare =
            args.Length == 0 || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version"));
        try
        {
            DotEnv.Load(Directory.GetCurrentDirectory());
            var parsed = root.Parse(SettingsArgument.Last(isBare ? ["serve", .. args] : args));
            if (parsed.Errors.Count > 0 && parsed.CommandResult.Command == root)
            {
                throw new StartupException(
                    $"There is no verb '{args[0]}': the verbs are {string.Join(", ", root.Subcommands.Select(verb => verb.Name))}."
                );
            }
            if (parsed.Errors.Count > 0)
            {
                throw new StartupException(parsed.Errors[0].Message);
            }
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        }
        catch (StartupException error)
        {
            return await Refuse(error.Message);
        }
        catch (DatabaseUnavailableException error)
        {
            return await Refuse($"The database does not answer: {error.InnerException!.Message}");
        }
        catch (DbException error)
        {
            return await Refuse($"The database refused: {error.Message}");
        }
        catch (OperationCanceledException)
        {
            return await Refuse("Interrupted: nothing was changed.");
        }
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand("Madang, a yard for your team: one self-hosted program.");
        root.Subcommands.Add(ServeVerb.Command());
        root.Subcommands.Add(MigrateVerb.Command());
        root.Subcommands.Add(BackupVerb.Command());
        root.Subcommands.Add(RestoreVerb.Command());
        root.Subcommands.Add(UserVerb.Command());
        root.Subcommands.Add(KeysVerb.Command());
        root.Subcommands.Add(DoctorVerb.Command());
        root.Subcommands.Add(DemoVerb.Command());
        root.Subcommands.Add(MemosVerb.Command());
        root.Subcommands.Add(LinksVerb.Command());
        root.Subcommands.Add(LibraryVerb.Command());
        Verb.ShowExamples(root);
        return root;
    }

    private static async Task<int> Refuse(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence.ReplaceLineEndings(" "));
        return 1;
    }
}
