using System.Net;
using System.Net.Sockets;
using Madang.Foundation.Data;

namespace Madang.Links.Blocking;

/// <summary>The hosts that no link may lead to, in memory: every process looks at them before it makes a link and before it follows one.</summary>
public sealed class BlockedHosts(Database db)
{
    /// <summary>As long as a name may be in the DNS (RFC 1035, 3.1), in either form.</summary>
    internal const int Longest = 253;

    private volatile HashSet<string> hosts = [];

    /// <summary>Reads them anew. What is being looked at meanwhile is looked at with those from before.</summary>
    internal async Task Load(CancellationToken stop)
    {
        var read = await db.Read(sql => sql.Query<string>("SELECT host FROM link_blocked_hosts"), stop);
        hosts = read.ToHashSet(StringComparer.Ordinal);
    }

    /// <param name="url">A good target.</param>
    /// <returns>Whether its host, or one that it lies below, is blocked.</returns>
    internal bool Has(string url)
    {
        var now = hosts;
        if (now.Count == 0)
        {
            return false;
        }
        var names = now.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var name = Target.HostIn(url).AsSpan(); ; )
        {
            if (names.Contains(name))
            {
                return true;
            }
            var dot = name.IndexOf('.');
            if (dot < 0)
            {
                return false;
            }
            name = name[(dot + 1)..];
        }
    }

    /// <returns>A host as it is kept: ASCII, lower case, without a dot at its end; null when it is none.</returns>
    internal static string? Normal(string? host)
    {
        var given = host?.Trim().TrimEnd('.') ?? "";
        if (InBrackets(given) is { } address)
        {
            given = address;
        }
        else if (given.Contains(':', StringComparison.Ordinal))
        {
            return null;
        }
        return
            given.Length is > 0 and <= Longest
            && !given.AsSpan().ContainsAny("/?#@")
            && Target.IsGood($"http://{given}/")
            ? Target.HostIn($"http://{given}/")
            : null;
    }

    /// <returns>An IPv6 address as URLs have it (RFC 3986, 3.2.2), given with brackets or without; null when it is none.</returns>
    private static string? InBrackets(string host)
    {
        var inner = host is ['[', .., ']'] ? host[1..^1] : host;
        return
            !inner.Contains('%', StringComparison.Ordinal)
            && IPAddress.TryParse(inner, out var address)
            && address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{address}]"
            : null;
    }
}
