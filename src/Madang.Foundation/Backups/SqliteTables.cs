using System.Runtime.CompilerServices;
using Madang.Foundation.Data;
using Microsoft.Data.Sqlite;
using static Madang.Foundation.Data.Identifier;

namespace Madang.Foundation.Backups;

/// <inheritdoc />
internal sealed class SqliteTables(Sql sql) : Tables
{
    private SqliteConnection Connection => (SqliteConnection)sql.Connection;

    internal override Task<List<string>> Names() =>
        sql.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");

    internal override async Task<List<Column>> Columns(string table)
    {
        var columns = await sql.Query<Declared>(
            "SELECT name, lower(type) AS type FROM pragma_table_info(@table) ORDER BY cid",
            new { table }
        );
        return columns.ConvertAll(column => new Column(column.Name, KindOf(table, column)));
    }

    internal override async IAsyncEnumerable<object?[]> Rows(
        string table,
        List<Column> columns,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        await using var command = Connection.CreateCommand();
#pragma warning disable CA2100 // Names of the schema, each looked at by Quoted.
        command.CommandText = $"SELECT {QuotedList(columns.Select(column => column.Name))} FROM {Quoted(table)}";
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var row = new object?[columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : Real(columns[i].Kind, reader.GetValue(i));
            }
            yield return row;
        }
    }

    internal override async Task<long?> LastId(string table)
    {
        var givesIds = await sql.Single<bool>(
            "SELECT count(*) > 0 FROM sqlite_master WHERE name = @table AND sql LIKE '%AUTOINCREMENT%'",
            new { table }
        );
        return givesIds
            ? await sql.First<long>("SELECT seq FROM sqlite_sequence WHERE name = @table", new { table })
            : null;
    }

    internal override Task Drop(string table) => sql.Execute($"DROP TABLE IF EXISTS {Quoted(table)}");

    internal override Task LetGoOfForeignKeys(IReadOnlyList<string> tables) =>
        sql.Execute("PRAGMA defer_foreign_keys = ON");

    /// <summary>They are held by the commit, which fails while one leads nowhere.</summary>
    internal override Task HoldForeignKeys() => Task.CompletedTask;

    internal override async Task Fill(
        string table,
        List<Column> columns,
        IAsyncEnumerable<object?[]> rows,
        CancellationToken stop
    )
    {
        await using var command = Connection.CreateCommand();
        var names = columns.ConvertAll(column => column.Name);
#pragma warning disable CA2100 // Names of the schema, each looked at by Quoted.
        command.CommandText = $"INSERT INTO {Quoted(table)} ({QuotedList(names)}) VALUES ({Places(columns.Count)})";
#pragma warning restore CA2100
        for (var i = 0; i < columns.Count; i++)
        {
            command.Parameters.Add(new SqliteParameter($"@v{i}", null));
        }
        await command.PrepareAsync(stop);
        await foreach (var row in rows.WithCancellation(stop))
        {
            for (var i = 0; i < row.Length; i++)
            {
                command.Parameters[i].Value = row[i] ?? DBNull.Value;
            }
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    internal override async Task SetLastId(string table, long lastId)
    {
        var isThere = await sql.Execute(
            "UPDATE sqlite_sequence SET seq = max(seq, @lastId) WHERE name = @table",
            new { table, lastId }
        );
        if (isThere == 0)
        {
            await sql.Execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (@table, @lastId)",
                new { table, lastId }
            );
        }
    }

    private static string Places(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"@v{i}"));

    /// <summary>SQLite keeps a whole number as an integer in a REAL column too.</summary>
    private static object Real(ColumnKind kind, object value) =>
        kind == ColumnKind.Real && value is long whole ? (double)whole : value;

    private static ColumnKind KindOf(string table, Declared column) =>
        column.Type switch
        {
            "integer" => ColumnKind.Integer,
            "real" => ColumnKind.Real,
            "text" => ColumnKind.Text,
            "blob" => ColumnKind.Bytes,
            _ => throw new InvalidDataException($"No backup knows the type {column.Type} of {table}.{column.Name}."),
        };

    private sealed record Declared
    {
        public required string Name { get; init; }
        public required string Type { get; init; }
    }
}
