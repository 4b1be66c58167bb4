using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// A connection that only reads. SQLite asks it every so many steps whether to go on, so that a statement ends when its visit has
/// lasted too long or its caller has gone: asking can't come too early or too late, as an interruption from another thread could,
/// nor wait for a free thread. A writer is never asked: its statements are its neighbours' too.
/// </summary>
internal sealed class SqliteReader(string connectionString) : SqliteStatements(connectionString)
{
    /// <summary>Of SQLite's machine, between two questions: some ten microseconds.</summary>
    private const int Steps = 1000;

    private long end = long.MaxValue;
    private CancellationToken stop;

    public override void Open()
    {
        base.Open();
        raw.sqlite3_progress_handler(Handle, Steps, _ => IsOver ? 1 : 0, null);
    }

    private bool IsOver => stop.IsCancellationRequested || Environment.TickCount64 >= end;

    /// <summary>From here on a statement that does not end in time fails with <c>SQLITE_INTERRUPT</c>.</summary>
    internal void Begin(TimeSpan limit, CancellationToken stop) =>
        (end, this.stop) = (Environment.TickCount64 + (long)limit.TotalMilliseconds, stop);

    /// <summary>Nobody's visit any more.</summary>
    internal void End() => (end, stop) = (long.MaxValue, CancellationToken.None);
}
