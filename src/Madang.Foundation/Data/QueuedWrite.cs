using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Madang.Foundation.Data;

/// <summary>A write that waits for its turn at <see cref="SqliteWriter"/>.</summary>
internal interface IQueuedWrite
{
    /// <summary>When it was queued, as <see cref="Stopwatch.GetTimestamp"/> has it.</summary>
    long Since { get; }

    Exception? Error { get; }

    /// <returns>False when its caller has gone: it is dropped.</returns>
    bool Begin();

    /// <returns>Whether what it did is to be kept.</returns>
    bool Run(Sql sql);

    void Succeed();

    void Fail(Exception error);
}

/// <inheritdoc />
internal sealed class QueuedWrite<T> : IQueuedWrite
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

    public long Since { get; } = Stopwatch.GetTimestamp();

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
                : new InvalidOperationException("A write awaited something other than SQL, which stops all others.");
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
