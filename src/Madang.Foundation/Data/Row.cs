using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Madang.Foundation.Data;

/// <summary>
/// The row that a list stands at, by the places of its columns, from 0. SQLite is asked for a column's value once: its driver would
/// ask for the column's type before each.
/// </summary>
public readonly struct Row
{
    private readonly DbDataReader reader;

    /// <summary>0 where another database answers. Whoever reads holds the reader open, and it holds the statement.</summary>
    private readonly nint statement;

    internal Row(DbDataReader reader)
    {
        this.reader = reader;
        // Dapper's reader holds the driver's.
        var driver = reader is IWrappedDataReader { Reader: { } inner } ? inner : reader;
        statement = (driver as SqliteDataReader)?.Handle?.DangerousGetHandle() ?? 0;
    }

    /// <returns>A number.</returns>
    public long Number(int column) =>
        statement == 0 ? reader.GetInt64(column) : SqliteColumns.Number(statement, column);

    /// <returns>A text.</returns>
    public string Text(int column) =>
        statement == 0 ? reader.GetString(column) : SqliteColumns.Text(statement, column)!;

    /// <returns>A text, or null when there is none.</returns>
    public string? TextOrNull(int column) =>
        statement != 0 ? SqliteColumns.Text(statement, column)
        : reader.IsDBNull(column) ? null
        : reader.GetString(column);

    /// <returns>A time.</returns>
    public DateTimeOffset Time(int column) =>
        statement == 0 ? new DateTimeOffset(reader.GetDateTime(column)) : Instant.FromMicroseconds(Number(column));

    /// <returns>A time, or null when there is none.</returns>
    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    private bool IsNull(int column) =>
        statement == 0 ? reader.IsDBNull(column) : SqliteColumns.IsNull(statement, column);
}
