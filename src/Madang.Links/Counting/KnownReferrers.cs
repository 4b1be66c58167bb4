namespace Madang.Links.Counting;

/// <summary>
/// Which hosts are told of which link. Anybody may say that he comes from anywhere, and what is summed up stays for ever: so of one link
/// a hundred hosts are told in a day. The visits of more are in the total alone.
/// </summary>
internal sealed class KnownReferrers
{
    internal const int MostOfDay = 100;

    /// <summary>When so many are known, of however many links, it begins anew: about 5 MB.</summary>
    private const int MostKept = 50_000;

    private readonly HashSet<(long Link, string Host)> told = [];
    private readonly Dictionary<long, int> counts = [];
    private long day;

    /// <param name="link">The link.</param>
    /// <param name="quarter">When: quarter-hours since 1970.</param>
    /// <param name="host">Who is said to have led there.</param>
    internal bool Tells(long link, long quarter, string host)
    {
        var today = quarter / Rollup.QuartersOfDay;
        if (today > day || told.Count >= MostKept)
        {
            told.Clear();
            counts.Clear();
            day = Math.Max(day, today);
        }
        if (told.Contains((link, host)))
        {
            return true;
        }
        var count = counts.GetValueOrDefault(link);
        if (count >= MostOfDay)
        {
            return false;
        }
        counts[link] = count + 1;
        told.Add((link, host));
        return true;
    }
}
