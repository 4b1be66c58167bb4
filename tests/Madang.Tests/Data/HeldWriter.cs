using Madang.Foundation.Data;

namespace Madang.Tests.Data;

/// <summary>
/// Holds the writer of an embedded database inside a write of its own, so that what is queued meanwhile becomes one batch for sure.
/// </summary>
internal sealed class HeldWriter : IAsyncDisposable
{
    private readonly ManualResetEventSlim gate = new();
    private readonly TaskCompletionSource<int> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<int> held;

    private HeldWriter(Database db) =>
        held = db.Write(
            _ =>
            {
                begun.SetResult(Environment.CurrentManagedThreadId);
                gate.Wait();
                return Task.FromResult(0);
            },
            CancellationToken.None
        );

    /// <summary>The thread on which this database's writes run.</summary>
    internal int Thread { get; private set; }

    internal static async Task<HeldWriter> Of(Database db)
    {
        var writer = new HeldWriter(db);
        writer.Thread = await writer.begun.Task;
        return writer;
    }

    /// <summary>Lets it go on with what has been queued.</summary>
    internal async Task Release()
    {
        gate.Set();
        await held;
    }

    public async ValueTask DisposeAsync()
    {
        await Release();
        gate.Dispose();
    }
}
