using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// A number that another commit, of this process or of any other, makes another (<c>PRAGMA data_version</c>). SQLite tells it apart
/// for each connection, so there is one connection for all who ask; to ask takes a few microseconds.
/// </summary>
internal sealed class SqliteVersion(Func<SqliteConnection> open) : IDisposable
{
    private readonly Lock turn = new();
    private SqliteConnection? connection;
    private sqlite3_stmt? statement;

    /// <returns>The number, or null when SQLite doesn't say.</returns>
    internal long? Read()
    {
        lock (turn)
        {
            if (statement is null && !TryOpen())
            {
                return null;
            }
            var version =
                raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_int64(statement, 0) : (long?)null;
            raw.sqlite3_reset(statement);
            return version;
        }
    }

    public void Dispose()
    {
        statement?.Dispose();
        connection?.Dispose();
    }

    private bool TryOpen()
    {
        try
        {
            connection ??= open();
            var isReady =
                raw.sqlite3_prepare_v2(connection.Handle, "PRAGMA data_version", out var made) == raw.SQLITE_OK;
            statement = isReady ? made : null;
            return isReady;
        }
        catch (SqliteException)
        {
            // Who asks does without it, and meets the database's own answer next.
            return false;
        }
    }
}
