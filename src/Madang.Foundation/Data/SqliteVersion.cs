using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// A number that another commit, of this process or of any other, makes another (<c>PRAGMA data_version</c>). SQLite tells it apart
/// for each connection, so there is one connection for all who ask; to ask takes a few microseconds.
/// </summary>
internal sealed class SqliteVersion : IDisposable
{
    private readonly Lock turn = new();
    private readonly SqliteConnection connection;
    private readonly sqlite3_stmt statement;

    internal SqliteVersion(SqliteConnection connection)
    {
        this.connection = connection;
        var result = raw.sqlite3_prepare_v2(connection.Handle, "PRAGMA data_version", out statement);
        SqliteException.ThrowExceptionForRC(result, connection.Handle);
    }

    /// <returns>The number, or null when SQLite doesn't say.</returns>
    internal long? Read()
    {
        lock (turn)
        {
            try
            {
                return raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_int64(statement, 0) : null;
            }
            finally
            {
                raw.sqlite3_reset(statement);
            }
        }
    }

    public void Dispose()
    {
        statement.Dispose();
        connection.Dispose();
    }
}
