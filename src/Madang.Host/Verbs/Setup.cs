using System.Globalization;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;

namespace Madang.Host.Verbs;

/// <summary>What every verb begins with: the configuration, and the database that it names.</summary>
internal static class Setup
{
    /// <summary>A verb is over before its files change; each watch would take one of the few that the system allows.</summary>
    private const string NoWatching = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>The configuration of a verb that serves nothing: the server's, whatever that is read from.</summary>
    internal static IConfiguration Configuration(string[] settings) => Builder([NoWatching, .. settings]).Configuration;

    /// <param name="configuration">Names it.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="place">Takes a place in the folder of an embedded one, beside others when left out.</param>
    /// <exception cref="StartupException">It cannot be opened.</exception>
    internal static Database OpenDatabase(
        IConfiguration configuration,
        TimeProvider clock,
        Func<string, IDisposable>? place = null
    )
    {
        var timeLimit = TimeLimit(configuration["Data:TimeLimit"]);
        if (configuration["Data:Postgres"] is { Length: > 0 } postgres)
        {
            return Database.OpenPostgres(postgres, clock, timeLimit);
        }
        var hold = (place ?? DataFolder.Share)(MakeDataDirectory(configuration));
        try
        {
            return Database.OpenSqlite(
                SqliteFile(configuration),
                configuration["Data:SqliteLibrary"],
                clock,
                timeLimit,
                hold
            );
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>For verbs that look at a database or change what is in it: none of them makes one in a folder that was mistyped.</summary>
    /// <exception cref="StartupException">There is none, or it cannot be opened.</exception>
    internal static Database OpenExisting(IConfiguration configuration) =>
        IsPostgres(configuration) || File.Exists(SqliteFile(configuration))
            ? OpenDatabase(configuration, TimeProvider.System)
            : throw new StartupException(
                $"There is no database in {DataDirectory(configuration)}: name its folder with --Data:Directory=…, or start the server once."
            );

    /// <summary>The services of the server without the server: nothing listens, no worker runs.</summary>
    internal static WebApplication Services(string[] settings, Database db)
    {
        var builder = Builder([NoWatching, .. settings]);
        SettingsCheck.Run(builder.Configuration);
        builder.AddFoundation(new Rooms(Modules.All, Modules.All), db);
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    /// <summary>Does a verb's work with the server's services on a database that is there.</summary>
    /// <exception cref="StartupException">There is no database, or it isn't at this release's schema.</exception>
    internal static async Task<int> WithServices(
        string[] settings,
        Func<IServiceProvider, Task<int>> work,
        CancellationToken stop
    )
    {
        await using var db = OpenExisting(Configuration(settings));
        await RequireSchema(new SchemaRunner(db, Modules.All), stop);
        await using var rooms = Services(settings, db);
        return await work(rooms.Services);
    }

    internal static WebApplicationBuilder Builder(string[] settings) =>
        // Slim: without the parts of other servers than Kestrel, and of other systems' logs, that a start would load.
        WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                // Named, so that a test that starts a server finds the same settings and static files.
                ApplicationName = typeof(Setup).Assembly.GetName().Name,
                // A setting that changes while the server runs would be half in use.
                Args = ["--hostBuilder:reloadConfigOnChange=false", .. settings],
                ContentRootPath = AppContext.BaseDirectory,
            }
        );

    internal static bool IsPostgres(IConfiguration configuration) => configuration["Data:Postgres"] is { Length: > 0 };

    internal static string DataDirectory(IConfiguration configuration) =>
        Path.GetFullPath(configuration["Data:Directory"] ?? "data");

    internal static string SqliteFile(IConfiguration configuration) =>
        Path.Combine(DataDirectory(configuration), "madang.db");

    /// <exception cref="StartupException">It cannot be made.</exception>
    internal static string MakeDataDirectory(IConfiguration configuration)
    {
        var directory = DataDirectory(configuration);
        try
        {
            MakePrivate(directory);
            return directory;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {directory} cannot be made: {error.Message}", error);
        }
    }

    /// <summary>Brings an embedded database to this release's schema; a shared one must be there already.</summary>
    /// <exception cref="StartupException">A migration is pending on a shared one.</exception>
    internal static async Task Migrate(SchemaRunner schema, Database db, CancellationToken stop)
    {
        if (db.Dialect == Dialect.Sqlite)
        {
            await schema.Migrate(stop);
        }
        else
        {
            await RequireSchema(schema, stop);
        }
    }

    /// <exception cref="StartupException">A migration is pending.</exception>
    internal static async Task RequireSchema(SchemaRunner schema, CancellationToken stop)
    {
        if (await schema.Pending(stop) is { Count: > 0 } pending)
        {
            throw new StartupException($"The database lacks {string.Join(", ", pending)}: run 'madang migrate' first.");
        }
    }

    private static TimeSpan TimeLimit(string? seconds)
    {
        if (string.IsNullOrEmpty(seconds))
        {
            return Database.UsualTimeLimit;
        }
        return
            int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= 300
            ? TimeSpan.FromSeconds(limit)
            : throw new StartupException(
                $"Data:TimeLimit is '{seconds}', but must be a number of seconds from 1 to 300."
            );
    }

    /// <summary>The database holds the keys that sessions are made with: nobody else on this machine may read it.</summary>
    private static void MakePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
