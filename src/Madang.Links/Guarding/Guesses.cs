namespace Madang.Links.Guarding;

/// <summary>
/// Bounds how often the password of a link is guessed: by one caller, and by all together. A try counts before the password is
/// looked at, so that tries at once can't slip past the count, and is given back when it was right. Each process counts its own.
/// </summary>
/// <remarks>
/// The tries of all callers together count in windows, and each window in which only wrong ones came makes the next one longer: whoever has
/// many addresses gets 600 tries a day at last. A right password begins anew, and so does a day without any.
/// </remarks>
public sealed class Guesses(TimeProvider clock)
{
    internal const int MostOfOne = 10;
    internal const int MostOfAll = 100;

    /// <summary>That of one caller, and the first of all together.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>The windows of all callers together, as they grow.</summary>
    internal static readonly IReadOnlyList<TimeSpan> Windows = [Window, TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    /// <summary>So long after its end it is known how long the last window was.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly Lock turn = new();

    /// <summary>Bounded by the links that have a password: a hundred wrong tries of each are counted, and no more.</summary>
    private readonly Dictionary<(long Link, string? Place), Tries> tries = [];

    private DateTimeOffset swept;

    /// <param name="link">The id of the link.</param>
    /// <param name="place">Who guesses.</param>
    /// <returns>Null when the password may be looked at, else how long to wait.</returns>
    internal TimeSpan? Begin(long link, string place)
    {
        lock (turn)
        {
            var now = clock.GetUtcNow();
            Sweep(now);
            var (one, all) = (Of(link, place, now), Of(link, null, now));
            if (one.Count >= MostOfOne || all.Count >= MostOfAll)
            {
                // Who waits for both is let in at the end of the later one.
                var (own, common) = (one.Count >= MostOfOne ? one.End : now, all.Count >= MostOfAll ? all.End : now);
                return (own > common ? own : common) - now;
            }
            one.Count++;
            all.Count++;
            (tries[(link, place)], tries[(link, null)]) = (one, all);
            return null;
        }
    }

    /// <summary>The try was right, or the password was not looked at after all.</summary>
    internal void GiveBack(long link, string place, bool wasRight)
    {
        lock (turn)
        {
            foreach (var key in new[] { (link, place), (link, (string?)null) })
            {
                if (!tries.TryGetValue(key, out var known))
                {
                    continue;
                }
                known.Count = Math.Max(0, known.Count - 1);
                if (wasRight)
                {
                    (known.Step, known.HadRight) = (0, true);
                }
                if (known is { Count: 0, Step: 0 })
                {
                    tries.Remove(key);
                }
            }
        }
    }

    private Tries Of(long link, string? place, DateTimeOffset now) =>
        !tries.TryGetValue((link, place), out var known) || now >= EndOfMemory(place, known) ? new(now, 0)
        : now < known.End ? known
        : new(now, known.HadRight ? 0 : Math.Min(known.Step + (known.Count > 0 ? 1 : 0), Windows.Count - 1));

    /// <summary>Only that of all callers together grows.</summary>
    private static DateTimeOffset EndOfMemory(string? place, Tries known) =>
        place is null ? known.End + Memory : known.End;

    private void Sweep(DateTimeOffset now)
    {
        if (now - swept < Window)
        {
            return;
        }
        swept = now;
        foreach (
            var key in tries.Where(one => now >= EndOfMemory(one.Key.Place, one.Value)).Select(one => one.Key).ToList()
        )
        {
            tries.Remove(key);
        }
    }

    private sealed class Tries(DateTimeOffset since, int step)
    {
        internal int Count { get; set; }

        /// <summary>Which of <see cref="Windows"/> it is.</summary>
        internal int Step { get; set; } = step;

        /// <summary>Whether a right password came in it.</summary>
        internal bool HadRight { get; set; }

        internal DateTimeOffset End => since + Windows[Step];
    }
}
