using System.Collections.Concurrent;
using Madang.Foundation.Data;
using Madang.Links.Blocking;
using Madang.Links.Shortening;

namespace Madang.Links.Following;

/// <summary>
/// The links that were followed lately, in memory. There are two halves: what is looked up goes into the young one, and when that is
/// full the old one is thrown away and the young one takes its place. So the memory is bounded, what is followed often stays, and
/// a reader takes no lock. Links that don't exist are not remembered: a new one is found at once.
/// </summary>
public sealed class OpenLinks(Database db, BlockedHosts? blocked = null)
{
    private const int HalfOfBytes = 24 * 1024 * 1024;

    private readonly Lock turn = new();
    private volatile Halves halves = new(new(), new());
    private long youngBytes;
    private long forgotten;

    /// <summary>In bytes: each half may hold so much. Smaller in tests.</summary>
    internal int MostOfHalf { get; init; } = HalfOfBytes;

    /// <summary>How many links are remembered; one that stands in both halves counts twice.</summary>
    internal int Count => halves.Young.Links.Count + halves.Old.Links.Count;

    /// <returns>The link as it was last read or told of, or null when it isn't remembered.</returns>
    internal OpenLink? Remembered(ReadOnlySpan<char> slug)
    {
        var now = halves;
        if (now.Young.BySpan.TryGetValue(slug, out var link))
        {
            return link;
        }
        if (!now.Old.BySpan.TryGetValue(slug, out link))
        {
            return null;
        }
        Keep(link, Interlocked.Read(ref forgotten), now);
        return link;
    }

    /// <returns>The link, from memory or the database; null when there is none.</returns>
    internal async Task<OpenLink?> Find(string slug, CancellationToken stop)
    {
        if (Remembered(slug) is { } known)
        {
            return known;
        }
        var before = Interlocked.Read(ref forgotten);
        var row = await db.Read(
            sql =>
                sql.First<LinkRow>(
                    $"SELECT {LinkRow.Columns} FROM links WHERE slug = @slug AND deleted_at IS NULL",
                    new { slug }
                ),
            stop
        );
        if (row is null)
        {
            return null;
        }
        var link = new OpenLink(row, blocked);
        Keep(link, before, null);
        return link;
    }

    internal void Forget(string slug)
    {
        lock (turn)
        {
            // Whoever has read this link before, and comes to keep it after, is told by this that it is not to be kept.
            Interlocked.Increment(ref forgotten);
            if (halves.Young.Links.TryRemove(slug, out var young))
            {
                youngBytes -= young.Size;
            }
            halves.Old.Links.TryRemove(slug, out _);
        }
    }

    internal void ForgetAll()
    {
        lock (turn)
        {
            Interlocked.Increment(ref forgotten);
            (halves, youngBytes) = (new(new(), new()), 0);
        }
    }

    private void Keep(OpenLink link, long since, Halves? seenIn)
    {
        lock (turn)
        {
            // A link of the old half that was taken out meanwhile was forgotten, or its half is gone: either way it is read again.
            var isStale =
                since != forgotten
                || (
                    seenIn is not null
                    && (!ReferenceEquals(seenIn.Old, halves.Old) || !halves.Old.Links.ContainsKey(link.Slug))
                );
            if (isStale || !halves.Young.Links.TryAdd(link.Slug, link))
            {
                return;
            }
            youngBytes += link.Size;
            if (youngBytes > MostOfHalf)
            {
                (halves, youngBytes) = (new(new(), halves.Young), 0);
            }
        }
    }

    private sealed record Halves(Half Young, Half Old);

    /// <summary>A table, and the way to look a part of a path up in it without a text of its own.</summary>
    private sealed class Half
    {
        internal ConcurrentDictionary<string, OpenLink> Links { get; } = new(StringComparer.Ordinal);

        internal ConcurrentDictionary<string, OpenLink>.AlternateLookup<ReadOnlySpan<char>> BySpan { get; }

        internal Half() => BySpan = Links.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
