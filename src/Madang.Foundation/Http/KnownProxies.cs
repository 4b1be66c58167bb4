using System.Net;
using Madang.Foundation.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Http;

/// <summary>Whose <c>X-Forwarded-…</c> headers are believed: loopback, and the addresses and networks of <c>Http:KnownProxies</c>.</summary>
internal static class KnownProxies
{
    /// <exception cref="StartupException">An entry is neither an address nor a network.</exception>
    internal static void Configure(ForwardedHeadersOptions forwarded, IConfiguration configuration)
    {
        forwarded.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        // As many as are known, one behind the other.
        forwarded.ForwardLimit = null;
        foreach (var proxy in configuration.GetSection("Http:KnownProxies").Get<string[]>() ?? [])
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new StartupException(
                    $"Http:KnownProxies: '{proxy}' is neither an address nor a network such as 10.0.0.0/8."
                );
            }
        }
    }
}
