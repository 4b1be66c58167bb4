namespace Madang.Links.Counting;

/// <summary>Visits in memory until they are written, in the order in which they came. Whoever adds one never waits for a write.</summary>
internal sealed class GatheredVisits(int most)
{
    /// <summary>More, that have gathered while the database was away, are written in several commits, each well within its time limit.</summary>
    private const int LargestBatch = 10_000;

    private readonly Lock turn = new();
    private List<Visit> gathered = [];
    private List<Visit> spare = [];
    private Batch? unwritten;
    private long dropped;

    /// <summary>How many are not written.</summary>
    internal long Left
    {
        get
        {
            lock (turn)
            {
                return gathered.Count + (unwritten?.Visits.Count ?? 0);
            }
        }
    }

    /// <summary>What was taken and is not written yet; a second try has the same name.</summary>
    internal Batch? Unwritten
    {
        get
        {
            lock (turn)
            {
                return unwritten;
            }
        }
    }

    /// <returns>Whether there was room for it.</returns>
    internal bool Add(Visit visit)
    {
        lock (turn)
        {
            if (gathered.Count + (unwritten?.Visits.Count ?? 0) < most)
            {
                gathered.Add(visit);
                return true;
            }
            dropped++;
            return false;
        }
    }

    /// <returns>The next to be written, or null when there are none.</returns>
    internal Batch? Take()
    {
        lock (turn)
        {
            if (gathered.Count == 0)
            {
                return null;
            }
            var visits = gathered;
            if (visits.Count > LargestBatch)
            {
                visits = gathered.GetRange(0, LargestBatch);
                gathered.RemoveRange(0, LargestBatch);
            }
            else
            {
                (gathered, spare) = (spare, []);
            }
            return unwritten = new(Guid.CreateVersion7().ToString("N"), visits);
        }
    }

    /// <summary>Forgets what was taken: it is written.</summary>
    /// <param name="isListFree">Whether nobody else has the list: a write that failed may still be at work somewhere.</param>
    internal void Written(bool isListFree)
    {
        lock (turn)
        {
            if (isListFree && unwritten is { Visits: { Capacity: <= 2 * LargestBatch } visits })
            {
                visits.Clear();
                spare = visits;
            }
            unwritten = null;
        }
    }

    /// <returns>The sums of one link's that were not taken yet.</returns>
    internal Rollup Of(long link)
    {
        var sums = new Rollup(new());
        lock (turn)
        {
            foreach (var visit in gathered)
            {
                if (visit.Link == link)
                {
                    sums.Add(visit);
                }
            }
        }
        return sums;
    }

    /// <returns>How many found no room since this was last asked.</returns>
    internal long Dropped()
    {
        lock (turn)
        {
            var count = dropped;
            dropped = 0;
            return count;
        }
    }
}
