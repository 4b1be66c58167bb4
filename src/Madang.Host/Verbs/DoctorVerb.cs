using System.CommandLine;
using System.Globalization;
using Madang.Foundation.Checkups;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary><c>doctor</c>: looks at everything an operator must keep in order, a line each.</summary>
internal static class DoctorVerb
{
    internal static Command Command()
    {
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "doctor",
            "Look at database, disk, clock, files, mail, keys and the rest, a line each: ok, warning or problem. Exit code 1 when there is a problem; it leaves everything as it was.",
            "madang doctor"
        )
        {
            settings,
        };
        verb.SetAction((parsed, stop) => Run(SettingsArgument.Of(parsed, settings), stop));
        return verb;
    }

    private static async Task<int> Run(string[] settings, CancellationToken stop)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var worst = Verdict.Ok;
        try
        {
            await using var db = Setup.OpenExisting(Setup.Configuration(settings));
            await using var services = Setup.Services(settings, db);
            foreach (var checkup in services.Services.GetServices<ICheckup>())
            {
                foreach (var finding in await Doctor.Examine(checkup, stop))
                {
                    Tell(checkup.Name, finding);
                    worst = finding.Verdict > worst ? finding.Verdict : worst;
                }
            }
        }
        catch (StartupException error)
        {
            Tell("start", new(Verdict.Problem, error.Message));
            worst = Verdict.Problem;
        }
        return worst == Verdict.Problem ? 1 : 0;
    }

    private static void Tell(string name, Finding finding)
    {
        var verdict = finding.Verdict switch
        {
            Verdict.Ok => "ok",
            Verdict.Warning => "warning",
            _ => "problem",
        };
        Console.WriteLine($"{verdict, -8} {name, -11} {finding.Text.ReplaceLineEndings(" ")}");
    }
}
