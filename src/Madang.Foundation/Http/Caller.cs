using Madang.Foundation.Accounts;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Http;

/// <summary>Who asks, for rooms that bound by themselves how much one may ask for.</summary>
public static class Caller
{
    /// <returns>Who counts as one caller: an IPv4 address, or the /64 that every IPv6 household has to itself.</returns>
    public static string PlaceOf(HttpContext http) => Client.PlaceOf(http.Connection.RemoteIpAddress);

    /// <returns>A <c>Retry-After</c> (RFC 9110, 10.2.3), at least one second.</returns>
    public static string Seconds(TimeSpan wait) => RateLimits.Seconds(wait);
}
