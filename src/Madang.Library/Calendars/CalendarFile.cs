using System.Globalization;
using System.Text;
using Madang.Library.Lending;

namespace Madang.Library.Calendars;

/// <summary>Writes loans and holds as a calendar of whole days (iCalendar, RFC 5545).</summary>
internal static class CalendarFile
{
    /// <summary>A line takes at most so many octets, its end not counted (RFC 5545, 3.1).</summary>
    private const int LineOctets = 75;

    /// <param name="loans">What is borrowed.</param>
    /// <param name="holds">What is put aside, or waited for; only the former has a day.</param>
    /// <param name="baseUrl">Where the yard is: a book's page is the event's, and its host makes the ids unique.</param>
    /// <param name="now">What time it is.</param>
    /// <param name="language">In which language things are named.</param>
    /// <param name="zone">Whose days they are.</param>
    internal static byte[] Of(
        IEnumerable<ShownLoan> loans,
        IEnumerable<ShownHold> holds,
        string baseUrl,
        DateTimeOffset now,
        CultureInfo language,
        TimeZoneInfo zone
    )
    {
        var say = LibraryWords.Say;
        var text = new StringBuilder();
        Line(text, "BEGIN:VCALENDAR");
        Line(text, "VERSION:2.0");
        Line(text, "PRODID:-//Madang//Library//EN");
        Line(text, $"X-WR-CALNAME:{Escaped(say.In(language, "library.calendar.name"))}");
        foreach (var loan in loans)
        {
            Event($"loan-{loan.LoanId}", loan.DueAt, loan.Renewals, "library.calendar.due", loan.Title, loan.BookId);
        }
        foreach (var hold in holds)
        {
            if (hold.PickUpUntil is { } until)
            {
                Event($"hold-{hold.HoldId}", until, 0, "library.calendar.pick_up", hold.Title, hold.BookId);
            }
        }
        Line(text, "END:VCALENDAR");
        return Encoding.UTF8.GetBytes(text.ToString());

        void Event(string id, DateTimeOffset until, long changes, string word, string title, long book)
        {
            var day = TimeZoneInfo.ConvertTime(until, zone).Date;
            var summary = string.Format(language, say.In(language, word), title);
            Line(text, "BEGIN:VEVENT");
            Line(text, $"UID:{id}@{new Uri(baseUrl).Host}");
            // A calendar that knows the event takes the day that it was moved to (RFC 5545, 3.8.7.4).
            Line(text, $"SEQUENCE:{changes}");
            Line(text, $"DTSTAMP:{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
            Line(text, $"DTSTART;VALUE=DATE:{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}");
            // The end of a whole day is the day after it (RFC 5545, 3.6.1).
            Line(text, $"DTEND;VALUE=DATE:{day.AddDays(1).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}");
            Line(text, $"SUMMARY:{Escaped(summary)}");
            Line(text, $"URL:{baseUrl}/library/books/{book}");
            Line(text, "TRANSP:TRANSPARENT");
            Line(text, "END:VEVENT");
        }
    }

    /// <summary>Text with what has a meaning of its own escaped (RFC 5545, 3.3.11).</summary>
    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(";", "\\;", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .ReplaceLineEndings("\\n");

    /// <summary>A long line goes on in the next, which begins with a space; no letter is cut in two.</summary>
    private static void Line(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var letter in line.EnumerateRunes())
        {
            if (octets + letter.Utf8SequenceLength > LineOctets)
            {
                text.Append("\r\n ");
                octets = 1;
            }
            text.Append(letter.ToString());
            octets += letter.Utf8SequenceLength;
        }
        text.Append("\r\n");
    }
}
