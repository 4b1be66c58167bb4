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
        var verb = new Verb(
            "demo",
            "Fill an empty yard with made-up members with a few hundred memos and books, loans and some links of the past year, and print how to sign in. "
                + "Run again, it adds what is missing, and nothing when all is there.",
            "madang demo",
            "madang demo --Data:Directory=/tmp/demo"
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
        var (hasUsers, demo) = await people.Look(stop);
        if (demo.Count is > 0 && demo.Count < DemoPeople.Count)
        {
            Console.WriteLine("Of the demonstration's members some are gone: nothing was added.");
            return 0;
        }
        if (demo.Count == 0)
        {
            demo = await Make(people, hasUsers, isForced, stop);
        }
        else
        {
            Console.WriteLine(
                $"The demonstration's members are here already; where their password is lost, 'madang user password {DemoPeople.Emails.First()}' gives another."
            );
        }
        await using var rooms = Setup.Services(settings, db);
        var added = 0;
        foreach (var source in rooms.Services.GetServices<ISampleSource>())
        {
            added += await Write(source, demo, stop);
        }
        Console.WriteLine(
            added == 0
                ? "All memos, links and books are here already; nothing was added."
                : $"Added {added} memos, links and books."
        );
        return 0;
    }

    /// <summary>The password is told before anything else can fail: what is missing then comes with the next run.</summary>
    private static async Task<IReadOnlyList<SamplePerson>> Make(
        DemoPeople people,
        bool hasUsers,
        bool isForced,
        CancellationToken stop
    )
    {
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
        Console.WriteLine($"Sign in as {string.Join(", ", DemoPeople.Emails)}");
        Console.WriteLine($"with the password {password} (it is shown only this once).");
        return made;
    }

    private static Task<int> Write(ISampleSource source, IReadOnlyList<SamplePerson> demo, CancellationToken stop) =>
        Progress.Run(
            "Writing memos, links and books",
            0,
            step =>
            {
                var told = 0;
                return source.Add(
                    demo,
                    SampleSize.Year,
                    (done, _) =>
                    {
                        step(done - told);
                        told = done;
                    },
                    stop
                );
            }
        );
}
