using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Madang.Foundation.Caching;

/// <summary>
/// The first level: answers in this process, bounded in bytes. What was not asked for since its turn last came goes first (the
/// "second chance" of a clock); to find one takes no lock and moves nothing.
/// </summary>
/// <param name="most">What all of them may take, in bytes.</param>
internal sealed class MemoryLevel(long most)
{
    /// <summary>What an entry takes besides its key and its body: objects, places in the dictionary and in the order.</summary>
    private const int Overhead = 512;

    /// <summary>One answer never drives all others out.</summary>
    private readonly long largest = most / 8;

    private readonly ConcurrentDictionary<string, Kept> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> order = [];
    private readonly Lock turn = new();
    private long bytes;

    internal long Bytes => Volatile.Read(ref bytes);

    internal int Count => entries.Count;

    internal bool TryFind(ReadOnlySpan<char> key, [NotNullWhen(true)] out Kept? kept) =>
        entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out kept);

    /// <summary>Keeps an answer in the place of the one that has its key. One that is too large is not kept.</summary>
    internal void Keep(string key, Stamp stamp, CachedAnswer answer, long until)
    {
        var kept = new Kept(key, stamp, answer, until) { Bytes = Overhead + (2L * key.Length) + answer.Bytes.Length };
        lock (turn)
        {
            if (entries.TryGetValue(key, out var before))
            {
                Drop(before);
            }
            if (kept.Bytes > largest)
            {
                return;
            }
            bytes += kept.Bytes;
            kept.Place = order.AddLast(kept);
            entries[key] = kept;
            answer.Grew = more => Grow(kept, more);
            MakeRoom();
        }
    }

    internal void Remove(string key)
    {
        lock (turn)
        {
            if (entries.TryGetValue(key, out var kept))
            {
                Drop(kept);
            }
        }
    }

    private void Grow(Kept kept, int more)
    {
        lock (turn)
        {
            if (kept.Place is null)
            {
                return;
            }
            kept.Bytes += more;
            bytes += more;
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        while (bytes > most && order.First is { } oldest)
        {
            if (oldest.Value.WasAsked)
            {
                oldest.Value.WasAsked = false;
                order.RemoveFirst();
                order.AddLast(oldest);
            }
            else
            {
                Drop(oldest.Value);
            }
        }
    }

    private void Drop(Kept kept)
    {
        entries.TryRemove(kept.Key, out _);
        order.Remove(kept.Place!);
        kept.Place = null;
        bytes -= kept.Bytes;
    }

    /// <summary>One answer in memory.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="stamp">What it was computed under.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="until">The timestamp after which it is not served.</param>
    internal sealed class Kept(string key, Stamp stamp, CachedAnswer answer, long until)
    {
        private volatile bool wasAsked;

        internal string Key => key;

        internal Stamp Stamp => stamp;

        internal CachedAnswer Answer => answer;

        internal long Until => until;

        internal long Bytes { get; set; }

        /// <summary>Null once it was dropped.</summary>
        internal LinkedListNode<Kept>? Place { get; set; }

        internal bool WasAsked
        {
            get => wasAsked;
            set => wasAsked = value;
        }

        /// <summary>Written only when it changes anything: all cores read this.</summary>
        internal void Ask()
        {
            if (!wasAsked)
            {
                wasAsked = true;
            }
        }
    }
}
