using System.Net.Sockets;
using System.Text;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>
/// Thirty-two visitors that follow links one after another, and count the redirects that they were answered with. Each has a connection of
/// its own and reads it byte by byte: an answer that didn't come whole is none.
/// </summary>
internal sealed class Followers : IAsyncDisposable
{
    internal const int Count = 32;

    private readonly Uri server;
    private readonly IReadOnlyList<string> slugs;
    private readonly CancellationTokenSource end = new();
    private readonly List<long>[] answers = [.. Enumerable.Range(0, Count).Select(_ => new List<long>(8_192))];
    private readonly Task[] all;
    private long answered;

    private Followers(string url, IReadOnlyList<string> slugs)
    {
        (server, this.slugs) = (new Uri(url), slugs);
        all = [.. Enumerable.Range(0, Count).Select(number => Task.Run(() => Follow(number)))];
    }

    /// <summary>How many redirects have come.</summary>
    internal long Answered => Interlocked.Read(ref answered);

    internal static Followers Begin(string url, IReadOnlyList<string> slugs) => new(url, slugs);

    /// <summary>When there are so many more than now.</summary>
    internal Task More(long count)
    {
        var goal = Answered + count;
        return Probe.Until(() => Answered >= goal, Form.Hang);
    }

    /// <summary>Ends them, or waits until the server has ended them.</summary>
    internal async Task End(bool isServerGone = false)
    {
        if (!isServerGone)
        {
            await end.CancelAsync();
        }
        await Task.WhenAll(all);
    }

    /// <returns>How many came before a moment, of <see cref="Environment.TickCount64"/>.</returns>
    internal long Before(long moment) => answers.Sum(one => one.LongCount(at => at < moment));

    public async ValueTask DisposeAsync()
    {
        await End();
        end.Dispose();
    }

    private async Task Follow(int number)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var received = new byte[4_096];
        try
        {
            await socket.ConnectAsync(server.Host, server.Port);
            for (var turn = number; !end.IsCancellationRequested; turn++)
            {
                var request =
                    $"GET /{slugs[turn % slugs.Count]} HTTP/1.1\r\nHost: {server.Authority}\r\nUser-Agent: Mozilla/5.0\r\n\r\n";
                await socket.SendAsync(Encoding.ASCII.GetBytes(request));
                var length = 0;
                while (!received.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                {
                    var more = await socket.ReceiveAsync(received.AsMemory(length));
                    if (more == 0)
                    {
                        return;
                    }
                    length += more;
                }
                Assert.StartsWith(
                    "HTTP/1.1 308 ",
                    Encoding.ASCII.GetString(received, 0, length),
                    StringComparison.Ordinal
                );
                answers[number].Add(Environment.TickCount64);
                Interlocked.Increment(ref answered);
            }
        }
        catch (SocketException)
        {
            // The server is gone.
        }
    }
}
