namespace Madang.Library.Lending;

/// <summary>Until when copies are to be back: people mean a day, so it is the last second of one.</summary>
internal static class DueDate
{
    internal static DateTimeOffset Of(DateTimeOffset borrowed, int days, TimeZoneInfo zone)
    {
        var day = TimeZoneInfo.ConvertTime(borrowed, zone).Date.AddDays(days + 1);
        while (zone.IsInvalidTime(day))
        {
            // Midnight is left out where a clock is put forward at it.
            day = day.AddMinutes(15);
        }
        return new DateTimeOffset(day, zone.GetUtcOffset(day)).AddSeconds(-1).ToUniversalTime();
    }
}
