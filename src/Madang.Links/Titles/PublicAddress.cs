using System.Net;
using System.Net.Sockets;

namespace Madang.Links.Titles;

/// <summary>
/// Whether an address is one of the public internet. What IANA's registries of special-purpose addresses (RFC 6890) name is not, nor what
/// carries another address inside, since that would be looked at by nobody.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. (
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
            + "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
            + "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
        )
            .Split(' ')
            .Select(IPNetwork.Parse),
    ];

    /// <summary>Global unicast; the rest of IPv6 is reserved, local, multicast, or translates (64:ff9b::/96) and maps (::ffff:0:0/96) IPv4.</summary>
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>Of these some are global too, but no web server is there: protocol assignments with Teredo, documentation, 6to4, AS112, SRv6.</summary>
    private static readonly IPNetwork[] SpecialV6 =
    [
        .. "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".Split(' ').Select(IPNetwork.Parse),
    ];

    internal static bool Is(IPAddress address) =>
        !address.IsIPv4MappedToIPv6
        && address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Special.Any(network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => Global.Contains(address)
                && address.ScopeId == 0
                && !SpecialV6.Any(network => network.Contains(address)),
            _ => false,
        };
}
