using System.Net;
using System.Net.Sockets;

namespace Madang.Links.Titles;

/// <summary>What a fetcher may reach. Tests put their own server in its place; no setting does.</summary>
/// <param name="Resolve">Asks the DNS.</param>
/// <param name="MayDial">Whether an address may be dialled.</param>
/// <param name="MayUse">Whether a port may be used.</param>
internal sealed record Reach(
    Func<string, CancellationToken, Task<IPAddress[]>> Resolve,
    Func<IPAddress, bool> MayDial,
    Func<int, bool> MayUse
)
{
    internal static Reach Public { get; } =
        new((host, stop) => Dns.GetHostAddressesAsync(host, stop), PublicAddress.Is, port => port is 80 or 443);
}

/// <summary>
/// Reads a page's title, and can't be turned against the inside: it asks the DNS itself, looks at every address, and dials one of
/// those that it looked at, so that a second answer of the DNS changes nothing; it follows redirects by hand, each looked at anew. It has
/// no proxy, no cookies, no credentials, five seconds in all, and reads 256 KB, counted after decompression.
/// </summary>
public sealed class TitleFetcher : IDisposable
{
    /// <summary>In bytes, after decompression.</summary>
    internal const int MostBytes = 256 * 1024;

    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private const int MostRedirects = 5;

    private readonly TimeProvider clock;
    private readonly HttpClient client;

    /// <param name="clock">The clock that its five seconds are told by.</param>
    public TitleFetcher(TimeProvider clock)
    {
        this.clock = clock;
        client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                UseCookies = false,
                UseProxy = false,
                Credentials = null,
                PreAuthenticate = false,
                ActivityHeadersPropagator = null,
                MaxResponseHeadersLength = 32,
                // What is not read is not waited for, and no connection is used twice.
                MaxResponseDrainSize = 0,
                PooledConnectionLifetime = TimeSpan.Zero,
                ConnectCallback = Dial,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { "User-Agent", "Madang (reads titles)" }, { "Accept", "text/html" } },
        };
    }

    /// <summary>What it may reach.</summary>
    internal Reach Reach { get; set; } = Reach.Public;

    /// <returns>The title, tidy, or null when there is none to be had.</returns>
    internal async Task<string?> Read(string url, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await Read(new Uri(Target.Location(url)), both.Token);
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException or InvalidDataException or SocketException
                || error is System.Text.RegularExpressions.RegexMatchTimeoutException
                || (error is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            // The page can't be had: the link goes without a title.
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private async Task<string?> Read(Uri place, CancellationToken stop)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (!Target.IsGood(place.AbsoluteUri) || !Reach.MayUse(place.Port))
            {
                return null;
            }
            using var request = new HttpRequestMessage(HttpMethod.Get, place);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308)
            {
                if (answer.Headers.Location is not { } next || !Uri.TryCreate(place, next, out var there))
                {
                    return null;
                }
                place = there;
                continue;
            }
            var type = answer.Content.Headers.ContentType;
            return
                answer.IsSuccessStatusCode
                && string.Equals(type?.MediaType, "text/html", StringComparison.OrdinalIgnoreCase)
                ? PageTitle.In(await Start(answer.Content, stop), type?.CharSet)
                : null;
        }
        return null;
    }

    private static async Task<byte[]> Start(HttpContent content, CancellationToken stop)
    {
        await using var body = await content.ReadAsStreamAsync(stop);
        var start = new byte[MostBytes];
        var length = await body.ReadAtLeastAsync(start, MostBytes, throwOnEndOfStream: false, stop);
        return start[..length];
    }

    private async ValueTask<Stream> Dial(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Reach.Resolve(host, stop);
        // One that is not public speaks against the host as a whole: no honest one has both.
        if (addresses.Length == 0 || !Reach.MayUse(port) || !Array.TrueForAll(addresses, one => Reach.MayDial(one)))
        {
            throw new IOException("Not an address of the public internet.");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
