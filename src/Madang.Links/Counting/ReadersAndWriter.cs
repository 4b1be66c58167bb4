namespace Madang.Links.Counting;

/// <summary>Many read at once, or one writes. Whoever comes while a writer waits, waits behind it: readers never keep it out.</summary>
internal sealed class ReadersAndWriter : IDisposable
{
    private readonly SemaphoreSlim door = new(1, 1);
    private readonly SemaphoreSlim room = new(1, 1);
    private readonly Lock turn = new();
    private int readers;

    internal async Task<T> Read<T>(Func<Task<T>> work, CancellationToken stop)
    {
        await door.WaitAsync(stop);
        try
        {
            // Behind the door nobody else comes in: only the last reader may go meanwhile.
            bool isFirst;
            lock (turn)
            {
                isFirst = readers == 0;
                readers += isFirst ? 0 : 1;
            }
            if (isFirst)
            {
                await room.WaitAsync(stop);
                lock (turn)
                {
                    readers = 1;
                }
            }
        }
        finally
        {
            door.Release();
        }
        try
        {
            return await work();
        }
        finally
        {
            lock (turn)
            {
                if (--readers == 0)
                {
                    room.Release();
                }
            }
        }
    }

    internal async Task Write(Func<Task> work, CancellationToken stop)
    {
        await door.WaitAsync(stop);
        try
        {
            await room.WaitAsync(stop);
            try
            {
                await work();
            }
            finally
            {
                room.Release();
            }
        }
        finally
        {
            door.Release();
        }
    }

    public void Dispose()
    {
        door.Dispose();
        room.Dispose();
    }
}
