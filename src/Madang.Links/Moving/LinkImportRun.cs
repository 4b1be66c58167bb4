using Madang.Foundation.Data;
using Madang.Links.Blocking;
using Madang.Links.Shortening;

namespace Madang.Links.Moving;

/// <summary>How a file is to be taken in.</summary>
/// <param name="Owner">Whose links they become.</param>
/// <param name="Source">Whose file it is.</param>
/// <param name="DrawsSlugs">Whether a link whose slug can't be had gets another.</param>
/// <param name="OwnUrl">What short addresses begin with here, or empty.</param>
internal sealed record ImportPlan(long Owner, string Source, bool DrawsSlugs, string OwnUrl);

/// <summary>What became of a file's links so far.</summary>
internal sealed record ImportCount(int Total, int Added, int Renamed, int Present, int Refused)
{
    internal static ImportCount None { get; } = new(0, 0, 0, 0, 0);

    internal int Done => Added + Renamed + Present + Refused;

    internal ImportCount With(IEnumerable<ImportLine> lines) =>
        lines.Aggregate(
            this,
            (count, line) =>
                line.Outcome switch
                {
                    IncomingLinks.Added => count with { Added = count.Added + 1 },
                    IncomingLinks.Renamed => count with { Renamed = count.Renamed + 1 },
                    IncomingLinks.Present => count with { Present = count.Present + 1 },
                    _ => count with { Refused = count.Refused + 1 },
                }
        );
}

/// <summary>
/// Takes a file's links in. The file is read through once before the first is written, so that one that breaks off adds nothing. What was
/// written when the process is killed stays, and importing the file again adds the rest.
/// </summary>
internal sealed class LinkImportRun(IncomingLinks links, LinkRules rules, BlockedHosts blocked, TimeProvider clock)
{
    private const int BatchSize = 100;

    /// <param name="file">The file.</param>
    /// <param name="plan">How it is taken in.</param>
    /// <param name="isDryRun">Whether it is only told what would happen.</param>
    /// <param name="also">Is written in the same transaction as each part.</param>
    /// <param name="progress">Is told of each part.</param>
    /// <param name="stop">Ends it between two parts.</param>
    /// <exception cref="Madang.Foundation.Moving.BrokenImportException">The file as a whole can't be read; nothing was written.</exception>
    internal async Task<ImportCount> Run(
        Stream file,
        ImportPlan plan,
        bool isDryRun,
        Func<Sql, ImportCount, Task> also,
        Func<ImportCount, IReadOnlyList<ImportLine>, Task> progress,
        CancellationToken stop
    )
    {
        await blocked.Load(stop);
        var source = new LinkFile(file, LinkSource.Of(plan.Source));
        IEnumerable<IncomingItem> Items() => source.Read(clock.GetUtcNow(), url => rules.FaultOf(url, plan.OwnUrl));
        var count = ImportCount.None with { Total = Items().Count() };
        var seen = Seen.Nothing;
        foreach (var part in Items().Chunk(BatchSize))
        {
            stop.ThrowIfCancellationRequested();
            var refused = part.Where(item => item.Link is null).Select(RefusalOf).ToList();
            var given = part.Select(item => item.Link).OfType<IncomingLink>().ToList();
            var lines = isDryRun
                ? await links.Try(plan.Owner, given, plan.DrawsSlugs, seen, stop)
                : await links.Add(
                    plan.Owner,
                    given,
                    plan.DrawsSlugs,
                    (sql, done) => also(sql, count.With(done.Concat(refused))),
                    stop
                );
            List<ImportLine> all = [.. lines.Concat(refused).OrderBy(line => line.Line)];
            count = count.With(all);
            await progress(count, all);
        }
        return count;
    }

    private static ImportLine RefusalOf(IncomingItem item)
    {
        // The word of the sentence without its room.
        var reason = item.Fault!;
        return new(
            item.Line,
            IncomingLinks.Refused,
            item.Url,
            null,
            reason[(reason.IndexOf('.', StringComparison.Ordinal) + 1)..]
        );
    }
}
