using System.Runtime.CompilerServices;
using Madang.Foundation.Data;
using Npgsql;
using static Madang.Foundation.Data.Identifier;

namespace Madang.Foundation.Backups;

/// <inheritdoc />
internal sealed class PostgresTables(Sql sql) : Tables
{
    private NpgsqlConnection Connection => (NpgsqlConnection)sql.Connection;

    internal override Task<List<string>> Names() =>
        sql.Query<string>(
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
            ORDER BY table_name
            """
        );

    internal override async Task<List<Column>> Columns(string table) =>
        (await Types(table)).ConvertAll(column => new Column(column.Name, PostgresValue.Of(column.Type, table).Kind));

    internal override async IAsyncEnumerable<object?[]> Rows(
        string table,
        List<Column> columns,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        var values = await ValuesOf(table, columns);
        await using var rows = await Connection.BeginBinaryExportAsync(
            $"COPY {Quoted(table)} ({QuotedList(columns.Select(column => column.Name))}) TO STDOUT (FORMAT binary)",
            stop
        );
        rows.Timeout = Timeout.InfiniteTimeSpan;
        while (await rows.StartRowAsync(stop) >= 0)
        {
            var row = new object?[columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                if (rows.IsNull)
                {
                    await rows.SkipAsync(stop);
                    continue;
                }
                row[i] = await values[i].Read(rows, stop);
            }
            yield return row;
        }
    }

    internal override async Task<long?> LastId(string table)
    {
        var column = await IdentityOf(table);
        return column is null
            ? null
            : await sql.First<long?>(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(@table, @column)::regclass)",
                new { table, column }
            ) ?? 0;
    }

    internal override Task Drop(string table) => sql.Execute($"DROP TABLE IF EXISTS {Quoted(table)} CASCADE");

    /// <summary>
    /// They are dropped and made again: that looks at all rows at once, and needs no queue of rows to look at, which would outgrow the
    /// server's memory.
    /// </summary>
    internal override async Task LetGoOfForeignKeys(IReadOnlyList<string> tables)
    {
        await sql.Execute(
            """
            CREATE TEMPORARY TABLE waiting_foreign_keys ON COMMIT DROP AS
            SELECT conrelid::regclass::text AS home, conname AS name, pg_get_constraintdef(pg_constraint.oid) AS definition
            FROM pg_constraint
            JOIN pg_class ON pg_class.oid = conrelid
            WHERE contype = 'f' AND conparentid = 0 AND relname = ANY (@tables)
            AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            """,
            new { tables }
        );
        await sql.Execute(
            """
            DO $$
            DECLARE one record;
            BEGIN
                FOR one IN SELECT * FROM waiting_foreign_keys LOOP
                    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.home, one.name);
                END LOOP;
            END $$
            """
        );
    }

    internal override Task HoldForeignKeys() =>
        sql.Execute(
            """
            DO $$
            DECLARE one record;
            BEGIN
                FOR one IN SELECT * FROM waiting_foreign_keys LOOP
                    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', one.home, one.name, one.definition);
                END LOOP;
            END $$
            """
        );

    internal override async Task Fill(
        string table,
        List<Column> columns,
        IAsyncEnumerable<object?[]> rows,
        CancellationToken stop
    )
    {
        var values = await ValuesOf(table, columns);
        await using var copy = await Connection.BeginBinaryImportAsync(
            $"COPY {Quoted(table)} ({QuotedList(columns.Select(column => column.Name))}) FROM STDIN (FORMAT binary)",
            stop
        );
        copy.Timeout = Timeout.InfiniteTimeSpan;
        await foreach (var row in rows.WithCancellation(stop))
        {
            await copy.StartRowAsync(stop);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is null)
                {
                    await copy.WriteNullAsync(stop);
                    continue;
                }
                await values[i].Write(copy, WithoutNuls(row[i]!), stop);
            }
        }
        await copy.CompleteAsync(stop);
    }

    internal override async Task SetLastId(string table, long lastId)
    {
        if (lastId > 0 && await IdentityOf(table) is { } column)
        {
            await sql.Single<long>(
                """
                SELECT setval(sequence, greatest(@lastId, pg_sequence_last_value(sequence)))
                FROM (SELECT pg_get_serial_sequence(@table, @column)::regclass AS sequence) AS one
                """,
                new
                {
                    table,
                    column,
                    lastId,
                }
            );
        }
    }

    private object WithoutNuls(object value)
    {
        if (value is not string text || !text.Contains('\0', StringComparison.Ordinal))
        {
            return value;
        }
        var kept = text.Replace("\0", "", StringComparison.Ordinal);
        LostNuls += text.Length - kept.Length;
        return kept;
    }

    private async Task<List<PostgresValue>> ValuesOf(string table, List<Column> columns)
    {
        var types = (await Types(table)).ToDictionary(column => column.Name, column => column.Type);
        return columns.ConvertAll(column => PostgresValue.Of(types[column.Name], table));
    }

    private Task<string?> IdentityOf(string table) =>
        sql.First<string>(
            """
            SELECT column_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = @table AND is_identity = 'YES'
            """,
            new { table }
        );

    private Task<List<Declared>> Types(string table) =>
        sql.Query<Declared>(
            """
            SELECT column_name AS name, data_type AS type FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = @table AND is_generated = 'NEVER'
            ORDER BY ordinal_position
            """,
            new { table }
        );

    private sealed record Declared
    {
        public required string Name { get; init; }
        public required string Type { get; init; }
    }
}
