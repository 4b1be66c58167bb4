using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;

namespace Madang.Host.Verbs;

/// <summary>What every verb begins with: the configuration, and the database that it names.</summary>
internal static class Setup
{
    /// <summary>The configuration of a verb that serves nothing.</summary>
    internal static IConfiguration Configuration(string[] settings) =>
        new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build();

    /// <exception cref="StartupException">It cannot be opened.</exception>
    internal static Database OpenDatabase(IConfiguration configuration, TimeProvider clock)
    {
        if (configuration["Data:Postgres"] is { Length: > 0 } postgres)
        {
            return Database.OpenPostgres(postgres, clock);
        }
        var directory = Path.GetFullPath(configuration["Data:Directory"] ?? "data");
        try
        {
            MakePrivate(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {directory} cannot be made: {error.Message}", error);
        }
        return Database.OpenSqlite(Path.Combine(directory, "madang.db"), configuration["Data:SqliteLibrary"], clock);
    }

    /// <summary>Brings an embedded database to this release's schema; a shared one must be there already.</summary>
    /// <exception cref="StartupException">A migration is pending on a shared one.</exception>
    internal static async Task Migrate(SchemaRunner schema, Database db, CancellationToken stop)
    {
        if (db.Dialect == Dialect.Sqlite)
        {
            await schema.Migrate(stop);
        }
        else if (await schema.Pending(stop) is { Count: > 0 } pending)
        {
            throw new StartupException($"The database lacks {string.Join(", ", pending)}: run 'madang migrate' first.");
        }
    }

    /// <summary>What the rooms have for verbs, without a server around it. Nothing of it runs by itself.</summary>
    internal static ServiceProvider Rooms(IConfiguration configuration, Database db)
    {
        var services = new ServiceCollection();
        services.AddVerbs(configuration, db);
        foreach (var room in Modules.All)
        {
            room.AddServices(services);
        }
        return services.BuildServiceProvider();
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
