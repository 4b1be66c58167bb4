using System.Globalization;
using Madang.Foundation.Modules;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Caching;

/// <summary>What an operator says about the cache.</summary>
/// <param name="IsEnabled"><c>Cache:Enabled</c>: off, every answer is computed; for measuring.</param>
/// <param name="MemoryBytes"><c>Cache:MemoryBytes</c>: what all kept answers may take in this process.</param>
/// <param name="Redis"><c>Cache:Redis</c>, or null for memory alone.</param>
internal sealed record CacheSettings(bool IsEnabled, long MemoryBytes, RedisSettings? Redis)
{
    private const long Mebibyte = 1024 * 1024;
    private const long UsualMemory = 64 * Mebibyte;

    /// <exception cref="StartupException">One is not what it must be.</exception>
    internal static CacheSettings Of(IConfiguration configuration) =>
        new(
            IsEnabledIn(configuration["Cache:Enabled"]),
            Bytes(configuration["Cache:MemoryBytes"]),
            configuration["Cache:Redis"] is { Length: > 0 } redis ? RedisSettings.Parse(redis) : null
        );

    private static bool IsEnabledIn(string? value) =>
        string.IsNullOrEmpty(value) ? true
        : bool.TryParse(value, out var isEnabled) ? isEnabled
        : throw new StartupException($"Cache:Enabled is '{value}', but must be true or false.");

    private static long Bytes(string? value) =>
        string.IsNullOrEmpty(value) ? UsualMemory
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes >= Mebibyte
            ? bytes
        : throw new StartupException(
            $"Cache:MemoryBytes is '{value}', but must be a number of bytes, 1048576 (1 MiB) at least."
        );
}
