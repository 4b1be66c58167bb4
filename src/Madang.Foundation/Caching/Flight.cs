namespace Madang.Foundation.Caching;

/// <summary>One computation and all who wait for it. Whoever goes away leaves it to the others; when the last one has gone, it is stopped.</summary>
/// <param name="stamp">What it is computed under.</param>
/// <param name="abandoned">
/// Is cancelled when nobody waits any more. Nobody disposes it, since the last waiter may leave while it lands; it has no timer, so it
/// holds nothing but memory.
/// </param>
internal sealed class Flight(Stamp stamp, CancellationTokenSource abandoned)
{
    private readonly TaskCompletionSource<CachedAnswer> landing = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Lock turn = new();
    private int waiting = 1;

    internal Stamp Stamp => stamp;

    /// <summary>Is cancelled once nobody waits any more.</summary>
    internal CancellationToken Abandoned => abandoned.Token;

    /// <returns>False when all have gone: then it is being stopped, and its end would be no answer.</returns>
    internal bool TryJoin()
    {
        lock (turn)
        {
            if (waiting == 0)
            {
                return false;
            }
            waiting++;
            return true;
        }
    }

    internal async Task<CachedAnswer> Wait(CancellationToken stop)
    {
        try
        {
            return await landing.Task.WaitAsync(stop);
        }
        finally
        {
            Leave();
        }
    }

    internal void Land(CachedAnswer answer) => landing.TrySetResult(answer);

    internal void Fail(Exception error)
    {
        landing.TrySetException(error);
        // Whoever has left doesn't look at it.
        _ = landing.Task.Exception;
    }

    private void Leave()
    {
        lock (turn)
        {
            if (--waiting > 0 || landing.Task.IsCompleted)
            {
                return;
            }
        }
        abandoned.Cancel();
    }
}
