namespace Madang.Links.Guarding;

/// <summary>
/// Bounds how often the password of a link is guessed: by one caller, and by all together. A try counts before the password is
/// looked at, so that tries at once can't slip past the count, and is given back when it was right. Each process counts its own.
/// </summary>
public sealed class Guesses(TimeProvider clock)
{
    internal const int MostOfOne = 10;
    internal const int MostOfAll = 100;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

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
                return (one.Count >= MostOfOne ? one : all).Since + Window - now;
            }
            one.Count++;
            all.Count++;
            (tries[(link, place)], tries[(link, null)]) = (one, all);
            return null;
        }
    }

    /// <summary>The try was right, or the password was not looked at after all.</summary>
    internal void GiveBack(long link, string place)
    {
        lock (turn)
        {
            foreach (var key in new[] { (link, place), (link, (string?)null) })
            {
                if (tries.TryGetValue(key, out var known) && --known.Count <= 0)
                {
                    tries.Remove(key);
                }
            }
        }
    }

    private Tries Of(long link, string? place, DateTimeOffset now) =>
        tries.TryGetValue((link, place), out var known) && now - known.Since < Window ? known : new Tries(now);

    private void Sweep(DateTimeOffset now)
    {
        if (now - swept < Window)
        {
            return;
        }
        swept = now;
        foreach (var key in tries.Where(one => now - one.Value.Since >= Window).Select(one => one.Key).ToList())
        {
            tries.Remove(key);
        }
    }

    private sealed class Tries(DateTimeOffset since)
    {
        internal DateTimeOffset Since { get; } = since;
        internal int Count { get; set; }
    }
}
