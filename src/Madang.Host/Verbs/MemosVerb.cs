using System.CommandLine;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Moving;
using Madang.Memos.Moving;

namespace Madang.Host.Verbs;

/// <summary><c>memos export FILE --user EMAIL</c> and <c>memos import FILE --user EMAIL</c>; both may run beside a server.</summary>
internal static class MemosVerb
{
    internal static Command Command() =>
        new Verb("memos", "Take a user's memos out, or bring memos in; docs/memos-moving.md says what a file may be.")
        {
            Export(),
            Import(),
        };

    private static Command Export()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "Where to write: a name that ends with .zip or .json.",
        };
        var user = User();
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "export",
            "Write all memos of a user into a zip of Markdown files, or one JSON file.",
            "madang memos export haneul.zip --user haneul@example.com"
        )
        {
            file,
            user,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                With(
                    parsed.GetValue(user)!,
                    SettingsArgument.Of(parsed, settings),
                    (owner, rooms) => MemosExport.Write(parsed.GetValue(file)!, owner, rooms),
                    stop
                )
        );
        return verb;
    }

    private static Command Import()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A zip or JSON that a yard exported, or JSON or the database of usememos.",
        };
        var user = User();
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would come in, and change nothing." };
        var author = new Option<string?>("--author")
        {
            Description = "Of a database of several people: the user name of the one whose memos are meant.",
        };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "import",
            "Bring memos in; the same file imported again adds nothing.",
            "madang memos import haneul.zip --user haneul@example.com --dry-run",
            "madang memos import memos_prod.db --user haneul@example.com --author haneul"
        )
        {
            file,
            user,
            dryRun,
            author,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                With(
                    parsed.GetValue(user)!,
                    SettingsArgument.Of(parsed, settings),
                    (owner, rooms) =>
                        Read(
                            parsed.GetValue(file)!,
                            owner,
                            parsed.GetValue(dryRun),
                            parsed.GetValue(author),
                            rooms.GetRequiredService<ImportRun>(),
                            stop
                        ),
                    stop
                )
        );
        return verb;
    }

    private static Option<string> User() =>
        new("--user") { Description = "The user's e-mail address.", Required = true };

    internal static Task<int> With(
        string email,
        string[] settings,
        Func<long, IServiceProvider, Task<int>> work,
        CancellationToken stop
    ) =>
        Setup.WithServices(
            settings,
            async rooms =>
            {
                var key = Fold.Key(email);
                var owner = await rooms
                    .GetRequiredService<Database>()
                    .Read(
                        sql =>
                            sql.First<long?>(
                                "SELECT id FROM users WHERE email_key = @key AND deleted_at IS NULL",
                                new { key }
                            ),
                        stop
                    );
                return owner is { } id
                    ? await work(id, rooms)
                    : throw new StartupException($"Nobody here has the e-mail address {email}.");
            },
            stop
        );

    private static async Task<int> Read(
        string file,
        long owner,
        bool isDryRun,
        string? author,
        ImportRun run,
        CancellationToken stop
    )
    {
        try
        {
            await using var from = new FileStream(file, FileMode.Open, FileAccess.Read);
            var count = await Progress.Run(
                isDryRun ? "Looking at memos" : "Bringing memos in",
                0,
                step =>
                {
                    var told = 0;
                    Task Tell(ImportCount so)
                    {
                        var done = so.Added + so.Present + so.Refused;
                        step(done - told);
                        told = done;
                        return Task.CompletedTask;
                    }
                    return isDryRun
                        ? run.Try(from, author, owner, Tell, stop)
                        : run.Take(from, author, owner, (_, _) => Task.CompletedTask, Tell, stop);
                }
            );
            foreach (var refusal in count.Refusals)
            {
                Console.WriteLine($"{refusal.Place}: {refusal.Reason}");
            }
            Console.WriteLine(
                $"{(isDryRun ? "Nothing was changed. New: " : "Added: ")}{count.Added}, here already: {count.Present}, refused: {count.Refused}; new pictures: {count.Pictures}, refused: {count.PicturesRefused}."
            );
            return 0;
        }
        catch (BrokenImportException error)
        {
            var detail = error.Detail is null ? "" : $" ({error.Detail})";
            throw new StartupException($"{file} can't be imported: {error.Problem}{detail}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{file} can't be read: {error.Message}", error);
        }
    }
}
