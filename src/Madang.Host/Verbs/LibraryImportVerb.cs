using System.CommandLine;
using System.Globalization;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Moving;
using Madang.Library.Moving;

namespace Madang.Host.Verbs;

/// <summary><c>library import FILE</c>: what it finds stands on standard output, and how far it is beside it.</summary>
internal static class LibraryImportVerb
{
    internal static Command Command()
    {
        var file = new Argument<string>("FILE")
        {
            Description =
                "CSV, TSV, .xlsx, a table of HTML, JSON, MARC 21, KORMARC or MARCXML, in UTF-8 or EUC-KR; of any size.",
        };
        var from = new Option<string?>("--from")
        {
            Description = "Whose file it is; its content tells, when left out.",
        };
        from.AcceptOnlyFromAmong([.. BookFile.Sources]);
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Tell line by line what would happen, and change nothing.",
        };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "import",
            "Bring books in; one that is here already stays as it is.",
            "madang library import kyobo.xlsx --dry-run",
            "madang library import catalogue.mrc --from kormarc"
        )
        {
            file,
            from,
            dryRun,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                Setup.WithServices(
                    SettingsArgument.Of(parsed, settings),
                    rooms =>
                        Read(
                            parsed.GetValue(file)!,
                            new(null, parsed.GetValue(from)),
                            parsed.GetValue(dryRun),
                            rooms.GetRequiredService<BookImportRun>(),
                            stop
                        ),
                    stop
                )
        );
        return verb;
    }

    private static async Task<int> Read(
        string file,
        BookImportPlan plan,
        bool isDryRun,
        BookImportRun run,
        CancellationToken stop
    )
    {
        // Verbs speak English, whatever language the terminal does.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var watch = new Watch(isDryRun);
        try
        {
            await using var from = new FileStream(file, FileMode.Open, FileAccess.Read);
            await Progress.BesideOutput(
                isDryRun ? "Looking at books" : "Bringing books in",
                tell =>
                {
                    watch.Bar = tell;
                    return run.Run(from, plan, isDryRun, watch, stop);
                }
            );
            return 0;
        }
        catch (BrokenImportException error)
        {
            throw new StartupException(
                $"{file} can't be imported. {BookImportSentences.OfFile(error.Problem, error.Detail)}",
                error
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{file} can't be read: {error.Message}", error);
        }
        finally
        {
            // However it ends: what was added stays.
            watch.Say();
        }
    }

    /// <summary>Keeps the lines for the end: a bar is written over and over, and nothing can stand in its midst.</summary>
    private sealed class Watch(bool isDryRun) : IBookImportWatch
    {
        private readonly List<BookImportLine> refused = [];
        private readonly List<BookImportLine> others = [];
        private BookImportCount? told;

        internal Action<long, long>? Bar { get; set; }

        public void Read(int books) => Bar?.Invoke(books, 0);

        public Task Write(Sql sql, BookImportCount count, IReadOnlyList<BookImportLine> lines) => Task.CompletedTask;

        public Task Tell(BookImportCount count, IReadOnlyList<BookImportLine> lines, CancellationToken stop)
        {
            told = count;
            refused.AddRange(lines.Where(line => line.Reason is not null));
            others.AddRange(lines.Where(line => isDryRun && line.Reason is null));
            Bar?.Invoke(count.Done, count.Total);
            return Task.CompletedTask;
        }

        internal void Say()
        {
            foreach (var line in refused.Concat(others))
            {
                var outcome = BookImportSentences.OfOutcome(line, isDryRun);
                Console.WriteLine($"{line.Line}\t{outcome}\t{Foreign.Shown(line.Isbn)}\t{Foreign.Shown(line.Title)}");
            }
            if (told is { } count)
            {
                Console.WriteLine(
                    $"{(isDryRun ? "Nothing was changed. New: " : "Added: ")}{count.Added}, here already: {count.Present}, refused: {count.Refused}."
                );
            }
        }
    }
}
