using System.Threading.Channels;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Moving;

/// <summary>Begins imports, and runs those that came to this process, one after the other.</summary>
public sealed partial class LinkImporting : BackgroundService
{
    /// <summary>How often the row of a dry run tells how far it is.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly LinkImportStore imports;
    private readonly LinkImportRun run;
    private readonly LinkImportFiles files;
    private readonly TimeProvider clock;
    private readonly ILogger<LinkImporting> log;
    private readonly Channel<long> queue = Channel.CreateUnbounded<long>();
    private int open;
    private long toldAt;

    internal LinkImporting(
        LinkImportStore imports,
        LinkImportRun run,
        LinkImportFiles files,
        TimeProvider clock,
        ILogger<LinkImporting> log
    ) => (this.imports, this.run, this.files, this.clock, this.log) = (imports, run, files, clock, log);

    /// <summary>What this process is known by in the rows of its imports.</summary>
    internal string Runner { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Begins an import whose file was received, by a write of the caller's; what comes to no import leaves no file.</summary>
    internal async Task<T> Begin<T>(
        string file,
        Func<Func<Sql, ImportPlan, string, bool, Task<ImportRow?>>, Task<T>> write
    )
    {
        var begun = new Begun();
        try
        {
            return await write(
                async (sql, plan, fileName, isDryRun) =>
                {
                    var (row, gone) = await LinkImportStore.Add(sql, plan, Runner, file, fileName, isDryRun);
                    if (row is not null)
                    {
                        sql.AfterCommit(() => (begun.Id, begun.Gone) = (row.Id, gone));
                    }
                    return row;
                }
            );
        }
        finally
        {
            begun.Gone.ForEach(one => files.Remove(one));
            if (begun.Id is { } id)
            {
                Begin(id);
            }
            else
            {
                files.Discard(file);
            }
        }
    }

    /// <returns>The import that goes on; null when there is none that could.</returns>
    internal async Task<ImportRow?> Run(long id, long owner, CancellationToken stop)
    {
        var (row, mustBegin) = await imports.MakeReal(id, owner, Runner, stop);
        if (mustBegin)
        {
            Begin(id);
        }
        return row;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LinkImportStore.Patience / 4, clock);
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

    private void Begin(long id)
    {
        Interlocked.Increment(ref open);
        queue.Writer.TryWrite(id);
    }

    private async Task Run(long id, CancellationToken stop)
    {
        var (count, told) = (ImportCount.None, new ToldLines());
        ImportRow? row = null;
        string? problem = null;
        try
        {
            row = await imports.Begin(id, Runner, stop);
            if (row is null)
            {
                return;
            }
            await using var file =
                (row.File is null ? null : files.Open(row.File)) ?? throw new BrokenImportException("interrupted");
            await run.Run(
                file,
                row.Plan,
                row.IsDryRun,
                (sql, now) => LinkImportStore.Progress(sql, id, now),
                (now, lines) =>
                {
                    count = now;
                    told.Add(lines);
                    return row.IsDryRun ? Told(now, id, stop) : Task.CompletedTask;
                },
                stop
            );
        }
        catch (BrokenImportException broken)
        {
            problem = broken.Problem;
        }
        catch (Exception error)
        {
            if (error is not (OperationCanceledException or UserGoneException))
            {
                Interrupted(log, error, id);
            }
            problem = "interrupted";
        }
        await TryEnd(row, count, told, problem);
    }

    private async Task Told(ImportCount count, long id, CancellationToken stop)
    {
        if (clock.GetElapsedTime(toldAt) > Pace)
        {
            toldAt = clock.GetTimestamp();
            await imports.Progress(id, count, stop);
        }
    }

    /// <summary>Where the database is away it can't be told: then the row is found lost once it has said nothing for a while.</summary>
    private async Task TryEnd(ImportRow? row, ImportCount count, ToldLines told, string? problem)
    {
        try
        {
            if (row is not null)
            {
                var keepsFile = problem is null && row.IsDryRun;
                await imports.End(row.Id, count, told.Text, problem, keepsFile);
                if (!keepsFile && row.File is not null)
                {
                    files.Remove(row.File);
                }
            }
        }
        catch (Exception error)
        {
            // Whatever it is: other imports wait, and what leaves the loop stops the whole server.
            Interrupted(log, error, row!.Id);
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

    [LoggerMessage(3107, LogLevel.Warning, "The import {Import} of links was interrupted.")]
    private static partial void Interrupted(ILogger log, Exception error, long import);

    [LoggerMessage(3108, LogLevel.Warning, "The database can't be told that imports of links go on.")]
    private static partial void CannotSaySo(ILogger log, Exception error);

    /// <summary>What the transaction that was kept came to: one that was lost and tried again leaves nothing here.</summary>
    private sealed class Begun
    {
        internal long? Id { get; set; }

        internal List<string> Gone { get; set; } = [];
    }
}
