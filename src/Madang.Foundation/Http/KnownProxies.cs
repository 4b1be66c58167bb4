using System.Net;
using Madang.Foundation.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

    /// <summary>
    /// The header in which a proxy says from which country a visitor comes (<c>Links:CountryHeader</c>) is taken off requests that
    /// come from no known proxy: anybody could say so. It is looked at before the proxy's address gives way to the visitor's.
    /// </summary>
    internal static void UseCountryOfProxies(this IApplicationBuilder app, IConfiguration configuration)
    {
        if (configuration["Links:CountryHeader"] is not { Length: > 0 } header)
        {
            return;
        }
        var known = app.ApplicationServices.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value;
        app.Use(
            (http, next) =>
            {
                if (!IsKnown(http.Connection.RemoteIpAddress, known))
                {
                    http.Request.Headers.Remove(header);
                }
                return next(http);
            }
        );
    }

    private static bool IsKnown(IPAddress? address, ForwardedHeadersOptions known)
    {
        if (address is null)
        {
            return false;
        }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return known.KnownProxies.Contains(plain) || known.KnownIPNetworks.Any(network => network.Contains(plain));
    }
}
