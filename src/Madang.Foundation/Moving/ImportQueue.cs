using System.Diagnostics;
using System.Threading.Channels;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Moving;

/// <summary>
/// The imports of one room that came to this process, run one after the other: a large one takes no more memory than a small one. The
/// room keeps a row for each; a file comes first, then its row is written, then it runs.
/// </summary>
/// <param name="files">Where the files pass through.</param>
/// <param name="room">The folder of its files there.</param>
/// <param name="clock">The clock of its pauses.</param>
/// <param name="log">Where interruptions are told.</param>
public abstract partial class ImportQueue(FileStore files, string room, TimeProvider clock, ILogger log)
    : BackgroundService
{
    /// <summary>An import whose process has said nothing for so long has lost it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string Interruption = "interrupted";

    /// <summary>How often a row tells how far its import is where nothing else is written.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly FileStore passing = files.Passing;
    private readonly Channel<long> queue = Channel.CreateUnbounded<long>();
    private readonly OpenImports open = new();
    private long toldAt;

    /// <summary>What this process is known by in the rows of its imports.</summary>
    public string Runner { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Keeps what came as a file.</summary>
    /// <returns>Its name; null when nothing came.</returns>
    public async Task<string?> Receive(Stream body, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(body);
        var name = FileStore.NewName();
        var isKept = false;
        try
        {
            await using var file = passing.Begin(room, name);
            await body.CopyToAsync(file, stop);
            isKept = file.Length > 0;
            return isKept ? name : null;
        }
        finally
        {
            if (!isKept)
            {
                passing.Discard(room, name);
            }
        }
    }

    /// <summary>Begins an import whose file was received, by a write of the caller's; what comes to no import, an answer to an earlier
    /// request among it, leaves no file.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="write">Writes the row, and says so.</param>
    public async Task<T> Begin<T>(string file, Func<BegunImport, Task<T>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var begun = new BegunImport();
        try
        {
            return await write(begun);
        }
        finally
        {
            if (begun.Id is { } id)
            {
                Begin(id);
                foreach (var one in begun.Gone)
                {
                    TryRemove(id, one);
                }
            }
            else
            {
                passing.Discard(room, file);
            }
        }
    }

    /// <summary>Begins an import whose row waits.</summary>
    public void Begin(long id)
    {
        open.Add(id);
        queue.Writer.TryWrite(id);
    }

    /// <returns>Whether it is time to tell again how far the import is that runs.</returns>
    protected internal bool IsTimeToTell()
    {
        if (clock.GetElapsedTime(toldAt) <= Pace)
        {
            return false;
        }
        toldAt = clock.GetTimestamp();
        return true;
    }

    /// <summary>Marks a waiting import of this process as running.</summary>
    /// <returns>The import; null when it isn't this process's or doesn't wait.</returns>
    protected abstract Task<IRunningImport?> Take(long id, CancellationToken stop);

    /// <summary>Says of imports of this process that they are not lost.</summary>
    protected abstract Task Touch(IReadOnlyCollection<long> ids, CancellationToken stop);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Patience / 4, clock);
        var sayingSo = SaySo(timer, stoppingToken);
        try
        {
            await foreach (var id in queue.Reader.ReadAllAsync(stoppingToken))
            {
                await Run(id, stoppingToken);
                open.Remove(id);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops: what was imported is kept, and its owner is told that it was interrupted.
        }
        await sayingSo;
    }

    private async Task Run(long id, CancellationToken stop)
    {
        // Whatever the log tells of it has this id.
        using var trace = new Activity("Import").Start();
        IRunningImport? import = null;
        (string? Problem, string? Detail) end = (null, null);
        try
        {
            import = await Take(id, stop);
            if (import is null)
            {
                return;
            }
            // Its row may have let go of the file while it waited: nobody says for how long the queue is.
            await using var file = import.File is { } name ? passing.Open(room, name) : null;
            await import.Run(file ?? throw new BrokenImportException(Interruption), stop);
        }
        catch (BrokenImportException broken)
        {
            end = (broken.Problem, broken.Detail);
        }
        catch (UserGoneException)
        {
            end = (Interruption, null);
        }
        catch (Exception error)
            when (error is DatabaseUnavailableException or IOException or OperationCanceledException)
        {
            Interrupted(log, error, id, room);
            end = (Interruption, null);
        }
        catch (Exception error)
        {
            Failed(log, error, id, room);
            end = ("failed_inside", trace.TraceId.ToHexString());
        }
        if (import is not null)
        {
            await End(id, import, end.Problem, end.Detail);
        }
    }

    /// <summary>Where the database is away it can't be told: then the row is found lost once it has said nothing for a while.</summary>
    private async Task End(long id, IRunningImport import, string? problem, string? detail)
    {
        try
        {
            var keepsFile = problem is null && import.IsDryRun;
            await import.End(problem, detail, keepsFile);
            if (!keepsFile && import.File is { } file)
            {
                TryRemove(id, file);
            }
        }
        catch (Exception error)
        {
            // Whatever it is: other imports wait, and what leaves the loop stops the whole server.
            Interrupted(log, error, id, room);
        }
    }

    /// <summary>The row has let go of it: what can't be removed now is found by the housework.</summary>
    private void TryRemove(long id, string file)
    {
        try
        {
            passing.Remove(room, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CannotRemove(log, error, id, room);
        }
    }

    private async Task SaySo(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (open.All is { Length: > 0 } ids)
                {
                    await TryTouch(ids, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nothing of this process goes on.
        }
    }

    private async Task TryTouch(long[] ids, CancellationToken stop)
    {
        try
        {
            await Touch(ids, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            CannotSaySo(log, error, room);
        }
    }

    [LoggerMessage(1601, LogLevel.Warning, "The import {Import} of {Room} was interrupted.")]
    private static partial void Interrupted(ILogger log, Exception error, long import, string room);

    [LoggerMessage(1602, LogLevel.Error, "The import {Import} of {Room} failed unexpectedly.")]
    private static partial void Failed(ILogger log, Exception error, long import, string room);

    [LoggerMessage(1603, LogLevel.Warning, "The database can't be told that imports of {Room} go on.")]
    private static partial void CannotSaySo(ILogger log, Exception error, string room);

    [LoggerMessage(1604, LogLevel.Warning, "The file of the import {Import} of {Room} can't be removed now.")]
    private static partial void CannotRemove(ILogger log, Exception error, long import, string room);
}
