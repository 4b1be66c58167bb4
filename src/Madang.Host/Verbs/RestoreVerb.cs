using System.CommandLine;
using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary><c>restore FILE [--replace]</c>: a backup into the configured database, whichever of the two it came from.</summary>
internal static class RestoreVerb
{
    internal static Command Command()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A file that 'madang backup' wrote, on either database.",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Take the place of the users and uploads that are there; without it they are never touched.",
        };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "restore",
            "Bring a backup into the configured database, SQLite or PostgreSQL, while no server runs on it.",
            "madang restore /srv/backups/monday.zip --replace"
        )
        {
            file,
            replace,
            settings,
        };
        verb.SetAction(
            (parsed, _) => Run(parsed.GetValue(file)!, parsed.GetValue(replace), SettingsArgument.Of(parsed, settings))
        );
        return verb;
    }

    private static async Task<int> Run(string file, bool mayReplace, string[] settings)
    {
        using var interruption = new Interruption();
        var configuration = Setup.Configuration(settings);
        var directory = Setup.MakeDataDirectory(configuration);
        // Uploads live there whichever the database is.
        using var hold = DataFolder.Own(directory);
        using var backup = BackupFile.Open(Path.GetFullPath(file));
        var restore = new Restore(backup, Modules.All, directory, Progress.Run);
        try
        {
            if (Setup.IsPostgres(configuration))
            {
                await using var db = Setup.OpenDatabase(configuration, TimeProvider.System);
                await restore.IntoPostgres(db, mayReplace, interruption.Token);
            }
            else
            {
                await restore.IntoSqlite(
                    Setup.SqliteFile(configuration),
                    configuration["Data:SqliteLibrary"],
                    TimeProvider.System,
                    mayReplace,
                    interruption.Token
                );
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartupException($"The restore could not be done: {error.Message}", error);
        }
        Console.WriteLine(
            $"{Summary.Of(backup.Manifest)} restored from the backup of {backup.Manifest.MadeAt:yyyy-MM-dd HH:mm} UTC."
        );
        if (restore.LostNuls > 0)
        {
            Console.WriteLine(
                $"{restore.LostNuls} NUL characters were left out of texts: PostgreSQL cannot hold them."
            );
        }
        if (restore.MayGiveIdsAgain)
        {
            Console.WriteLine(
                "The old database could not be read any more: ids that it gave after the backup may be given again."
            );
        }
        return 0;
    }
}
