using Madang.Foundation.Files;
using Madang.Foundation.Moving;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Moving;

/// <summary>Runs the imports of links that came to this process.</summary>
public sealed class LinkImporting : ImportQueue
{
    /// <summary>The room of its files among those that pass through <see cref="FileStore"/>.</summary>
    internal const string Files = "links";

    private readonly LinkImportStore imports;
    private readonly LinkImportRun run;

    internal LinkImporting(
        LinkImportStore imports,
        LinkImportRun run,
        FileStore files,
        TimeProvider clock,
        ILogger<LinkImporting> log
    )
        : base(files, Files, clock, log) => (this.imports, this.run) = (imports, run);

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
    protected override async Task<IRunningImport?> Take(long id, CancellationToken stop) =>
        await imports.Begin(id, Runner, stop) is { } row ? new Running(this, row) : null;

    /// <inheritdoc />
    protected override Task Touch(IReadOnlyCollection<long> ids, CancellationToken stop) =>
        imports.Touch(Runner, ids, stop);

    private sealed class Running(LinkImporting all, ImportRow row) : IRunningImport
    {
        private readonly ToldLines told = new();
        private ImportCount count = ImportCount.None;

        public string? File => row.File;

        public bool IsDryRun => row.IsDryRun;

        public Task Run(FileStream file, CancellationToken stop) =>
            all.run.Run(
                file,
                row.Plan,
                row.IsDryRun,
                (sql, now) => LinkImportStore.Progress(sql, row.Id, now),
                (now, lines) => Tell(now, lines, stop),
                stop
            );

        public Task End(string? problem, string? detail, bool keepsFile) =>
            all.imports.End(row.Id, count, told.Text, problem, keepsFile);

        private Task Tell(ImportCount now, IReadOnlyList<ImportLine> lines, CancellationToken stop)
        {
            count = now;
            told.Add(lines);
            return row.IsDryRun && all.IsTimeToTell() ? all.imports.Progress(row.Id, now, stop) : Task.CompletedTask;
        }
    }
}
