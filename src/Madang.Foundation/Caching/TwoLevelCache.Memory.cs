namespace Madang.Foundation.Caching;

/// <summary>What is in memory and sure, for who asks for no more.</summary>
public sealed partial class TwoLevelCache
{
    /// <returns>The answer, when it is in memory and known to be good; to ask makes nothing and waits for nothing.</returns>
    public CachedAnswer? Find(ReadOnlySpan<char> key)
    {
        var answer = Look(key);
        if (answer is not null)
        {
            meter.HitMemory();
        }
        return answer;
    }

    /// <summary>An answer that <see cref="Look"/> found is sent.</summary>
    internal void Serve() => meter.HitMemory();

    /// <returns>As <see cref="Find"/> does, for who may not send it after all: it is not counted.</returns>
    internal CachedAnswer? Look(ReadOnlySpan<char> key)
    {
        var now = Versions.Now;
        if (!memory.TryFind(key, out var kept) || !kept.Stamp.IsCurrent || now > kept.Until || !Versions.IsSure(now))
        {
            return null;
        }
        Versions.LookAhead(now);
        kept.Ask();
        return kept.Answer;
    }
}
