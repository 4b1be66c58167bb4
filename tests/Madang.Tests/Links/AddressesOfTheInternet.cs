using System.Net;
using Madang.Links.Titles;

namespace Madang.Tests.Links;

/// <summary>Which addresses are of the public internet, by IANA's registries of special-purpose addresses (RFC 6890).</summary>
public sealed class AddressesOfTheInternet
{
    [Theory]
    [
        InlineData("127.0.0.1"),
        InlineData("0.0.0.0"),
        InlineData("10.1.2.3"),
        InlineData("172.31.0.1"),
        InlineData("192.168.0.1")
    ]
    [
        InlineData("100.64.0.1"),
        InlineData("169.254.169.254"),
        InlineData("192.0.0.8"),
        InlineData("192.0.2.1"),
        InlineData("198.18.0.1")
    ]
    [
        InlineData("198.51.100.1"),
        InlineData("203.0.113.1"),
        InlineData("224.0.0.1"),
        InlineData("255.255.255.255"),
        InlineData("192.88.99.1")
    ]
    [
        InlineData("::1"),
        InlineData("::"),
        InlineData("::ffff:127.0.0.1"),
        InlineData("::ffff:8.8.8.8"),
        InlineData("64:ff9b::7f00:1")
    ]
    [
        InlineData("64:ff9b:1::1"),
        InlineData("2002:7f00:1::1"),
        InlineData("2001::1"),
        InlineData("2001:db8::1"),
        InlineData("fe80::1")
    ]
    [
        InlineData("fc00::1"),
        InlineData("fd12::1"),
        InlineData("ff02::1"),
        InlineData("100::1"),
        InlineData("3fff::1"),
        InlineData("5f00::1")
    ]
    public void An_address_that_is_not_of_the_public_internet_is_not_dialled(string address) =>
        Assert.False(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [
        InlineData("8.8.8.8"),
        InlineData("1.1.1.1"),
        InlineData("172.32.0.1"),
        InlineData("2606:4700::1111"),
        InlineData("2400:cb00::1")
    ]
    public void An_address_of_the_public_internet_is_dialled(string address) =>
        Assert.True(PublicAddress.Is(IPAddress.Parse(address)));
}
