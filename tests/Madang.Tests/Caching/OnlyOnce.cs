using System.IO.Compression;
using Madang.Foundation.Caching;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Http;

namespace Madang.Tests.Caching;

/// <summary>What two do at the same moment, held still at that moment.</summary>
public sealed class OnlyOnce : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BareSqlite bare = new();
    private OneCache one = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await OneCache.MakeTable(bare);
        one = await OneCache.Start(bare);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await bare.DisposeAsync();
    }

    [Fact]
    public async Task Who_asks_for_a_compressed_form_while_another_makes_it_waits_for_that_one()
    {
        using var may = new ManualResetEventSlim();
        var begun = 0;
        var answer = new CachedAnswer(
            new byte[100_000],
            (_, to) =>
            {
                Interlocked.Increment(ref begun);
                Assert.True(may.Wait(Patience));
                return new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true);
            }
        );
        var sent = new MemoryStream[2];
        var askers = sent.Select((_, number) => new Thread(() => sent[number] = Ask(answer))).ToList();
        askers.ForEach(asker => asker.Start());
        // Both are where they go no further: at the gate, or waiting for the one who is.
        await Probe.Until(() =>
            askers.TrueForAll(asker => asker.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) && begun > 0
        );
        may.Set();
        askers.ForEach(asker => Assert.True(asker.Join(Patience)));

        Assert.Equal(1, begun);
        Assert.Equal(sent[0].ToArray(), sent[1].ToArray());
        Assert.NotEmpty(sent[0].ToArray());
    }

    [Fact]
    public async Task Who_comes_while_a_computation_that_all_have_left_is_being_stopped_begins_another()
    {
        using var first = new CancellationTokenSource();
        var (begun, may) = (new TaskCompletionSource(), new TaskCompletionSource());
        // It takes its time to heed that nobody waits any more.
        async ValueTask<byte[]> Left(CancellationToken stop)
        {
            begun.SetResult();
            await may.Task;
            stop.ThrowIfCancellationRequested();
            return "late"u8.ToArray();
        }
        var left = one.Answer(compute: Left, stop: first.Token);
        await begun.Task;
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        Assert.Equal("first", await one.Answer().WaitAsync(Patience, Stop));
        may.SetResult();
    }

    [Fact]
    public async Task A_computation_that_another_has_taken_the_place_of_leaves_that_one_to_those_who_wait()
    {
        using var first = new CancellationTokenSource();
        var (begun, may, mayToo) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        async ValueTask<byte[]> Left(CancellationToken stop)
        {
            begun.SetResult();
            await may.Task;
            return "late"u8.ToArray();
        }
        async ValueTask<byte[]> Next(CancellationToken stop)
        {
            await mayToo.Task;
            return "next"u8.ToArray();
        }
        var left = one.Answer(compute: Left, stop: first.Token);
        await begun.Task;
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        var next = one.Answer(compute: Next);
        await Probe.Until(() => one.Meter.Computations == 2);

        // Whoever awaits it goes on before this returns: it has landed.
        may.SetResult();
        var waits = one.Meter.Waits;
        var third = one.Answer(compute: Next);
        await Probe.Until(() => one.Meter.Waits > waits || one.Meter.Computations > 2);
        mayToo.SetResult();
        Assert.Equal(("next", "next"), (await next, await third));
        Assert.Equal(2, one.Meter.Computations);
    }

    private static MemoryStream Ask(CachedAnswer answer)
    {
        var sent = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Request.Headers.AcceptEncoding = "br";
        http.Response.Body = sent;
        answer.Write(http).GetAwaiter().GetResult();
        return sent;
    }
}
