using System.Globalization;
using Madang.Foundation.Modules;

namespace Madang.Foundation.Caching;

/// <summary>Where Redis is and how it is spoken to: <c>host:port[,option=value…]</c>, as other clients of Redis take it.</summary>
/// <param name="Host">A name or an address; of IPv6 in brackets.</param>
/// <param name="Port">6379 when it is left out.</param>
internal sealed record RedisSettings(string Host, int Port)
{
    private const string Form =
        "host:port, and after commas password=, user=, db=, ssl=true, sslHost= or sslCa= with a file of certificates";

    private const int UsualPort = 6379;

    /// <summary>What other clients know and ours has no use for: whoever moves here need not tidy up.</summary>
    private static readonly string[] Passed =
    [
        "abortconnect",
        "allowadmin",
        "asynctimeout",
        "connectretry",
        "connecttimeout",
        "keepalive",
        "name",
        "protocol",
        "responsetimeout",
        "synctimeout",
    ];

    internal string? User { get; init; }

    internal string? Password { get; init; }

    /// <summary>The number of the database, 0 unless it is given.</summary>
    internal int Database { get; init; }

    internal bool IsEncrypted { get; init; }

    /// <summary>The name that the certificate must have: the host's, unless <c>sslHost</c> says another.</summary>
    internal string? CertificateName { get; init; }

    /// <summary>A PEM file of the only authorities that are trusted; the system's without it.</summary>
    internal string? AuthoritiesFile { get; init; }

    /// <summary>Where it is, for people: never with the password.</summary>
    internal string Place => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <exception cref="StartupException">It is not of that form; the sentence holds no value, since one may be a password.</exception>
    internal static RedisSettings Parse(string value)
    {
        var parts = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[0].Contains('='))
        {
            throw Bad("names no host");
        }
        return parts.Skip(1).Aggregate(At(parts[0]), (all, option) => all.With(option));
    }

    /// <summary>A record would print its password.</summary>
    public override string ToString() => Place;

    private static RedisSettings At(string place)
    {
        var colon = place.LastIndexOf(':');
        // An IPv6 address has colons of its own, within brackets.
        var hasPort = colon > place.LastIndexOf(']');
        var host = (hasPort ? place[..colon] : place).Trim('[', ']');
        var port = UsualPort;
        return
            host.Length > 0
            && (
                !hasPort
                || (
                    int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                    && port is > 0 and <= ushort.MaxValue
                )
            )
            ? new(host, port)
            : throw Bad("names no host and port");
    }

    private RedisSettings With(string option)
    {
        // A password may hold more of these.
        var equals = option.IndexOf('=');
        var name = (equals < 0 ? option : option[..equals]).ToLowerInvariant();
        var value = equals < 0 ? "" : option[(equals + 1)..];
        return name switch
        {
            "password" => this with { Password = value },
            "user" => this with { User = value },
            "db" or "defaultdatabase" => this with { Database = Number(name, value) },
            "ssl" => this with { IsEncrypted = Truth(name, value) },
            "sslhost" => this with { CertificateName = value },
            "sslca" => this with { AuthoritiesFile = Existing(value) },
            _ when Passed.Contains(name) => this,
            // What stands before the sign could be the end of a password with a comma in it.
            _ => throw Bad("has an option that nobody knows"),
        };
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Bad($"has a {name} that is no number");

    private static bool Truth(string name, string value) =>
        bool.TryParse(value, out var isSo) ? isSo : throw Bad($"has an {name} that is neither true nor false");

    private static string Existing(string file) => File.Exists(file) ? file : throw Bad("has an sslCa that is no file");

    private static StartupException Bad(string what) => new($"Cache:Redis {what}; it must be {Form}.");
}
