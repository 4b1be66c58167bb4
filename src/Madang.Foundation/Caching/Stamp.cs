namespace Madang.Foundation.Caching;

/// <summary>A name that answers are kept under, and its version as far as this process knows: it only rises.</summary>
internal sealed class Tag(string name)
{
    private long version;

    internal string Name => name;

    internal long Version => Volatile.Read(ref version);

    internal void Raise(long to)
    {
        for (var now = Version; now < to; )
        {
            var found = Interlocked.CompareExchange(ref version, to, now);
            if (found == now)
            {
                return;
            }
            now = found;
        }
    }

    /// <summary>For what is another yard's from now on.</summary>
    internal void Set(long to) => Volatile.Write(ref version, to);
}

/// <summary>The versions that an answer's tags had before its computation began, and when that was.</summary>
internal sealed class Stamp
{
    private readonly Tag[] tags;
    private readonly long[] versions;

    internal Stamp(Tag[] tags, long since)
    {
        this.tags = tags;
        versions = Array.ConvertAll(tags, tag => tag.Version);
        Since = since;
    }

    /// <summary>The timestamp from before the computation.</summary>
    internal long Since { get; }

    internal IEnumerable<(string Tag, long Version)> Versions =>
        tags.Zip(versions, (tag, version) => (tag.Name, version));

    /// <summary>Whether no tag has another version by now.</summary>
    internal bool IsCurrent
    {
        get
        {
            for (var i = 0; i < tags.Length; i++)
            {
                if (tags[i].Version != versions[i])
                {
                    return false;
                }
            }
            return true;
        }
    }
}
