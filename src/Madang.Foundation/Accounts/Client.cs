using System.Net;
using System.Net.Sockets;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

/// <summary>From where a request comes, as far as we keep it.</summary>
/// <param name="Address">The network it comes from, /24 or /48: enough to recognise a place, too little to follow a person.</param>
/// <param name="Agent">The start of its User-Agent.</param>
internal sealed record Client(string Address, string Agent)
{
    /// <summary>The browser, when somebody has signed in there before (<see cref="KnownDevices"/>); otherwise null.</summary>
    internal string? Device { get; init; }

    private const int LongestAgent = 200;

    /// <summary>Headers that only proxies send, and those into which our own middleware puts what it has read of them.</summary>
    private static readonly string[] TracesOfProxies =
    [
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Original-For",
        "X-Original-Host",
        "X-Original-Proto",
    ];

    /// <summary>The machine itself, where the operator types.</summary>
    internal static Client Machine { get; } = new(Shorten(IPAddress.Loopback), "madang");

    internal static Client Of(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString().Replace('\0', ' ');
        return new(Shorten(http.Connection.RemoteIpAddress), agent[..CutAt(agent)]);
    }

    /// <summary>Not between the halves of a surrogate pair: PostgreSQL takes no half of one.</summary>
    private static int CutAt(string agent) =>
        agent.Length <= LongestAgent ? agent.Length
        : char.IsHighSurrogate(agent[LongestAgent - 1]) ? LongestAgent - 1
        : LongestAgent;

    /// <summary>
    /// Whether the request comes from a person at this very machine: over loopback, to a loopback name, through no proxy. A proxy on
    /// this machine that forwards no addresses makes the whole world look local; so any trace of one, or a public base URL, counts
    /// against it.
    /// </summary>
    internal static bool IsLocal(HttpContext http) =>
        IsFromMachine(http) && IsLoopback(new Uri(PublicUrl.Of(http)).Host);

    /// <summary>
    /// Whether the request comes from a program on this very machine, such as Prometheus: over loopback, to a loopback name, through
    /// no proxy that shows. The yard may have a public name beside.
    /// </summary>
    internal static bool IsFromMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && IsLoopback(http.Request.Host.Host)
        // HTTP/1.0 is what nginx speaks to those behind it unless it is told otherwise; no browser does.
        && http.Request.Protocol != "HTTP/1.0"
        && !TracesOfProxies.Any(http.Request.Headers.ContainsKey);

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The network as far as we keep it: /24 or /48.</summary>
    internal static string Shorten(IPAddress? address) => Cut(address, 3, 6);

    /// <summary>Who counts as one caller: an IPv4 address, or the /64 that every IPv6 household has to itself.</summary>
    internal static string PlaceOf(IPAddress? address) => Cut(address, 4, 8);

    private static string Cut(IPAddress? address, int bytesOf4, int bytesOf6)
    {
        if (address is null)
        {
            return "";
        }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var kept = plain.AddressFamily == AddressFamily.InterNetwork ? bytesOf4 : bytesOf6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
