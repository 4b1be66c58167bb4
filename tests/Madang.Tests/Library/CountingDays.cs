using System.Globalization;
using Madang.Library.Lending;

namespace Madang.Tests.Library;

/// <summary>What is due is so until the last second of a day, in whichever time zone, on whichever day its clocks are changed.</summary>
public sealed class CountingDays
{
    [Theory]
    [InlineData("Asia/Seoul", "2026-03-01T00:00:00+09:00", 14, "2026-03-15T23:59:59+09:00")]
    [InlineData("Asia/Seoul", "2026-03-01T23:59:59+09:00", 14, "2026-03-15T23:59:59+09:00")]
    [InlineData("Asia/Seoul", "2026-12-31T15:00:00Z", 1, "2027-01-02T23:59:59+09:00")]
    [InlineData("Asia/Seoul", "2026-02-28T12:00:00+09:00", 0, "2026-02-28T23:59:59+09:00")]
    [InlineData("UTC", "2028-02-15T09:30:00+09:00", 14, "2028-02-29T23:59:59Z")]
    // Clocks are put forward and back within the loan: its day is no hour shorter or longer for that.
    [InlineData("America/New_York", "2026-03-01T12:00:00-05:00", 14, "2026-03-15T23:59:59-04:00")]
    [InlineData("America/New_York", "2026-10-25T12:00:00-04:00", 14, "2026-11-08T23:59:59-05:00")]
    // The day ends where clocks are put forward at midnight, from 24:00 to 1:00, and lasts an hour longer where they are put back then.
    [InlineData("America/Santiago", "2026-09-04T12:00:00-04:00", 1, "2026-09-05T23:59:59-04:00")]
    [InlineData("America/Santiago", "2026-04-03T12:00:00-03:00", 1, "2026-04-04T23:59:59-04:00")]
    // Clocks that are put back to midnight show it twice: the day ends at the first.
    [InlineData("America/Havana", "2026-10-30T12:00:00-04:00", 1, "2026-10-31T23:59:59-04:00")]
    public void It_is_due_at_the_end_of_the_day(string zone, string borrowed, int days, string due) =>
        Assert.Equal(
            At(due).ToUniversalTime(),
            DueDate.Of(At(borrowed), days, TimeZoneInfo.FindSystemTimeZoneById(zone))
        );

    [Fact]
    public void A_day_later_is_due_a_day_later_in_every_zone()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var first = new DateTimeOffset(2026, 1, 1, 12, 0, 0, zone.GetUtcOffset(new DateTime(2026, 1, 1, 12, 0, 0)));
            for (var days = 0; days < 366; days++)
            {
                var due = TimeZoneInfo.ConvertTime(DueDate.Of(first, days, zone), zone);
                Assert.Equal(first.Date.AddDays(days), due.Date);
                Assert.True(
                    TimeZoneInfo.ConvertTime(due.AddSeconds(1), zone).Date > due.Date,
                    $"{zone.Id}: {due} is not the end of its day."
                );
            }
        }
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
