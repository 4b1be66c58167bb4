using Madang.Foundation.Web;

namespace Madang.Library.Lending;

/// <summary>Until when copies are to be back: people mean a day, so it is the last second of one.</summary>
internal static class DueDate
{
    internal static DateTimeOffset Of(DateTimeOffset borrowed, int days, TimeZoneInfo zone) =>
        Moments
            .At(TimeZoneInfo.ConvertTime(borrowed, zone).Date.AddDays(days + 1), zone)
            .AddSeconds(-1)
            .ToUniversalTime();
}
