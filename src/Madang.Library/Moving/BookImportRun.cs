using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;
using Microsoft.Extensions.Options;

namespace Madang.Library.Moving;

/// <summary>How a file is to be taken in.</summary>
/// <param name="Actor">Who does so; null for whoever keeps the machine.</param>
/// <param name="Source">Whose file it is said to be; null when its content is to tell.</param>
internal sealed record BookImportPlan(long? Actor, string? Source);

/// <summary>What became of a file's books so far.</summary>
internal sealed record BookImportCount(int Total, int Added, int Present, int Refused)
{
    internal static BookImportCount None { get; } = new(0, 0, 0, 0);

    internal int Done => Added + Present + Refused;

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

/// <summary>Who is told how far an import is.</summary>
internal interface IBookImportWatch
{
    /// <summary>Is told how many books were read, while the file is read through for the first time.</summary>
    void Read(int books);

    /// <summary>Writes in the transaction of each part what became of it; of a dry run nothing is written, and so this is never asked.</summary>
    Task Write(Sql sql, BookImportCount count, IReadOnlyList<BookImportLine> lines);

    /// <summary>Is told of each part once it is over.</summary>
    Task Tell(BookImportCount count, IReadOnlyList<BookImportLine> lines, CancellationToken stop);
}

/// <summary>
/// Takes a file's books in. The file is read through once before the first is written, so that one that breaks off adds nothing. What was
/// written when the process is killed stays, and importing the file again adds the rest: a book is known by its ISBN.
/// </summary>
internal sealed class BookImportRun(IncomingBooks books, IUserDirectory users, IOptions<LibrarySettings> settings)
{
    /// <summary>Few enough that other writers get their turn soon.</summary>
    private const int BatchSize = 200;

    /// <param name="file">The file.</param>
    /// <param name="plan">How it is taken in.</param>
    /// <param name="isDryRun">Whether it is only told what would happen.</param>
    /// <param name="watch">Who is told.</param>
    /// <param name="stop">Ends it between two parts, or while it reads.</param>
    /// <exception cref="BrokenImportException">The file as a whole can't be read, and nothing was written; or whoever brings it may no
    /// longer change the catalogue.</exception>
    internal async Task<BookImportCount> Run(
        Stream file,
        BookImportPlan plan,
        bool isDryRun,
        IBookImportWatch watch,
        CancellationToken stop
    )
    {
        var source = new BookFile(file, plan.Source, stop);
        var count = BookImportCount.None with { Total = Count(source, watch) };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in source.Read().Chunk(BatchSize))
        {
            await MustBeEditor(plan.Actor, stop);
            var refused = part.Where(item => item.Book is null).Select(RefusalOf).ToList();
            var given = part.Select(item => item.Book).OfType<IncomingBook>().ToList();
            List<BookImportLine> All(List<BookImportLine> lines) =>
                [.. lines.Concat(refused).OrderBy(line => line.Line)];
            var lines = All(
                isDryRun
                    ? await books.Try(given, seen, stop)
                    : await books.Add(
                        plan.Actor,
                        given,
                        (sql, done) =>
                        {
                            var all = All(done);
                            return watch.Write(sql, count.With(all), all);
                        },
                        stop
                    )
            );
            count = count.With(lines);
            await watch.Tell(count, lines, stop);
        }
        return count;
    }

    private static int Count(BookFile source, IBookImportWatch watch)
    {
        var count = 0;
        foreach (var _ in source.Read())
        {
            if (++count % BatchSize == 0)
            {
                watch.Read(count);
            }
        }
        return count;
    }

    /// <summary>An import may take minutes: whoever is disabled meanwhile, or is a librarian no more, brings nothing more in.</summary>
    private async Task MustBeEditor(long? actor, CancellationToken stop)
    {
        if (
            actor is { } id
            && !(await users.Find(id, stop) is { IsEnabled: true } user && settings.Value.IsEditor(user))
        )
        {
            throw new BrokenImportException("not_an_editor");
        }
    }

    private static BookImportLine RefusalOf(IncomingItem item) =>
        new(item.Line, IncomingBooks.Refused, item.Title, item.Isbn, item.Fault);
}
