using System.Text;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Caching;

/// <summary>
/// Redis, as far as it can be reached: one connection, made anew whenever it ends, later each time. Nobody who asks waits for that: while
/// it is away every question is answered at once with nothing.
/// </summary>
/// <param name="settings">Where it is.</param>
/// <param name="log">Is told once when it goes away, and once when it is back.</param>
/// <param name="limit">How long a reply may take: half a second when it is left out, since a cache that is slower helps nobody.</param>
internal sealed partial class RedisConnection(
    RedisSettings settings,
    ILogger<RedisConnection> log,
    TimeSpan? limit = null
) : IAsyncDisposable
{
    private readonly TimeSpan limit = limit ?? TimeSpan.FromMilliseconds(500);

    /// <summary>How often it is asked whether it still lives when nobody else asks it anything.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource end = new();
    private volatile RedisSession? session;
    private Task? keeping;
    private byte[]? channel;
    private Action<byte[]>? heard;
    private bool isToldAway;

    /// <summary>Whether it answers.</summary>
    internal bool IsUp => session is not null;

    internal string Place => settings.Place;

    /// <summary>Takes up a connection and keeps it up.</summary>
    internal void Start() => keeping ??= Task.Run(Keep);

    /// <summary>Listens to a channel, before the start.</summary>
    internal void Listen(string name, Action<byte[]> told) => (channel, heard) = (Encoding.UTF8.GetBytes(name), told);

    /// <returns>The reply, or null when Redis is away or doesn't answer in time.</returns>
    internal Task<RespReply?> Ask(params ReadOnlyMemory<byte>[] words) =>
        session is { } open ? open.Ask(limit, words) : Task.FromResult<RespReply?>(null);

    /// <summary>Has something done of which nobody awaits the reply; nothing, while Redis is away.</summary>
    internal void Tell(params ReadOnlyMemory<byte>[] words) => session?.Tell(words);

    /// <summary>Connects once, to see whether that works.</summary>
    /// <returns>Why it does not, or null.</returns>
    internal static async Task<string?> Fault(RedisSettings settings, CancellationToken stop)
    {
        try
        {
            await using var tried = await RedisGreeting.Open(settings, _ => { }, stop);
            return null;
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            return Why(error);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        if (keeping is not null)
        {
            await keeping;
        }
        end.Dispose();
    }

    private async Task Keep()
    {
        var pause = ShortestPause;
        while (!end.IsCancellationRequested)
        {
            Exception why;
            try
            {
                await using var open = await RedisGreeting.Open(settings, Take, end.Token);
                if (channel is not null)
                {
                    RedisGreeting.Accepted(await open.Subscribe(RedisGreeting.Limit, channel));
                }
                session = open;
                Back();
                why = await Live(open);
                pause = ShortestPause;
            }
            catch (Exception error)
            {
                why = error;
            }
            session = null;
            if (end.IsCancellationRequested)
            {
                return;
            }
            Away(why);
            // Not all processes of a fleet at once.
            var jitter = 0.5 + Random.Shared.NextDouble();
            await Task.Delay(pause * jitter, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Until it ends; a beat that is not answered ends it.</summary>
    private async Task<Exception> Live(RedisSession open)
    {
        while (true)
        {
            var beat = Task.Delay(Beat, end.Token);
            if (await Task.WhenAny(open.Ended, beat) == open.Ended || end.IsCancellationRequested)
            {
                session = null;
                return open.Ended.IsCompleted ? await open.Ended : new OperationCanceledException(end.Token);
            }
            await open.Ask(limit, "PING"u8.ToArray());
        }
    }

    private void Take(RespReply push)
    {
        if (
            push.Items is [var kind, _, { Kind: RespKind.Bytes } message]
            && kind.Bytes.AsSpan().SequenceEqual("message"u8)
        )
        {
            heard?.Invoke(message.Bytes);
        }
    }

    private void Away(Exception why)
    {
        if (!isToldAway)
        {
            IsAway(log, Place, Why(why));
        }
        isToldAway = true;
    }

    private void Back()
    {
        if (isToldAway)
        {
            IsBack(log, Place);
        }
        isToldAway = false;
    }

    private static string Why(Exception error) =>
        error is OperationCanceledException ? "it did not answer in time" : error.Message;

    [LoggerMessage(1701, LogLevel.Warning, "Redis at {Place} is away, so answers are kept in memory alone: {Why}")]
    private static partial void IsAway(ILogger log, string place, string why);

    [LoggerMessage(1702, LogLevel.Information, "Redis at {Place} is back.")]
    private static partial void IsBack(ILogger log, string place);
}
