using Madang.Foundation.Data;

namespace Madang.Foundation.Backups;

/// <summary>
/// The tables of a database as a backup sees them, found from its schema: a room needs to say nothing. Values are those of
/// <see cref="ColumnKind"/>: long, double, string, byte[] or null.
/// </summary>
internal abstract class Tables
{
    /// <summary>In the database that this visit reads or writes.</summary>
    internal static Tables Of(Sql sql) =>
        sql.Dialect == Dialect.Sqlite ? new SqliteTables(sql) : new PostgresTables(sql);

    /// <summary>How many NULs were left out of texts on their way in, since this database cannot hold them.</summary>
    internal long LostNuls { get; private protected set; }

    /// <returns>The names of all tables, ours and others'.</returns>
    internal abstract Task<List<string>> Names();

    internal abstract Task<List<Column>> Columns(string table);

    internal abstract IAsyncEnumerable<object?[]> Rows(string table, List<Column> columns, CancellationToken stop);

    /// <returns>The highest id that the table ever gave, 0 when it gave none; null when it gives no ids.</returns>
    internal abstract Task<long?> LastId(string table);

    /// <summary>Takes a table away with what is in it, when it is there.</summary>
    internal abstract Task Drop(string table);

    /// <summary>From here on rows may come in any order, whatever refers to what.</summary>
    internal abstract Task LetGoOfForeignKeys(IReadOnlyList<string> tables);

    /// <summary>From here on every reference must lead somewhere.</summary>
    /// <exception cref="System.Data.Common.DbException">One does not.</exception>
    internal abstract Task HoldForeignKeys();

    internal abstract Task Fill(
        string table,
        List<Column> columns,
        IAsyncEnumerable<object?[]> rows,
        CancellationToken stop
    );

    /// <summary>Makes sure that ids up to this one are never given again.</summary>
    internal abstract Task SetLastId(string table, long lastId);
}
