using System.CommandLine;
using Madang.Foundation.Schema;

namespace Madang.Host.Verbs;

/// <summary><c>migrate [--check]</c>: brings the database to this release's schema.</summary>
internal static class MigrateVerb
{
    internal static Command Command()
    {
        var check = new Option<bool>("--check")
        {
            Description = "Change nothing; exit code 1 when something is pending.",
        };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "migrate",
            "Bring the database to this release's schema, then exit.",
            "madang migrate",
            "madang migrate --check"
        )
        {
            check,
            settings,
        };
        verb.SetAction((parsed, stop) => Run(parsed.GetValue(check), SettingsArgument.Of(parsed, settings), stop));
        return verb;
    }

    private static async Task<int> Run(bool isCheck, string[] settings, CancellationToken stop)
    {
        await using var db = Setup.OpenDatabase(Setup.Configuration(settings), TimeProvider.System);
        var schema = new SchemaRunner(db, Modules.All);
        if (!isCheck)
        {
            var ran = await schema.Migrate(stop);
            Console.WriteLine(ran.Count == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", ran)}");
            return 0;
        }
        var pending = await schema.Pending(stop);
        Console.WriteLine(pending.Count == 0 ? "The schema is up to date." : $"Pending: {string.Join(", ", pending)}");
        return pending.Count == 0 ? 0 : 1;
    }
}
