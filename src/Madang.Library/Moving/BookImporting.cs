using Madang.Foundation.Data;
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
    protected override Task Touch(IReadOnlyCollection<long> ids, CancellationToken stop) =>
        imports.Touch(Runner, ids, stop);

    private sealed class Running(BookImporting all, BookImportRow row) : IRunningImport, IBookImportWatch
    {
        private readonly ToldBooks told = new();
        private BookImportCount count = BookImportCount.None;

        public string? File => row.File;

        public bool IsDryRun => row.IsDryRun;

        public Task Run(FileStream file, CancellationToken stop) =>
            all.run.Run(file, row.Plan, row.IsDryRun, this, stop);

        public Task End(string? problem, string? detail, bool keepsFile) =>
            all.imports.End(row.Id, row.IsDryRun ? count : null, told.Text, problem, detail, keepsFile);

        public void Read(int books)
        {
            // The page says that the file is read.
        }

        public Task Write(Sql sql, BookImportCount count, IReadOnlyList<BookImportLine> lines) =>
            BookImportStore.Progress(sql, row.Id, count, lines);

        public Task Tell(BookImportCount count, IReadOnlyList<BookImportLine> lines, CancellationToken stop)
        {
            this.count = count;
            told.Add(lines);
            return row.IsDryRun ? all.imports.Progress(row.Id, count, lines, stop) : Task.CompletedTask;
        }
    }
}
