using System.CommandLine;
using Madang.Foundation.Modules;
using Madang.Foundation.Samples;
using Madang.Foundation.Schema;

namespace Madang.Host.Verbs;

/// <summary><c>demo [--force]</c>: fills an empty yard with a year of a made-up team's life.</summary>
internal static class DemoVerb
{
    internal static Command Command()
    {
        var force = new Option<bool>("--force")
        {
            Description = "Add the made-up members to a yard that has users already; none of these is touched.",
        };
        var settings = SettingsArgument.New();
        var verb = new Command(
            "demo",
            "Fill an empty yard with made-up members and a few hundred memos of the past year, and print how to sign in. "
                + "Run again, it adds nothing."
        )
        {
            force,
            settings,
        };
        verb.SetAction((parsed, stop) => Run(parsed.GetValue(force), SettingsArgument.Of(parsed, settings), stop));
        return verb;
    }

    private static async Task<int> Run(bool isForced, string[] settings, CancellationToken stop)
    {
        var configuration = Setup.Configuration(settings);
        await using var db = Setup.OpenDatabase(configuration, TimeProvider.System);
        await Setup.Migrate(new SchemaRunner(db, Modules.All), db, stop);
        var people = new DemoPeople(db);
        var (hasUsers, hasDemo) = await people.Look(stop);
        if (hasDemo)
        {
            Console.WriteLine("The demonstration is here already; nothing was added.");
            return 0;
        }
        if (hasUsers && !isForced)
        {
            throw new StartupException(
                "This yard has users already, and a demonstration would stand among what is theirs: try an empty --Data:Directory, or --force."
            );
        }
        var password = DemoPeople.NewPassword();
        var made =
            await people.Make(password, stop)
            ?? throw new StartupException("One of the demonstration's e-mail addresses is taken; nothing was added.");
        await using var rooms = Setup.Rooms(configuration, db);
        foreach (var source in rooms.GetServices<ISampleSource>())
        {
            var lines = new ProgressLines("memos");
            var added = await source.Add(made, SampleSize.Year, lines.Tell, stop);
            Console.WriteLine($"Added {added} memos.");
        }
        Console.WriteLine($"Sign in as {string.Join(", ", DemoPeople.Emails)}");
        Console.WriteLine($"with the password {password} (it is shown only this once).");
        return 0;
    }
}
