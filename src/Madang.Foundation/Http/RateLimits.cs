using System.Globalization;
using System.Threading.RateLimiting;
using Madang.Foundation.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>
/// How much one caller may ask for: sign-in and sign-up little, by address, everything else generously, by user or address. Failed
/// sign-ins are counted apart, in the database (<see cref="SignInAttempts"/>).
/// </summary>
internal static class RateLimits
{
    internal const string SignIn = "sign-in";
    internal const string SignUp = "sign-up";
    internal const string Making = "making";
    internal const string Imports = "imports";

    private const int ImportsInAnHour = 10;

    internal static void Configure(RateLimiterOptions limits)
    {
        limits.AddPolicy(SignIn, http => ByAddress(http, SignIn, perMinute: 60));
        limits.AddPolicy(SignUp, http => ByAddress(http, SignUp, perMinute: 30));
        limits.AddPolicy(Making, http => http.RequestServices.GetRequiredService<MakingLimits>().PartitionOf(http));
        limits.AddPolicy(Imports, OfImports);
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            RateLimitPartition.GetTokenBucketLimiter(
                KeyOf(http),
                _ =>
                    new()
                    {
                        TokenLimit = 5_000,
                        TokensPerPeriod = 500,
                        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                        QueueLimit = 0,
                    }
            )
        );
        limits.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = Seconds(
                rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1)
            );
            await Failures.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests);
        };
    }

    /// <summary>Whether anybody is limited: an operator may leave that to a proxy.</summary>
    internal static bool AreOn(IConfiguration configuration) => configuration.GetValue("RateLimits:Enabled", true);

    /// <returns>A <c>Retry-After</c> (RFC 9110, 10.2.3), at least one second.</returns>
    internal static string Seconds(TimeSpan wait) =>
        Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <returns>Whose account a call goes to: the user's, or that of the place it comes from.</returns>
    internal static string KeyOf(HttpContext http) =>
        CurrentUser.Of(http) is { } me ? $"user {me.Id}" : $"address {Client.PlaceOf(http.Connection.RemoteIpAddress)}";

    /// <summary>Each of them may be a hundred thousand lines.</summary>
    private static RateLimitPartition<string> OfImports(HttpContext http) =>
        RateLimitPartition.GetSlidingWindowLimiter(
            $"{Imports} {KeyOf(http)}",
            _ =>
                new()
                {
                    PermitLimit = ImportsInAnHour,
                    Window = TimeSpan.FromHours(1),
                    SegmentsPerWindow = 12,
                    QueueLimit = 0,
                }
        );

    private static RateLimitPartition<string> ByAddress(HttpContext http, string policy, int perMinute) =>
        RateLimitPartition.GetSlidingWindowLimiter(
            $"{policy} {Client.PlaceOf(http.Connection.RemoteIpAddress)}",
            _ =>
                new()
                {
                    PermitLimit = perMinute,
                    Window = TimeSpan.FromMinutes(1),
                    SegmentsPerWindow = 6,
                    QueueLimit = 0,
                }
        );
}
