using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Madang.Foundation.Caching;

/// <summary>
/// One connection to Redis, from its greeting to its end. Commands are written as they come and answered in their order; one that is not
/// answered in time ends the connection, since nothing after it can be told apart any more.
/// </summary>
internal sealed class RedisSession : IAsyncDisposable
{
    /// <summary>Commands that wait to be written: more come only when Redis doesn't keep up.</summary>
    private const int LongestQueue = 1024;

    /// <summary>What all commands that wait to be written or answered may hold.</summary>
    private const long MostWaiting = 32 * 1024 * 1024;

    private const int FlushedAt = 64 * 1024;

    private readonly Channel<Command> outgoing = Channel.CreateBounded<Command>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true }
    );
    private readonly ConcurrentQueue<Command> unanswered = new();
    private readonly CancellationTokenSource end = new();
    private readonly Stream stream;
    private readonly PipeReader reader;
    private readonly PipeWriter writer;
    private readonly Action<RespReply> pushed;
    private volatile TaskCompletionSource<RespReply?>? subscribing;
    private long waiting;

    /// <param name="stream">The connection; the session ends it.</param>
    /// <param name="pushed">Is told what comes without being asked for.</param>
    internal RedisSession(Stream stream, Action<RespReply> pushed)
    {
        (this.stream, this.pushed) = (stream, pushed);
        reader = PipeReader.Create(stream);
        writer = PipeWriter.Create(stream);
        Ended = Run();
    }

    /// <summary>Is done when the connection is; nothing is answered after that.</summary>
    internal Task<Exception> Ended { get; }

    /// <summary>Asks, in its turn.</summary>
    /// <returns>The reply, or null when there is none in time or at all.</returns>
    internal async Task<RespReply?> Ask(TimeSpan limit, params ReadOnlyMemory<byte>[] words)
    {
        var command = new Command(words, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!TryQueue(command))
        {
            return null;
        }
        try
        {
            return await command.Reply!.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            // Others who wait behind it need not wait as long.
            await end.CancelAsync();
            return null;
        }
    }

    /// <summary>Has something done of which nobody awaits the reply.</summary>
    internal void Tell(params ReadOnlyMemory<byte>[] words) => TryQueue(new Command(words, null));

    /// <summary>
    /// Subscribes to a channel, before anything else is asked: in RESP3 that is answered by a push, and by a reply only when it is
    /// refused.
    /// </summary>
    /// <returns>The push or the refusal, or null when neither comes in time.</returns>
    internal async Task<RespReply?> Subscribe(TimeSpan limit, ReadOnlyMemory<byte> channel)
    {
        var answer = new TaskCompletionSource<RespReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        subscribing = answer;
        TryQueue(new Command(["SUBSCRIBE"u8.ToArray(), channel], null, IsAnswered: false));
        await Task.WhenAny(answer.Task, Ended, Task.Delay(limit, CancellationToken.None));
        return answer.Task.IsCompleted ? await answer.Task : null;
    }

    public async ValueTask DisposeAsync()
    {
        // Not disposed: whoever runs out of patience at this moment cancels it too, and it holds nothing but memory.
        await end.CancelAsync();
        await Ended;
    }

    private bool TryQueue(Command command)
    {
        if (Interlocked.Add(ref waiting, command.Size) > MostWaiting || !outgoing.Writer.TryWrite(command))
        {
            Interlocked.Add(ref waiting, -command.Size);
            return false;
        }
        return true;
    }

    private async Task<Exception> Run()
    {
        // The first of the two that ends takes the other along.
        var first = await Task.WhenAny(Guarded(Write), Guarded(Read));
        await end.CancelAsync();
        outgoing.Writer.TryComplete();
        await stream.DisposeAsync();
        var why = await first;
        while (outgoing.Reader.TryRead(out var command))
        {
            command.Reply?.TrySetResult(null);
        }
        while (unanswered.TryDequeue(out var command))
        {
            command.Reply?.TrySetResult(null);
        }
        return why;
    }

    private static async Task<Exception> Guarded(Func<Task> work)
    {
        try
        {
            await work();
            return new IOException("Redis has ended the connection.");
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private async Task Write()
    {
        while (await outgoing.Reader.WaitToReadAsync(end.Token))
        {
            while (outgoing.Reader.TryRead(out var command))
            {
                if (command.IsAnswered)
                {
                    unanswered.Enqueue(command);
                }
                RespWriter.Write(writer, command.Words);
                if (writer.UnflushedBytes > FlushedAt)
                {
                    await writer.FlushAsync(end.Token);
                }
            }
            await writer.FlushAsync(end.Token);
        }
    }

    private async Task Read()
    {
        while (true)
        {
            var read = await reader.ReadAsync(end.Token);
            var buffer = read.Buffer;
            while (RespReader.TryRead(ref buffer, out var reply))
            {
                Take(reply);
            }
            if (read.IsCompleted)
            {
                return;
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private void Take(RespReply reply)
    {
        if (reply.Kind == RespKind.Push)
        {
            subscribing?.TrySetResult(reply);
            pushed(reply);
            return;
        }
        if (!unanswered.TryDequeue(out var command))
        {
            if (reply.IsError && subscribing?.TrySetResult(reply) == true)
            {
                return;
            }
            throw new RespException("A reply came that nobody has asked for.");
        }
        Interlocked.Add(ref waiting, -command.Size);
        command.Reply?.TrySetResult(reply);
    }

    /// <param name="Words">The command and what it is given.</param>
    /// <param name="Reply">Who waits for it, if anybody does.</param>
    /// <param name="IsAnswered">Whether Redis replies to it.</param>
    private sealed record Command(
        ReadOnlyMemory<byte>[] Words,
        TaskCompletionSource<RespReply?>? Reply,
        bool IsAnswered = true
    )
    {
        internal long Size { get; } = Words.Sum(word => 64L + word.Length);
    }
}
