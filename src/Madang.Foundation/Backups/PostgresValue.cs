using System.Globalization;
using Madang.Foundation.Data;
using Npgsql;
using NpgsqlTypes;

namespace Madang.Foundation.Backups;

/// <summary>How a PostgreSQL type becomes a value of a backup, and the other way round.</summary>
/// <param name="Kind">What it is in a backup.</param>
/// <param name="Read">Reads one value of a COPY.</param>
/// <param name="Write">Writes one value of a COPY.</param>
internal sealed record PostgresValue(
    ColumnKind Kind,
    Func<NpgsqlBinaryExporter, CancellationToken, ValueTask<object>> Read,
    Func<NpgsqlBinaryImporter, object, CancellationToken, Task> Write
)
{
    private static readonly Dictionary<string, PostgresValue> Known = new()
    {
        ["smallint"] = Of<short>(
            NpgsqlDbType.Smallint,
            ColumnKind.Integer,
            it => (long)it,
            it => checked((short)(long)it)
        ),
        ["integer"] = Of<int>(NpgsqlDbType.Integer, ColumnKind.Integer, it => (long)it, it => checked((int)(long)it)),
        ["bigint"] = Of<long>(NpgsqlDbType.Bigint, ColumnKind.Integer, it => it, it => (long)it),
        ["boolean"] = Of<bool>(NpgsqlDbType.Boolean, ColumnKind.Integer, it => it ? 1L : 0L, it => (long)it != 0),
        ["timestamp with time zone"] = Of<DateTime>(
            NpgsqlDbType.TimestampTz,
            ColumnKind.Integer,
            it => Instant.ToMicroseconds(it),
            it => Instant.FromMicroseconds((long)it).UtcDateTime
        ),
        ["double precision"] = Of<double>(NpgsqlDbType.Double, ColumnKind.Real, it => it, it => (double)it),
        ["text"] = Of<string>(NpgsqlDbType.Text, ColumnKind.Text, it => it, it => (string)it),
        ["date"] = Of<DateOnly>(
            NpgsqlDbType.Date,
            ColumnKind.Text,
            it => it.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            it => DateOnly.ParseExact((string)it, "yyyy-MM-dd", CultureInfo.InvariantCulture)
        ),
        ["bytea"] = Of<byte[]>(NpgsqlDbType.Bytea, ColumnKind.Bytes, it => it, it => (byte[])it),
    };

    /// <exception cref="InvalidDataException">Nobody has said yet what such a type is on the other database.</exception>
    internal static PostgresValue Of(string type, string table) =>
        Known.GetValueOrDefault(type)
        ?? throw new InvalidDataException($"No backup knows the type {type}, which the table {table} has.");

    private static PostgresValue Of<T>(NpgsqlDbType type, ColumnKind kind, Func<T, object> come, Func<object, T> go) =>
        new(
            kind,
            async (rows, stop) => come(await rows.ReadAsync<T>(type, stop)),
            (rows, value, stop) => rows.WriteAsync(go(value), type, stop)
        );
}
