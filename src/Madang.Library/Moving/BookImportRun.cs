using Madang.Foundation.Data;

namespace Madang.Library.Moving;

/// <summary>How a file is to be taken in.</summary>
/// <param name="Actor">Who does so; null for whoever keeps the machine.</param>
/// <param name="Source">Whose file it is said to be; null when its content is to tell.</param>
internal sealed record BookImportPlan(long? Actor, string? Source);

/// <summary>What became of a file's books so far.</summary>
internal sealed record BookImportCount(int Total, int Added, int Present, int Refused)
{
    internal static BookImportCount None { get; } = new(0, 0, 0, 0);

    internal BookImportCount With(IEnumerable<BookImportLine> lines) =>
        lines.Aggregate(
            this,
            (count, line) =>
                line.Outcome switch
                {
                    IncomingBooks.Added => count with { Added = count.Added + 1 },
                    IncomingBooks.Present => count with { Present = count.Present + 1 },
                    _ => count with { Refused = count.Refused + 1 },
                }
        );
}

/// <summary>
/// Takes a file's books in. The file is read through once before the first is written, so that one that breaks off adds nothing. What was
/// written when the process is killed stays, and importing the file again adds the rest: a book is known by its ISBN.
/// </summary>
internal sealed class BookImportRun(IncomingBooks books)
{
    /// <summary>Few enough that other writes get their turn soon.</summary>
    private const int BatchSize = 200;

    /// <param name="file">The file.</param>
    /// <param name="plan">How it is taken in.</param>
    /// <param name="isDryRun">Whether it is only told what would happen.</param>
    /// <param name="also">Is written in the same transaction as each part.</param>
    /// <param name="progress">Is told of each part.</param>
    /// <param name="stop">Ends it between two parts.</param>
    /// <exception cref="Madang.Foundation.Moving.BrokenImportException">The file as a whole can't be read; nothing was written.</exception>
    internal async Task<BookImportCount> Run(
        Stream file,
        BookImportPlan plan,
        bool isDryRun,
        Func<Sql, BookImportCount, Task> also,
        Func<BookImportCount, IReadOnlyList<BookImportLine>, Task> progress,
        CancellationToken stop
    )
    {
        var source = new BookFile(file, plan.Source);
        var count = BookImportCount.None with { Total = Count(source, stop) };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in source.Read().Chunk(BatchSize))
        {
            stop.ThrowIfCancellationRequested();
            var refused = part.Where(item => item.Book is null).Select(RefusalOf).ToList();
            var given = part.Select(item => item.Book).OfType<IncomingBook>().ToList();
            var lines = isDryRun
                ? await books.Try(given, seen, stop)
                : await books.Add(plan.Actor, given, (sql, done) => also(sql, count.With(done.Concat(refused))), stop);
            List<BookImportLine> all = [.. lines.Concat(refused).OrderBy(line => line.Line)];
            count = count.With(all);
            await progress(count, all);
        }
        return count;
    }

    private static int Count(BookFile source, CancellationToken stop)
    {
        var count = 0;
        foreach (var _ in source.Read())
        {
            stop.ThrowIfCancellationRequested();
            count++;
        }
        return count;
    }

    private static BookImportLine RefusalOf(IncomingItem item) =>
        new(item.Line, IncomingBooks.Refused, item.Title, item.Isbn, item.Fault);
}
