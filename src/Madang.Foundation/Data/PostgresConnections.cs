using System.Globalization;
using Madang.Foundation.Modules;
using Npgsql;

namespace Madang.Foundation.Data;

/// <summary>
/// How connections to PostgreSQL are set up, so that one that hangs holds up nobody: the server ends long statements by itself,
/// the operating system finds out that the other machine is gone, and a request waits no longer than its limit whatever they do.
/// </summary>
internal static class PostgresConnections
{
    /// <exception cref="StartupException">The connection string is not one.</exception>
    internal static NpgsqlDataSource Source(string connectionString, TimeSpan timeLimit)
    {
        try
        {
            return NpgsqlDataSource.Create(Settings(connectionString, timeLimit));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StartupException($"Data:Postgres is not a connection string: {error.Message}", error);
        }
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString, TimeSpan timeLimit)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "madang",
            Timezone = "UTC",
            // Npgsql's own limit cancels: it opens a second connection and blocks a thread until the server has answered there, which
            // a frozen one never does, and a commit cancelled while it waits for a standby is told as done. So there is none.
            CommandTimeout = 0,
            // A machine that is gone without a word is found out within 5 + 9 × 2 seconds (Linux).
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 2,
        };
        settings.MaxAutoPrepare = settings.MaxAutoPrepare == 0 ? 200 : settings.MaxAutoPrepare;
        var isOneOfSeveral = settings.Host?.Contains(',', StringComparison.Ordinal) == true;
        // Of several hosts the second one is still tried within the limit when the first one hangs.
        var mostSeconds = Math.Max(1, (int)timeLimit.TotalSeconds / (isOneOfSeveral ? 2 : 1));
        settings.Timeout = settings.Timeout == 0 ? mostSeconds : Math.Min(settings.Timeout, mostSeconds);
        // For a pooler that takes no start-up options the connection string says Options=' ', and the pooler or the role sets this.
        settings.Options = settings.Options switch
        {
            null => string.Create(
                CultureInfo.InvariantCulture,
                $"-c statement_timeout={(long)timeLimit.TotalMilliseconds}"
            ),
            { } own => string.IsNullOrWhiteSpace(own) ? null : own,
        };
        if (isOneOfSeveral)
        {
            settings.TargetSessionAttributes = "primary";
        }
        return settings;
    }
}
