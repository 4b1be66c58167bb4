using System.Globalization;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;

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
        var timeLimit = TimeLimit(configuration["Data:TimeLimit"]);
        if (configuration["Data:Postgres"] is { Length: > 0 } postgres)
        {
            return Database.OpenPostgres(postgres, clock, timeLimit);
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
        return Database.OpenSqlite(
            Path.Combine(directory, "madang.db"),
            configuration["Data:SqliteLibrary"],
            clock,
            timeLimit
        );
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
