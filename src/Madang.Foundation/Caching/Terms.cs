using Microsoft.Extensions.Caching.Hybrid;

namespace Madang.Foundation.Caching;

/// <summary>What one call asks of the cache.</summary>
/// <param name="InMemory">How long its answer may stay in memory.</param>
/// <param name="InRedis">How long it may stay in Redis.</param>
/// <param name="Flags">What it does without.</param>
internal sealed record Terms(TimeSpan InMemory, TimeSpan InRedis, HybridCacheEntryFlags Flags)
{
    /// <summary>Nothing gets old by time, versions see to that: this only tidies up what nobody asks for.</summary>
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(1);

    /// <summary>What can be added to a timestamp without an overflow.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    internal static Terms Usual { get; } = new(UsualLifetime, UsualLifetime, HybridCacheEntryFlags.None);

    internal bool Computes => !Flags.HasFlag(HybridCacheEntryFlags.DisableUnderlyingData);

    internal bool ReadsMemory => !Flags.HasFlag(HybridCacheEntryFlags.DisableLocalCacheRead);

    internal bool WritesMemory => !Flags.HasFlag(HybridCacheEntryFlags.DisableLocalCacheWrite);

    internal bool ReadsRedis => !Flags.HasFlag(HybridCacheEntryFlags.DisableDistributedCacheRead);

    internal bool WritesRedis => !Flags.HasFlag(HybridCacheEntryFlags.DisableDistributedCacheWrite);

    internal static Terms Of(HybridCacheEntryOptions? options)
    {
        if (options is null)
        {
            return Usual;
        }
        var whole = Within(options.Expiration ?? UsualLifetime);
        var local = Within(options.LocalCacheExpiration ?? whole);
        return new(local < whole ? local : whole, whole, options.Flags ?? HybridCacheEntryFlags.None);
    }

    private static TimeSpan Within(TimeSpan lifetime) => lifetime < LongestLifetime ? lifetime : LongestLifetime;
}
