using System.CommandLine;
using Madang.Foundation.Accounts;
using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary><c>backup FILE [--overwrite]</c>: everything in one file, beside a running server.</summary>
internal static class BackupVerb
{
    internal static Command Command()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The file to write, such as /srv/backups/monday.zip; it appears only when it is whole.",
        };
        var overwrite = new Option<bool>("--overwrite")
        {
            Description = "Take the place of a file of that name; it stays until the new one is whole.",
        };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "backup",
            "Write the database, its keys and the uploads into one file, beside a running server.",
            "madang backup /srv/backups/monday.zip"
        )
        {
            file,
            overwrite,
            settings,
        };
        verb.SetAction(
            (parsed, _) =>
                Run(parsed.GetValue(file)!, parsed.GetValue(overwrite), SettingsArgument.Of(parsed, settings))
        );
        return verb;
    }

    private static async Task<int> Run(string file, bool mayOverwrite, string[] settings)
    {
        using var interruption = new Interruption();
        var configuration = Setup.Configuration(settings);
        await using var db = Setup.OpenExisting(configuration);
        var backup = new Backup(
            db,
            Modules.All,
            Setup.DataDirectory(configuration),
            configuration["Data:SqliteLibrary"],
            Progress.Run
        );
        var path = Path.GetFullPath(file);
        Manifest manifest;
        try
        {
            manifest = await backup.Write(path, mayOverwrite, interruption.Token);
        }
        catch (Exception error) when (CannotBeWritten(error))
        {
            var why = (error as DatabaseUnavailableException)?.InnerException?.Message ?? error.Message;
            throw new StartupException($"The backup could not be written, and nothing is left of it: {why}", error);
        }
        await Remember(db);
        if (!backup.WasTried)
        {
            Console.WriteLine(
                "There is no SQLite here to load the backup into, so it was only read again: every checksum is right, every line is a row."
            );
        }
        Console.WriteLine($"{Summary.Of(manifest)} backed up to {path} ({Summary.Bytes(new FileInfo(path).Length)}).");
        return 0;
    }

    private static bool CannotBeWritten(Exception error) =>
        error is IOException or UnauthorizedAccessException or DatabaseUnavailableException { IsDiskFull: true };

    /// <summary>So that <c>doctor</c> can tell its age. The backup is good without it.</summary>
    private static async Task Remember(Database db)
    {
        try
        {
            await db.Write(WorkspaceStore.RememberBackup, CancellationToken.None);
        }
        catch (DatabaseUnavailableException)
        {
            Console.WriteLine("The database takes no writes now, so doctor will not know of this backup.");
        }
    }
}
