using Madang.Foundation.Samples;

namespace Madang.Library.Samples;

/// <summary>That somebody has, or had, a copy of a book.</summary>
/// <param name="Book">The book's place among the samples.</param>
/// <param name="Person">The borrower's place among the people.</param>
/// <param name="At">When it was borrowed.</param>
/// <param name="Back">When it came back; null while it is out.</param>
internal sealed record SampleLoan(int Book, int Person, DateTimeOffset At, DateTimeOffset? Back);

/// <summary>Made-up lending, the same each time for the same people on the same day. Of a book one copy is out at a time.</summary>
internal static class SampleLending
{
    /// <summary>One book in so many is borrowed again and again.</summary>
    private const int Popular = 6;

    /// <param name="books">The books.</param>
    /// <param name="people">How many people borrow them.</param>
    /// <param name="size">How much.</param>
    /// <param name="loanDays">How long a loan lasts.</param>
    /// <param name="now">The time.</param>
    /// <returns>The loans in the order in which they were made.</returns>
    internal static IReadOnlyList<SampleLoan> Of(
        IReadOnlyList<SampleBook> books,
        int people,
        SampleSize size,
        int loanDays,
        DateTimeOffset now
    )
    {
        List<SampleLoan> loans =
        [
            .. Outside(books.Count, people, size, loanDays, now),
            .. size == SampleSize.Few
                ? [new SampleLoan(1, 0, Hour(now.AddDays(-20), 3), Hour(now.AddDays(-11), 5))]
                : Enumerable.Range(0, books.Count).SelectMany(book => History(books[book], book, people, now)),
        ];
        return [.. loans.OrderBy(loan => loan.At).ThenBy(loan => loan.Book)];
    }

    /// <summary>What is out: some of it for too long, one due soon. These books have no other loans.</summary>
    private static IEnumerable<SampleLoan> Outside(
        int books,
        int people,
        SampleSize size,
        int loanDays,
        DateTimeOffset now
    )
    {
        int[] days =
            size == SampleSize.Few
                ? [loanDays + 2, 5]
                : [loanDays + 9, loanDays + 3, loanDays + 1, loanDays - 1, loanDays - 2, 9, 8, 6, 5, 3, 2, 1];
        return days.Select(
            (ago, at) =>
                new SampleLoan(OfOutside(at, books), at % people, Hour(now.AddDays(-Math.Max(1, ago)), at), null)
        );
    }

    /// <returns>The place of a book that is out: spread over all, and none of those that are popular.</returns>
    private static int OfOutside(int at, int books) => Math.Min(books - 1, (at * Popular) + 3);

    private static bool IsOutside(int book) => book % Popular == 3 && book < Popular * 12;

    private static IEnumerable<SampleLoan> History(SampleBook book, int place, int people, DateTimeOffset now)
    {
        var dice = new Dice(place + 1);
        if (IsOutside(place) || (place % Popular != 0 && dice.Next(3) != 0))
        {
            yield break;
        }
        var at = book.AddedAt.AddDays(2 + dice.Next(20));
        do
        {
            var back = Hour(at.AddDays(3 + dice.Next(12)), dice.Next(9));
            if (back >= now)
            {
                yield break;
            }
            yield return new(place, dice.Next(people), Hour(at, dice.Next(9)), back);
            at = back.AddDays(4 + dice.Next(70));
        } while (place % Popular == 0);
    }

    /// <returns>An hour of that day at which libraries are open (in Seoul).</returns>
    private static DateTimeOffset Hour(DateTimeOffset day, int hour) =>
        new DateTimeOffset(day.UtcDateTime.Date, TimeSpan.Zero).AddHours(hour % 9).AddMinutes((hour * 7) % 60);

    /// <summary>Numerical Recipes' generator: the same on every system, and good enough for made-up people.</summary>
    private sealed class Dice(int seed)
    {
        private uint state = (uint)seed * 2654435761;

        internal int Next(int below)
        {
            state = (state * 1664525) + 1013904223;
            return (int)(state >> 8) % below;
        }
    }
}
