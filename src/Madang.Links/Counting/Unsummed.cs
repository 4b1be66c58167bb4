namespace Madang.Links.Counting;

/// <summary>
/// Visits that are written, or about to be, and that the database has no sums of yet. Their sums are written every second, or where they
/// are many, every ten: ten thousand links have most of their lines in common with the second before.
/// </summary>
internal sealed class Unsummed
{
    /// <summary>So many lines of sums are written each second.</summary>
    private const int FewSums = 1_000;

    /// <summary>So many don't wait for the ten seconds: they are held in memory, about 60 bytes each, and 200 while they are written.</summary>
    private const int MostSums = 60_000;

    private static readonly TimeSpan SumsWait = TimeSpan.FromSeconds(10);

    private readonly TimeProvider clock;
    private readonly Lock turn = new();
    private Part taken;
    private Part due;
    private long summedAt;

    internal Unsummed(TimeProvider clock)
    {
        var referrers = new KnownReferrers();
        (this.clock, taken, due) = (clock, new(referrers), new(referrers));
    }

    /// <summary>Whether what was taken should be summed up before more is.</summary>
    internal bool IsFull
    {
        get
        {
            lock (turn)
            {
                return taken.Sums.Count > MostSums;
            }
        }
    }

    /// <summary>Takes the next batch, if there is one; nobody looks meanwhile.</summary>
    internal void Take(Func<Batch?> next)
    {
        lock (turn)
        {
            if (next() is { } batch)
            {
                taken.Batches.Add(batch.Name);
                batch.Visits.ForEach(taken.Sums.Add);
            }
        }
    }

    /// <param name="link">A link.</param>
    /// <param name="gathered">Reads, at the same moment, what wasn't taken yet.</param>
    /// <returns>The link's quarter-hours that are not summed up, and the batches that they are of; and what was gathered.</returns>
    internal (string[] Batches, List<Line> Lines, T Gathered) Look<T>(long link, Func<T> gathered)
    {
        lock (turn)
        {
            return ([.. due.Batches, .. taken.Batches], [.. due.Sums.Of(link), .. taken.Sums.Of(link)], gathered());
        }
    }

    /// <summary>Makes what was taken due, unless something still is.</summary>
    /// <param name="isLast">Whether it is due however much it is.</param>
    /// <param name="isWritten">Whether all that was taken is written by now; asked while nothing can be taken.</param>
    /// <returns>Everything that is due, or null.</returns>
    internal Sums? Due(bool isLast, Func<bool> isWritten)
    {
        lock (turn)
        {
            if (due.Batches.Count == 0 && AreDue(isLast) && isWritten())
            {
                (taken, due) = (due, taken);
            }
            return due.Batches.Count == 0 ? null : due.Sums.Sums([.. due.Batches]);
        }
    }

    /// <summary>Forgets what was due: it is in the database, or somebody sums it up from there.</summary>
    internal void Forget()
    {
        lock (turn)
        {
            due.Batches.Clear();
            due.Sums.Clear();
            summedAt = clock.GetTimestamp();
        }
    }

    private bool AreDue(bool isLast) =>
        taken.Batches.Count > 0
        && (isLast || taken.Sums.Count is <= FewSums or > MostSums || clock.GetElapsedTime(summedAt) >= SumsWait);

    private sealed class Part(KnownReferrers referrers)
    {
        internal List<string> Batches { get; } = [];

        internal Rollup Sums { get; } = new(referrers);
    }
}
