using System.CommandLine;
using System.Globalization;
using Madang.Foundation.Modules;
using Madang.Library.Lending;
using Madang.Library.Moving;

namespace Madang.Host.Verbs;

/// <summary><c>library export FILE</c>, <c>library import FILE</c> (<see cref="LibraryImportVerb"/>) and <c>library audit</c>; all may run beside a server.</summary>
internal static class LibraryVerb
{
    internal static Command Command() =>
        new Verb(
            "library",
            "Take books out, bring books in, or prove the stock; docs/library-moving.md says what a file may be."
        )
        {
            Export(),
            LibraryImportVerb.Command(),
            Audit(),
        };

    private static Command Export()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "Where to write: a name that ends with .csv, .json or .mrc, unless --format says it.",
        };
        var format = new Option<string?>("--format") { Description = "csv, json or marc (MARC 21 in UTF-8)." };
        format.AcceptOnlyFromAmong("csv", "json", "marc");
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "export",
            "Write all books with their tags and stock into a CSV, JSON or MARC 21 file.",
            "madang library export books.csv"
        )
        {
            file,
            format,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                Setup.WithServices(
                    SettingsArgument.Of(parsed, settings),
                    rooms => Write(parsed.GetValue(file)!, parsed.GetValue(format), rooms),
                    stop
                )
        );
        return verb;
    }

    private static Command Audit()
    {
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "audit",
            "Prove that each book's stock is the sum of its ledger, and that loans and ledger agree.",
            "madang library audit"
        )
        {
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                Setup.WithServices(
                    SettingsArgument.Of(parsed, settings),
                    rooms => Prove(rooms.GetRequiredService<LedgerAudit>(), stop),
                    stop
                )
        );
        return verb;
    }

    private static Task<int> Write(string file, string? format, IServiceProvider rooms)
    {
        var kind =
            format
            ?? Path.GetExtension(file).ToUpperInvariant() switch
            {
                ".CSV" => "csv",
                ".JSON" => "json",
                ".MRC" => "marc",
                _ => throw new StartupException(
                    "The file's name must end with .csv, .json or .mrc, or --format say which it is."
                ),
            };
        var export = rooms.GetRequiredService<BookExport>();
        return ExportedFile.Write(
            file,
            "Writing the books",
            export.Count,
            (to, step, stop) => export.Write(kind, to, step, stop)
        );
    }

    private static async Task<int> Prove(LedgerAudit audit, CancellationToken stop)
    {
        var total = await audit.Count(stop);
        var result = await Progress.Run("Going through the ledger", total, step => audit.Run(step, stop));
        foreach (var one in result.Disagreements)
        {
            Console.WriteLine($"book {one.Book}{(one.Loan is { } loan ? $", loan {loan}" : "")}: {one.Says}.");
        }
        var of = string.Create(CultureInfo.InvariantCulture, $"{result.Books:N0} books and {result.Loans:N0} loans");
        if (result.Disagreements.Count > 0)
        {
            throw new StartupException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of {of}, {result.Disagreements.Count:N0} places don't agree with the ledger."
                )
            );
        }
        Console.WriteLine($"{of} agree with the ledger.");
        return 0;
    }
}
