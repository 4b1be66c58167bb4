using System.Globalization;
using Madang.Foundation.Accounts;

namespace Madang.Foundation.Web;

/// <summary>Times as people say them.</summary>
public static class Moments
{
    /// <returns>The time zone of a user's setting, or the server's.</returns>
    public static TimeZoneInfo ZoneOf(KnownUser? user) =>
        user?.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : TimeZoneInfo.Local;

    /// <returns>When a clock on the wall shows this first: where it is put forward over it, the moment at which that is done.</returns>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var time = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(time))
        {
            time = time.AddMinutes(15);
        }
        return zone.IsAmbiguousTime(time)
            ? new DateTimeOffset(time, zone.GetAmbiguousTimeOffsets(time).Max())
            : new DateTimeOffset(time, zone.GetUtcOffset(time));
    }

    /// <param name="then">When, in the reader's zone.</param>
    /// <param name="now">Now, in the reader's zone.</param>
    internal static string Say(DateTimeOffset then, DateTimeOffset now)
    {
        var (say, culture) = (FrameWords.Say, CultureInfo.CurrentCulture);
        var age = now - then;
        return age switch
        {
            _ when age < TimeSpan.FromMinutes(1) && age > TimeSpan.FromMinutes(-1) => say["moment.now"],
            _ when age >= TimeSpan.Zero && age < TimeSpan.FromHours(1) => say.Format(
                "moment.minutes",
                (int)age.TotalMinutes
            ),
            _ when then.Date == now.Date => then.ToString("t", culture),
            _ when then.Date == now.Date.AddDays(-1) => say.Format("moment.yesterday", then.ToString("t", culture)),
            _ when then.Year == now.Year => then.ToString("M", culture),
            _ => then.ToString("D", culture),
        };
    }
}
