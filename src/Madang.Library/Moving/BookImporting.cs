using Madang.Foundation.Files;
using Madang.Foundation.Moving;
using Microsoft.Extensions.Logging;

namespace Madang.Library.Moving;

/// <summary>Runs the imports of books that came to this process.</summary>
public sealed class BookImporting : ImportQueue
{
    /// <summary>The room of its files among those that pass through <see cref="FileStore"/>.</summary>
    internal const string Files = "library";

    private readonly BookImportStore imports;
    private readonly BookImportRun run;

    internal BookImporting(
        BookImportStore imports,
        BookImportRun run,
        FileStore files,
        TimeProvider clock,
        ILogger<BookImporting> log
    )
        : base(files, Files, clock, log) => (this.imports, this.run) = (imports, run);

    /// <returns>The import that goes on; null when there is none that could.</returns>
    internal async Task<BookImportRow?> Run(long id, long owner, CancellationToken stop)
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
    protected override Task Touch(CancellationToken stop) => imports.Touch(Runner, stop);

    private sealed class Running(BookImporting all, BookImportRow row) : IRunningImport
    {
        private readonly ToldBooks told = new();
        private BookImportCount count = BookImportCount.None;

        public string? File => row.File;

        public bool IsDryRun => row.IsDryRun;

        public Task Run(FileStream file, CancellationToken stop) =>
            all.run.Run(
                file,
                row.Plan,
                row.IsDryRun,
                (sql, now) => BookImportStore.Progress(sql, row.Id, now),
                (now, lines) => Tell(now, lines, stop),
                stop
            );

        public Task End(string? problem, string? detail, bool keepsFile) =>
            all.imports.End(row.Id, count, told.Text, problem, keepsFile);

        private Task Tell(BookImportCount now, IReadOnlyList<BookImportLine> lines, CancellationToken stop)
        {
            count = now;
            told.Add(lines);
            return row.IsDryRun && all.IsTimeToTell() ? all.imports.Progress(row.Id, now, stop) : Task.CompletedTask;
        }
    }
}
