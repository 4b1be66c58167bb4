using Madang.Foundation.Files;
using Madang.Foundation.Moving;
using Microsoft.Extensions.Logging;

namespace Madang.Memos.Moving;

/// <summary>Runs the imports of memos that came to this process.</summary>
internal sealed class ImportWorker(
    ImportStore imports,
    ImportRun run,
    FileStore files,
    TimeProvider clock,
    ILogger<ImportWorker> log
) : ImportQueue(files, Files, clock, log)
{
    /// <summary>The room of its files among those that pass through <see cref="FileStore"/>.</summary>
    internal const string Files = "imports";

    protected override async Task<IRunningImport?> Take(long id, CancellationToken stop) =>
        await imports.Begin(id, Runner, stop) is { } row ? new Running(this, row) : null;

    protected override Task Touch(IReadOnlyCollection<long> ids, CancellationToken stop) =>
        imports.Touch(Runner, ids, stop);

    private Task<ImportCount> Run(
        FileStream file,
        ImportRow row,
        Func<ImportCount, Task> progress,
        CancellationToken stop
    ) =>
        row.IsDryRun
            ? run.Try(file, row.Author, row.OwnerId, progress, stop)
            : run.Take(
                file,
                row.Author,
                row.OwnerId,
                (sql, now) => ImportStore.Progress(sql, row.Id, now),
                progress,
                stop
            );

    private Task End(ImportRow row, ImportCount count, string? problem, string? detail, bool keepsFile) =>
        imports.End(row.Id, count, problem, detail, keepsFile, CancellationToken.None);

    private Task Tell(ImportRow row, ImportCount now, CancellationToken stop) =>
        row.IsDryRun && IsTimeToTell() ? imports.Progress(row.Id, now, stop) : Task.CompletedTask;

    private sealed class Running(ImportWorker worker, ImportRow row) : IRunningImport
    {
        private ImportCount count = ImportCount.None;

        public string? File => row.File;

        public bool IsDryRun => row.IsDryRun;

        public async Task Run(FileStream file, CancellationToken stop) =>
            count = await worker.Run(
                file,
                row,
                now =>
                {
                    count = now;
                    return worker.Tell(row, now, stop);
                },
                stop
            );

        public Task End(string? problem, string? detail, bool keepsFile) =>
            worker.End(row, count, problem, detail, keepsFile);
    }
}
