using System.CommandLine;
using System.Globalization;
using Madang.Foundation.Modules;
using Madang.Foundation.Moving;
using Madang.Links.Moving;

namespace Madang.Host.Verbs;

/// <summary><c>links export FILE --owner EMAIL</c> and <c>links import FILE --from … --owner EMAIL</c>; both may run beside a server.</summary>
internal static class LinksVerb
{
    internal static Command Command() =>
        new Verb("links", "Take a user's links out, or bring links in; docs/links.md says what a file may be.")
        {
            Export(),
            Import(),
        };

    private static Command Export()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "Where to write; a file that is there is not overwritten.",
        };
        var owner = Owner("Whose links.");
        var format = new Option<string?>("--format")
        {
            Description = "csv or json; when left out, what the file's name ends with.",
        };
        format.AcceptOnlyFromAmong("csv", "json");
        var all = new Option<bool>("--all") { Description = "The team's links too." };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "export",
            "Write all links of a user, with tags, times, limits and counts, into a CSV or JSON file.",
            "madang links export haneul.csv --owner haneul@example.com",
            "madang links export everything.json --owner haneul@example.com --all"
        )
        {
            file,
            owner,
            format,
            all,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                MemosVerb.With(
                    parsed.GetValue(owner)!,
                    SettingsArgument.Of(parsed, settings),
                    (id, rooms) =>
                        Write(parsed.GetValue(file)!, parsed.GetValue(format), id, parsed.GetValue(all), rooms),
                    stop
                )
        );
        return verb;
    }

    private static Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "CSV, JSON or lines of addresses, in UTF-8." };
        var from = new Option<string>("--from") { Description = "Whose file it is.", Required = true };
        from.AcceptOnlyFromAmong([.. LinkSource.Names]);
        var owner = Owner("Whose links they become.");
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Tell line by line what would happen, and change nothing.",
        };
        var newSlugs = new Option<bool>("--new-slugs")
        {
            Description = "Give another slug where one can't be had, instead of refusing the link.",
        };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "import",
            "Bring links in; the same file imported again adds nothing.",
            "madang links import shlink.csv --from shlink --owner haneul@example.com --dry-run",
            "madang links import yourls.json --from yourls --owner haneul@example.com --new-slugs"
        )
        {
            file,
            from,
            owner,
            dryRun,
            newSlugs,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                MemosVerb.With(
                    parsed.GetValue(owner)!,
                    SettingsArgument.Of(parsed, settings),
                    (id, rooms) =>
                        Read(
                            parsed.GetValue(file)!,
                            new(
                                id,
                                parsed.GetValue(from)!,
                                parsed.GetValue(newSlugs),
                                rooms.GetRequiredService<IConfiguration>()["Public:BaseUrl"] ?? ""
                            ),
                            parsed.GetValue(dryRun),
                            rooms.GetRequiredService<LinkImportRun>(),
                            stop
                        ),
                    stop
                )
        );
        return verb;
    }

    private static Option<string> Owner(string what) =>
        new("--owner") { Description = $"{what} A user's e-mail address.", Required = true };

    private static Task<int> Write(string file, string? format, long owner, bool withTeam, IServiceProvider rooms)
    {
        var isJson = format is null ? file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) : format == "json";
        if (format is null && !isJson && !file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException("The file's name must end with .csv or .json, or --format say which it is.");
        }
        var export = rooms.GetRequiredService<LinkExport>();
        return ExportedFile.Write(
            file,
            "Writing the links",
            stop => export.Count(owner, withTeam, stop),
            (to, step, stop) =>
                isJson
                    ? export.WriteJson(to, owner, withTeam, step, stop)
                    : export.WriteCsv(to, owner, withTeam, step, stop)
        );
    }

    private static async Task<int> Read(
        string file,
        ImportPlan plan,
        bool isDryRun,
        LinkImportRun run,
        CancellationToken stop
    )
    {
        // Verbs speak English, whatever language the terminal does.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var told = new List<ImportLine>();
        try
        {
            await using var from = new FileStream(file, FileMode.Open, FileAccess.Read);
            var count = await Progress.Run(
                isDryRun ? "Looking at links" : "Bringing links in",
                0,
                step =>
                    run.Run(
                        from,
                        plan,
                        isDryRun,
                        (_, _) => Task.CompletedTask,
                        (_, lines) =>
                        {
                            told.AddRange(isDryRun ? lines : lines.Where(line => line.Reason is not null));
                            step(lines.Count);
                            return Task.CompletedTask;
                        },
                        stop
                    )
            );
            foreach (var line in told)
            {
                var outcome = ImportSentences.OfOutcome(line, isDryRun);
                Console.WriteLine($"{line.Line}\t{outcome}\t{Foreign.Shown(line.Slug)}\t{Foreign.Shown(line.Url)}");
            }
            Console.WriteLine(
                $"{(isDryRun ? "Nothing was changed. New: " : "Added: ")}{count.Added}, with another slug: {count.Renamed}, here already: {count.Present}, refused: {count.Refused}."
            );
            return 0;
        }
        catch (BrokenImportException error)
        {
            throw new StartupException($"{file} can't be imported. {ImportSentences.OfFile(error.Problem)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{file} can't be read: {error.Message}", error);
        }
    }
}
