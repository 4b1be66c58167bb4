using System.Data.Common;

namespace Madang.Foundation.Data;

/// <summary>The row that a list stands at, by the places of its columns, from 0.</summary>
public readonly struct Row
{
    private readonly DbDataReader reader;
    private readonly Dialect dialect;

    internal Row(DbDataReader reader, Dialect dialect) => (this.reader, this.dialect) = (reader, dialect);

    /// <returns>A number.</returns>
    public long Number(int column) => reader.GetInt64(column);

    /// <returns>A text.</returns>
    public string Text(int column) => reader.GetString(column);

    /// <returns>A time.</returns>
    public DateTimeOffset Time(int column) =>
        dialect == Dialect.Sqlite
            ? Instant.FromMicroseconds(reader.GetInt64(column))
            : new DateTimeOffset(reader.GetDateTime(column));

    /// <returns>A time, or null when there is none.</returns>
    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : Time(column);
}
