using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// One visit to the database: the connection that <see cref="Database.Read"/> or <see cref="Database.Write"/> opened, with
/// Dapper's calls on it. Parameters are always objects; a text is never put together from values.
/// </summary>
public sealed class Sql
{
    private readonly DbConnection connection;
    private readonly DbTransaction? transaction;
    private readonly CancellationToken stop;
    private List<Action>? afterCommit;

    private readonly Database db;

    internal Sql(Database db, DbConnection connection, DbTransaction? transaction, CancellationToken stop)
    {
        (this.db, this.connection, this.transaction, this.stop) = (db, connection, transaction, stop);
        Now = db.Clock.Now();
    }

    /// <summary>Which database answers.</summary>
    public Dialect Dialect => db.Dialect;

    /// <summary>The time of this visit, UTC, whole microseconds.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>All rooms' handlers, and what to do when there is something for them.</summary>
    internal Events.OutboxSettings Outbox => db.Outbox;

    /// <summary>For what Dapper cannot do: rows that don't fit into memory.</summary>
    internal DbConnection Connection => connection;

    internal bool IsRolledBack { get; private set; }

    /// <summary>The text for the database that answers, where one text cannot serve both.</summary>
    public string For(string sqlite, string postgres) => Dialect == Dialect.Sqlite ? sqlite : postgres;

    /// <summary>An expression that is true where <paramref name="text"/> contains <paramref name="part"/>, compared by bytes.</summary>
    public string Contains(string text, string part) =>
        For($"instr({text}, {part}) > 0", $"strpos({text}, {part}) > 0");

    /// <summary>A condition that is true where <paramref name="column"/> is one of the values of the parameter <paramref name="list"/>.</summary>
    public string In(string column, string list) => For($"{column} IN {list}", $"{column} = ANY ({list})");

    /// <returns>How many rows were changed.</returns>
    public Task<int> Execute(string text, object? values = null) => connection.ExecuteAsync(Command(text, values));

    /// <returns>All rows.</returns>
    public async Task<List<T>> Query<T>(string text, object? values = null) =>
        (await connection.QueryAsync<T>(Command(text, values))).AsList();

    /// <summary>
    /// As <see cref="Query"/>, with each row made by hand, for the lists that are asked for most: no column is boxed, none looked up by
    /// its name.
    /// </summary>
    public async Task<List<T>> Rows<T>(string text, object? values, Func<Row, T> make)
    {
        var reader = await connection.ExecuteReaderAsync(Command(text, values));
        try
        {
            var (row, rows) = (new Row(reader), new List<T>());
            while (await reader.ReadAsync(CancellationToken.None))
            {
                rows.Add(make(row));
            }
            return rows;
        }
        finally
        {
            // Asynchronously Dapper's reader forgets its command, whose statement SQLite would prepare anew for each list; PostgreSQL must
            // not be waited for on a thread.
            if (Dialect == Dialect.Sqlite)
            {
                reader.Dispose();
            }
            else
            {
                await reader.DisposeAsync();
            }
        }
    }

    /// <summary>Runs a statement for each of many values. SQLite alone: PostgreSQL takes them all at once, as columns (<c>unnest</c>).</summary>
    /// <param name="text">The statement, its parameters <c>?1</c>, <c>?2</c>, …; it answers no rows.</param>
    /// <param name="values">What it runs for.</param>
    /// <param name="put">Puts a value into the places.</param>
    public void ForEach<T>(string text, IEnumerable<T> values, Action<Places, T> put)
    {
        stop.ThrowIfCancellationRequested();
        db.Watcher?.Invoke(text, null);
        var handle = ((SqliteConnection)connection).Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(handle, text, out var statement), handle);
        using (statement)
        {
            var places = new Places(handle, statement);
            foreach (var value in values)
            {
                put(places, value);
                places.Run();
            }
        }
    }

    /// <returns>The first row, or the type's default when there is none.</returns>
    public Task<T?> First<T>(string text, object? values = null) =>
        connection.QueryFirstOrDefaultAsync<T>(Command(text, values));

    /// <returns>The only value of the only row.</returns>
    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public Task<T> Single<T>(string text, object? values = null) =>
        connection.QuerySingleAsync<T>(Command(text, values));

    /// <summary>Ends a write without keeping what it did, and without failing: the value it returns is still its answer.</summary>
    public void RollBack() => IsRolledBack = true;

    /// <summary>Runs once this visit's changes are durable; never when they were lost. It must not throw.</summary>
    public void AfterCommit(Action action) => (afterCommit ??= []).Add(action);

    internal void Committed()
    {
        if (!IsRolledBack)
        {
            afterCommit?.ForEach(action => action());
        }
    }

    /// <summary>
    /// The token is looked at between statements and never given to a driver: Npgsql cancels by a second connection on which it waits
    /// while it blocks the thread, and a COMMIT that waits for a standby and is cancelled is told as done (docs/faults.md).
    /// </summary>
    private CommandDefinition Command(string text, object? values)
    {
        stop.ThrowIfCancellationRequested();
        db.Watcher?.Invoke(text, values);
        // Said, or Dapper searches each text for a stored procedure's name.
        return new(text, values, transaction, commandType: CommandType.Text);
    }
}
