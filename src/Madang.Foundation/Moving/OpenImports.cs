namespace Madang.Foundation.Moving;

/// <summary>The imports that wait or run in this process. One that is begun anew just as it ends is here twice for a moment.</summary>
internal sealed class OpenImports
{
    private readonly Lock turn = new();
    private readonly List<long> ids = [];

    internal long[] All
    {
        get
        {
            lock (turn)
            {
                return [.. ids];
            }
        }
    }

    internal void Add(long id)
    {
        lock (turn)
        {
            ids.Add(id);
        }
    }

    internal void Remove(long id)
    {
        lock (turn)
        {
            ids.Remove(id);
        }
    }
}
