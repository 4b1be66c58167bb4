using System.Threading.Channels;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Moving;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Memos.Moving;

/// <summary>Runs the imports that came to this process, one after the other: a large one takes no more memory than a small one.</summary>
internal sealed partial class ImportWorker(
    ImportStore imports,
    ImportRun run,
    FileStore files,
    TimeProvider clock,
    ILogger<ImportWorker> log
) : BackgroundService
{
    /// <summary>The room of its files among those that pass through <see cref="FileStore"/>.</summary>
    internal const string Files = "imports";

    /// <summary>How often the row tells how far it is.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly FileStore passing = files.Passing;
    private readonly Channel<long> queue = Channel.CreateUnbounded<long>();
    private int open;
    private long toldAt;

    /// <summary>What this process is known by in the rows of its imports.</summary>
    internal string Runner { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Begins an import whose row is written.</summary>
    internal void Begin(long id)
    {
        Interlocked.Increment(ref open);
        queue.Writer.TryWrite(id);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ImportStore.Patience / 4, clock);
        var sayingSo = SaySo(timer, stoppingToken);
        try
        {
            await foreach (var id in queue.Reader.ReadAllAsync(stoppingToken))
            {
                await Run(id, stoppingToken);
                Interlocked.Decrement(ref open);
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
        var count = ImportCount.None;
        ImportRow? row = null;
        try
        {
            row = await imports.Begin(id, Runner, stop);
            if (row is null)
            {
                return;
            }
            // Its row may have let go of the file while it waited: nobody says for how long the queue is.
            await using var file = row.File is null ? null : passing.Open(Files, row.File);
            if (file is null)
            {
                throw new BrokenImportException("interrupted");
            }
            count = row.IsDryRun
                ? await run.Try(file, row.Author, row.OwnerId, now => Told(now, id, stop), stop)
                : await run.Take(
                    file,
                    row.Author,
                    row.OwnerId,
                    (sql, now) => ImportStore.Progress(sql, id, now),
                    now => Task.FromResult(count = now),
                    stop
                );
            await End(row, count, null, null);
        }
        catch (BrokenImportException broken)
        {
            await TryEnd(row, count, broken.Problem, broken.Detail);
        }
        catch (UserGoneException)
        {
            await TryEnd(row, count, "interrupted");
        }
        catch (Exception error)
            when (error is DatabaseUnavailableException or IOException or OperationCanceledException)
        {
            Interrupted(log, error, id);
            await TryEnd(row, count, "interrupted");
        }
        catch (Exception error)
        {
            Failed(log, error, id);
            await TryEnd(row, count, "interrupted");
        }
    }

    private async Task Told(ImportCount count, long id, CancellationToken stop)
    {
        if (clock.GetElapsedTime(toldAt) > Pace)
        {
            toldAt = clock.GetTimestamp();
            await imports.Progress(id, count, stop);
        }
    }

    private async Task End(ImportRow row, ImportCount count, string? problem, string? detail)
    {
        var keepsFile = problem is null && row.IsDryRun;
        await imports.End(row.Id, count, problem, detail, keepsFile, CancellationToken.None);
        if (!keepsFile && row.File is not null)
        {
            TryRemove(row.Id, row.File);
        }
    }

    /// <summary>Where the database is away it can't be told: then the row is found lost once it has said nothing for a while.</summary>
    private async Task TryEnd(ImportRow? row, ImportCount count, string problem, string? detail = null)
    {
        try
        {
            if (row is not null)
            {
                await End(row, count, problem, detail);
            }
        }
        catch (Exception error)
        {
            // Whatever it is: other imports wait, and what leaves the loop stops the whole server.
            Interrupted(log, error, row!.Id);
        }
    }

    /// <summary>The row has let go of it: what can't be removed now is found by the housework.</summary>
    private void TryRemove(long id, string file)
    {
        try
        {
            passing.Remove(Files, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CannotRemove(log, error, id);
        }
    }

    private async Task SaySo(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (Volatile.Read(ref open) > 0)
                {
                    await Touch(stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nothing of this process goes on.
        }
    }

    private async Task Touch(CancellationToken stop)
    {
        try
        {
            await imports.Touch(Runner, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            CannotSaySo(log, error);
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "The import {Import} of memos was interrupted.")]
    private static partial void Interrupted(ILogger log, Exception error, long import);

    [LoggerMessage(2203, LogLevel.Warning, "The database can't be told that imports of memos go on.")]
    private static partial void CannotSaySo(ILogger log, Exception error);

    [LoggerMessage(2204, LogLevel.Warning, "The file of the import {Import} of memos can't be removed now.")]
    private static partial void CannotRemove(ILogger log, Exception error, long import);

    [LoggerMessage(2202, LogLevel.Error, "The import {Import} of memos failed unexpectedly.")]
    private static partial void Failed(ILogger log, Exception error, long import);
}
