using System.Diagnostics.Metrics;
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

    private static readonly Meter Meter = new("Madang.Data");
    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "madang.sqlite.writes_per_commit",
        "{write}",
        "Writes that shared one commit."
    );

    private readonly Channel<IQueuedWrite> queue = Channel.CreateBounded<IQueuedWrite>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true }
    );
    private readonly SqliteConnection connection;
    private readonly Database db;
    private readonly Thread thread;

    internal SqliteWriter(Database db, SqliteConnection connection)
    {
        (this.db, this.connection) = (db, connection);
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
            connection.Execute("COMMIT");
        }
        catch (Exception error)
        {
            var told = error is SqliteException sqlite ? SqliteDatabase.Unavailable(sqlite) : error;
            TryRollBack();
            batch.ForEach(write => write.Fail(told));
            return;
        }
        BatchSize.Record(batch.Count);
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

    private interface IQueuedWrite
    {
        Exception? Error { get; }

        /// <returns>False when its caller has gone: it is dropped.</returns>
        bool Begin();

        /// <returns>Whether what it did is to be kept.</returns>
        bool Run(Sql sql);

        void Succeed();

        void Fail(Exception error);
    }

    private sealed class QueuedWrite<T> : IQueuedWrite
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Func<Sql, Task<T>> work;
        private readonly CancellationTokenRegistration cancellation;
        private int hasBegun;
        private Sql? sql;
        private T? value;

        internal QueuedWrite(Func<Sql, Task<T>> work, CancellationToken stop)
        {
            this.work = work;
            cancellation = stop.UnsafeRegister(static (self, token) => ((QueuedWrite<T>)self!).Cancel(token), this);
        }

        public Task<T> Answer => answer.Task;

        public Exception? Error { get; private set; }

        public bool Begin()
        {
            var isFirst = Interlocked.Exchange(ref hasBegun, 1) == 0;
            cancellation.Dispose();
            return isFirst;
        }

        public bool Run(Sql sql)
        {
            this.sql = sql;
            try
            {
                var task = work(sql);
                var isSynchronous = task.IsCompleted;
                value = task.GetAwaiter().GetResult();
                Error = isSynchronous
                    ? null
                    : new InvalidOperationException(
                        "A write awaited something other than SQL, which stops all others."
                    );
            }
            catch (SqliteException error) when (SqliteDatabase.IsUnavailable(error))
            {
                Error = SqliteDatabase.Unavailable(error);
            }
            catch (Exception error)
            {
                Error = error;
            }
            return Error is null && !sql.IsRolledBack;
        }

        public void Succeed()
        {
            if (Error is not null)
            {
                answer.TrySetException(Error);
                return;
            }
            try
            {
                sql!.Committed();
                answer.TrySetResult(value!);
            }
            catch (Exception error)
            {
                // On this thread it would end the program, and the neighbours' answers with it.
                answer.TrySetException(error);
            }
        }

        public void Fail(Exception error) => answer.TrySetException(error);

        /// <returns>False when it has begun: then nobody can take it back.</returns>
        internal bool Drop() => Begin();

        private void Cancel(CancellationToken token)
        {
            if (Interlocked.Exchange(ref hasBegun, 1) == 0)
            {
                answer.TrySetCanceled(token);
            }
        }
    }
}
