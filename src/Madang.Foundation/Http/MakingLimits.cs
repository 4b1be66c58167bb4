using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Http;

/// <summary>
/// How many things one caller makes, by whichever route: members 600 a minute, in bursts of up to 1,000 as they come; people without
/// an account 30, by address. A call that makes many takes from the same account as calls that make one.
/// </summary>
public sealed class MakingLimits : IDisposable
{
    private readonly bool areOn;
    private readonly PartitionedRateLimiter<string> limiter;

    /// <summary>Begins with nothing made.</summary>
    public MakingLimits(IConfiguration configuration)
    {
        areOn = configuration.GetValue("RateLimits:Enabled", true);
        limiter = PartitionedRateLimiter.Create<string, string>(key =>
            key.StartsWith("user ", StringComparison.Ordinal)
                ? RateLimitPartition.GetTokenBucketLimiter(
                    key,
                    _ =>
                        new()
                        {
                            TokenLimit = 1_000,
                            TokensPerPeriod = 10,
                            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                            QueueLimit = 0,
                        }
                )
                : RateLimitPartition.GetSlidingWindowLimiter(
                    key,
                    _ =>
                        new()
                        {
                            PermitLimit = 30,
                            Window = TimeSpan.FromMinutes(1),
                            SegmentsPerWindow = 6,
                            QueueLimit = 0,
                        }
                )
        );
    }

    /// <summary>Takes one thing from what the caller may make.</summary>
    /// <returns>False when nothing is left for now.</returns>
    public bool TryTake(HttpContext http) => TryTake(http, 1, out _);

    /// <summary>Takes several things at once, or none of them.</summary>
    /// <param name="http">The caller's request.</param>
    /// <param name="count">0 to 1,000, and of people without an account to 30.</param>
    /// <param name="wait">How long it takes until so many are left, if nothing is made meanwhile.</param>
    /// <returns>False when fewer are left for now.</returns>
    public bool TryTake(HttpContext http, int count, out TimeSpan wait)
    {
        ArgumentNullException.ThrowIfNull(http);
        wait = TimeSpan.Zero;
        if (!areOn || count == 0)
        {
            return true;
        }
        using var lease = limiter.AttemptAcquire(RateLimits.KeyOf(http), count);
        if (!lease.IsAcquired)
        {
            wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : TimeSpan.FromSeconds(1);
        }
        return lease.IsAcquired;
    }

    /// <inheritdoc />
    public void Dispose() => limiter.Dispose();

    internal RateLimitPartition<string> PartitionOf(HttpContext http) =>
        RateLimitPartition.Get(RateLimits.KeyOf(http), key => new Through(limiter, key));

    /// <summary>The middleware's way to the one account of a caller; it may be thrown away at any time.</summary>
    private sealed class Through(PartitionedRateLimiter<string> limiter, string key) : RateLimiter
    {
        public override TimeSpan? IdleDuration => TimeSpan.MaxValue;

        public override RateLimiterStatistics? GetStatistics() => limiter.GetStatistics(key);

        protected override RateLimitLease AttemptAcquireCore(int permitCount) =>
            limiter.AttemptAcquire(key, permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(
            int permitCount,
            CancellationToken cancellationToken
        ) => limiter.AcquireAsync(key, permitCount, cancellationToken);
    }
}
