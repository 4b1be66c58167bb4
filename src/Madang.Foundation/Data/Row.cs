using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// The row that a list stands at, by the places of its columns, from 0. SQLite is asked for a column's value once: its driver would
/// ask for the column's type before each.
/// </summary>
public readonly struct Row
{
    private readonly DbDataReader reader;
    private readonly sqlite3_stmt? statement;

    internal Row(DbDataReader reader)
    {
        this.reader = reader;
        // Dapper's reader holds the driver's.
        var driver = reader is IWrappedDataReader { Reader: { } inner } ? inner : reader;
        statement = (driver as SqliteDataReader)?.Handle;
    }

    /// <returns>A number.</returns>
    public long Number(int column) =>
        statement is null ? reader.GetInt64(column) : raw.sqlite3_column_int64(statement, column);

    /// <returns>A text.</returns>
    public string Text(int column) =>
        statement is null ? reader.GetString(column) : raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <returns>A text, or null when there is none.</returns>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <returns>A time.</returns>
    public DateTimeOffset Time(int column) =>
        statement is null ? new DateTimeOffset(reader.GetDateTime(column)) : Instant.FromMicroseconds(Number(column));

    /// <returns>A time, or null when there is none.</returns>
    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    private bool IsNull(int column) =>
        statement is null ? reader.IsDBNull(column) : raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
}
