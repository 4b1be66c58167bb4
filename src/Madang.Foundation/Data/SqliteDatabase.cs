using System.Collections.Concurrent;
using Dapper;
using Madang.Foundation.Modules;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// The embedded database: one file in WAL mode, many readers, one writer (<see cref="SqliteWriter"/>). Its calls never wait for
/// anything but the disk, so reading happens on the caller's thread and writing on the writer's.
/// </summary>
internal sealed class SqliteDatabase : Database
{
    /// <summary>As many as a busy machine has on their way at a time; those that a burst opens beyond them are closed after it.</summary>
    internal static readonly int MostIdleReaders = Math.Max(16, 2 * Environment.ProcessorCount);

    /// <summary>The pages that one of them keeps, in KiB: 64 MiB for all together.</summary>
    private static readonly int ReaderCache = Math.Max(1024, 64 * 1024 / MostIdleReaders);

    private readonly string connectionString;
    private readonly ConcurrentBag<SqliteReader> readers = [];
    private int idleReaders;
    private readonly Lock opening = new();
    private SqliteWriter? writer;
    private readonly SqliteVersion version;
    private readonly IDisposable? hold;

    /// <exception cref="StartupException">The library or the file will not do.</exception>
    internal SqliteDatabase(string file, string? library, TimeProvider clock, TimeSpan? timeLimit, IDisposable? hold)
        : base(clock, timeLimit)
    {
        this.hold = hold;
        version = new(Open);
        SqliteLibrary.Load(library);
        Instant.TeachDapper();
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            Pooling = false,
        }.ToString();
        try
        {
            using (var connection = Open())
            {
                connection.Execute("PRAGMA journal_mode = WAL");
            }
        }
        catch (SqliteException error)
        {
            throw new StartupException($"The database {file} cannot be opened: {error.Message}", error);
        }
    }

    public override Dialect Dialect => Dialect.Sqlite;

    internal override long? Version => version.Read();

    /// <summary>Connections that wait for somebody who reads.</summary>
    internal int IdleReaders => readers.Count;

    public override async Task<T> Read<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var connection = TakeReader();
        connection.Begin(TimeLimit, stop);
        try
        {
            var answer = await work(new Sql(this, connection, null, stop));
            Keep(connection);
            return answer;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            await connection.DisposeAsync();
            throw stop.IsCancellationRequested
                ? new OperationCanceledException(error.Message, error, stop)
                : new DatabaseUnavailableException($"The embedded database did not answer within {TimeLimit}.", error);
        }
        catch (SqliteException error) when (IsUnavailable(error))
        {
            await connection.DisposeAsync();
            throw Unavailable(error);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override Task<T> Write<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        try
        {
            return (Volatile.Read(ref writer) ?? OpenWriter()).Write(work, stop);
        }
        catch (SqliteException error) when (IsUnavailable(error))
        {
            return Task.FromException<T>(Unavailable(error));
        }
    }

    internal override async Task<T> Migrate<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        try
        {
            // A migration may rewrite a table, which takes longer than any write: it waits for its lock that much longer.
            await using var connection = Open();
            connection.Execute("PRAGMA busy_timeout = 120000");
            connection.DefaultTimeout = 120;
            connection.Execute("BEGIN IMMEDIATE");
            var answer = await work(new Sql(this, connection, null, stop));
            connection.Execute("COMMIT");
            return answer;
        }
        catch (SqliteException error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    internal override async Task<T> Snapshot<T>(string scratch, Func<Sql, Task<T>> work, CancellationToken stop)
    {
        try
        {
            await using (var connection = Open())
            await using (stop.UnsafeRegister(_ => raw.sqlite3_interrupt(connection.Handle), null))
            {
                connection.Execute("VACUUM INTO @scratch", new { scratch });
            }
            var settings = new SqliteConnectionStringBuilder { DataSource = scratch, Pooling = false };
            await using var copy = new SqliteConnection(settings.ToString());
            copy.Open();
            copy.Execute("PRAGMA query_only = ON");
            return await work(new Sql(this, copy, null, stop));
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException(error.Message, error, stop);
        }
        catch (SqliteException error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
        version.Dispose();
        while (readers.TryTake(out var reader))
        {
            await reader.DisposeAsync();
        }
        hold?.Dispose();
        Measures.Dispose();
    }

    internal static bool IsUnavailable(SqliteException error) =>
        error.SqliteErrorCode
            is raw.SQLITE_BUSY
                or raw.SQLITE_LOCKED
                or raw.SQLITE_FULL
                or raw.SQLITE_IOERR
                or raw.SQLITE_CANTOPEN
                or raw.SQLITE_READONLY
                or raw.SQLITE_NOMEM
                or raw.SQLITE_CORRUPT;

    internal static DatabaseUnavailableException Unavailable(SqliteException error) =>
        new("The embedded database did not answer.", error, error.SqliteErrorCode == raw.SQLITE_FULL);

    /// <summary>When it is first needed; where that fails, the next who needs it tries again.</summary>
    private SqliteWriter OpenWriter()
    {
        lock (opening)
        {
            return writer ??= new SqliteWriter(this, Open());
        }
    }

    private SqliteReader TakeReader()
    {
        if (readers.TryTake(out var idle))
        {
            Interlocked.Decrement(ref idleReaders);
            return idle;
        }
        try
        {
            var connection = Open(new SqliteReader(connectionString));
            connection.Execute($"PRAGMA query_only = ON; PRAGMA cache_size = -{ReaderCache}");
            return connection;
        }
        catch (SqliteException error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    private void Keep(SqliteReader connection)
    {
        connection.End();
        if (Interlocked.Increment(ref idleReaders) <= MostIdleReaders)
        {
            readers.Add(connection);
            return;
        }
        Interlocked.Decrement(ref idleReaders);
        connection.Dispose();
    }

    private SqliteStatements Open() => Open(new SqliteStatements(connectionString));

    private T Open<T>(T connection)
        where T : SqliteConnection
    {
        try
        {
            connection.Open();
            connection.Execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;");
            raw.sqlite3_busy_timeout(connection.Handle, (int)TimeLimit.TotalMilliseconds);
            // Seconds, and 0 is for ever.
            connection.DefaultTimeout = (int)Math.Ceiling(TimeLimit.TotalSeconds);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
