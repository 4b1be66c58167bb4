using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Counting;

/// <summary>One redirect that was answered.</summary>
/// <param name="Link">The id of the link.</param>
/// <param name="At">When, in microseconds since 1970.</param>
/// <param name="IsUsed">Whether it was taken off a limited link's visits already.</param>
/// <param name="Agent">Who visited, as far as the User-Agent says.</param>
/// <param name="Referrer">The host that led here, or empty.</param>
/// <param name="Language">The first language that was asked for, such as <c>ko</c>, or empty.</param>
/// <param name="Country">Two capital letters of a trusted proxy, or empty.</param>
/// <param name="Address">The address cut to its /24 or /48, high bytes first.</param>
/// <param name="IsIPv4">Which of the two.</param>
internal readonly record struct Visit(
    long Link,
    long At,
    bool IsUsed,
    Agent Agent,
    string Referrer,
    string Language,
    string Country,
    ulong Address,
    bool IsIPv4
)
{
    private const int LongestHost = 253;

    private const int MostNames = 20_000;

    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> NamesBySpan =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    internal static Visit Of(long link, HttpContext http, DateTimeOffset now, bool isUsed, string? countryHeader)
    {
        var headers = http.Request.Headers;
        var (address, isIPv4) = Cut(http.Connection.RemoteIpAddress);
        return new(
            link,
            (now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
            isUsed,
            UserAgents.Of(headers.UserAgent),
            ReferrerOf(headers.Referer),
            Languages.FirstOf(headers.AcceptLanguage),
            countryHeader is null ? "" : CountryOf(headers[countryHeader]),
            address,
            isIPv4
        );
    }

    /// <summary>The network as it is kept: <c>203.0.113.0/24</c>.</summary>
    internal string Network
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, Address);
            return IsIPv4
                ? string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes[..4])}/24")
                : string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/48");
        }
    }

    private static (ulong, bool) Cut(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _))
        {
            return (0, true);
        }
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return (System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) & 0xFFFFFF0000000000, true);
        }
        if (address.IsIPv4MappedToIPv6)
        {
            var four = (ulong)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) << 32;
            return (four & 0xFFFFFF0000000000, true);
        }
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) & 0xFFFFFFFFFFFF0000, false);
    }

    /// <returns>The host of a <c>Referer</c> in lower case, without a leading www; what is none is as if nobody had led here.</returns>
    internal static string ReferrerOf(string? referer)
    {
        if (referer is null)
        {
            return "";
        }
        var rest = referer.AsSpan();
        var start = rest.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }
        rest = rest[(start + 3)..];
        var end = rest.IndexOfAny('/', '?', '#');
        rest = end < 0 ? rest : rest[..end];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        var colon = rest.LastIndexOf(':');
        rest = colon > 0 && !rest[colon..].Contains(']') ? rest[..colon] : rest;
        if (rest.Length is 0 or > LongestHost || rest.ContainsAnyExceptInRange('!', '~'))
        {
            return "";
        }
        Span<char> host = stackalloc char[rest.Length];
        rest.ToLowerInvariant(host);
        return Name(host.StartsWith("www.") ? host[4..] : host);
    }

    private static string CountryOf(string? country)
    {
        // Cloudflare says XX where it doesn't know, and T1 for Tor.
        if (
            country is not [var one, var two]
            || !char.IsAsciiLetter(one)
            || !char.IsAsciiLetter(two)
            || country == "XX"
        )
        {
            return "";
        }
        return Name([char.ToUpperInvariant(one), char.ToUpperInvariant(two)]);
    }

    /// <summary>One text for all visits that say the same: hundreds of thousands may wait to be written.</summary>
    private static string Name(ReadOnlySpan<char> name)
    {
        if (NamesBySpan.TryGetValue(name, out var known))
        {
            return known;
        }
        if (Names.Count >= MostNames)
        {
            Names.Clear();
        }
        return Names.GetOrAdd(name.ToString(), text => text);
    }
}
