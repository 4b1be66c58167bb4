using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

/// <summary>From where a request comes, as far as we keep it.</summary>
/// <param name="Address">The network it comes from, /24 or /48: enough to recognise a place, too little to follow a person.</param>
/// <param name="Agent">The start of its User-Agent.</param>
internal sealed record Client(string Address, string Agent)
{
    private const int LongestAgent = 200;

    internal static Client Of(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString().Replace('\0', ' ');
        return new(
            Shorten(http.Connection.RemoteIpAddress),
            agent.Length > LongestAgent ? agent[..LongestAgent] : agent
        );
    }

    /// <summary>
    /// Whether the request comes from a person at this very machine: over loopback, to a loopback name. The name matters, since a
    /// proxy on this machine that forwards no addresses would make the whole world look local.
    /// </summary>
    internal static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && (
            http.Request.Host.Host is "localhost"
            || (IPAddress.TryParse(http.Request.Host.Host, out var named) && IPAddress.IsLoopback(named))
        );

    internal static string Shorten(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var kept = plain.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
