using System.Diagnostics;
using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// SQLite lets one connection write at a time, and every commit waits for the disk. So all writes of the process queue here, and
/// those that wait together share one commit, each inside a savepoint of its own: one that fails is undone alone. Nobody gets an
/// answer before the commit that holds his write is on disk.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int LargestBatch = 256;
    private const int LongestQueue = 8192;

    private readonly Channel<IQueuedWrite> queue = Channel.CreateBounded<IQueuedWrite>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true }
    );
    private readonly SqliteConnection connection;
    private readonly Database db;
    private readonly Thread thread;

    internal SqliteWriter(Database db, SqliteConnection connection)
    {
        (this.db, this.connection) = (db, connection);
        db.Measures.ObserveQueue(() => queue.Reader.Count);
        thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
        thread.Start();
    }

    internal async Task<T> Write<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        var write = new QueuedWrite<T>(work, stop);
        if (!queue.Writer.TryWrite(write))
        {
            await Queue(write, stop);
        }
        try
        {
            return await write.Answer.WaitAsync(db.TimeLimit, CancellationToken.None);
        }
        catch (TimeoutException error)
        {
            if (write.Answer.IsCompleted)
            {
                // It came at the last moment, or is the write's own failure.
                return await write.Answer;
            }
            var fate = write.Drop() ? "it was not begun" : "its fate is unknown";
            throw new DatabaseUnavailableException(
                $"The embedded database did not write within {db.TimeLimit}: {fate}.",
                error
            );
        }
    }

    /// <summary>The queue is full, or closed.</summary>
    private async Task Queue(IQueuedWrite write, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(db.TimeLimit);
        try
        {
            await queue.Writer.WriteAsync(write, limit.Token);
        }
        catch (ChannelClosedException error)
        {
            throw new DatabaseUnavailableException("The server is stopping.", error);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new DatabaseUnavailableException("More writes wait than the embedded database can take.", error);
        }
    }

    public ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        thread.Join();
        return connection.DisposeAsync();
    }

    private void Run()
    {
        var batch = new List<IQueuedWrite>(LargestBatch);
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var write))
            {
                if (write.Begin())
                {
                    db.Measures.Waited(write.Since);
                    batch.Add(write);
                }
            }
            if (batch.Count > 0)
            {
                Commit(batch);
            }
        }
    }

    private void Commit(List<IQueuedWrite> batch)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            foreach (var write in batch)
            {
                RunOne(write);
            }
            var began = Stopwatch.GetTimestamp();
            connection.Execute("COMMIT");
            db.Measures.Committed(began, batch.Count);
        }
        catch (Exception error)
        {
            var told = error is SqliteException sqlite ? SqliteDatabase.Unavailable(sqlite) : error;
            TryRollBack();
            batch.ForEach(write => write.Fail(told));
            return;
        }
        batch.ForEach(write => write.Succeed());
    }

    private void RunOne(IQueuedWrite write)
    {
        connection.Execute("SAVEPOINT one");
        var isKept = write.Run(new Sql(db, connection, null, CancellationToken.None));
        if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            // A full disk or a failing one makes SQLite undo the whole transaction by itself, neighbours included.
            throw write.Error ?? new InvalidOperationException("A write ended the writer's transaction.");
        }
        connection.Execute(isKept ? "RELEASE one" : "ROLLBACK TO one; RELEASE one");
    }

    private void TryRollBack()
    {
        try
        {
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                connection.Execute("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // SQLite has undone it by itself; the members are told why the commit failed, which is the error that matters.
        }
    }
}
