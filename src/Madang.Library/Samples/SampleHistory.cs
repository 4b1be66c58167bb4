using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Samples;
using Madang.Library.Lending;
using Microsoft.Extensions.Options;

namespace Madang.Library.Samples;

/// <summary>
/// Lends sample books, takes them back and lets others wait for them by the stores that do so for everybody, in the order in which it is said
/// to have happened; and dates it back.
/// </summary>
internal sealed class SampleHistory(LoanStore loans, HoldStore holds, IOptions<LibrarySettings> settings)
{
    /// <summary>All that was lent, or nothing where that was done already.</summary>
    /// <param name="sql">The write.</param>
    /// <param name="samples">The books; those of them that are no samples here are nobody's.</param>
    /// <param name="people">Who borrows.</param>
    /// <param name="size">How much.</param>
    /// <param name="now">The time.</param>
    /// <returns>How many loans were made.</returns>
    internal async Task<int> Add(
        Sql sql,
        IReadOnlyList<SampleBook> samples,
        IReadOnlyList<SamplePerson> people,
        SampleSize size,
        DateTimeOffset now
    )
    {
        if (
            await sql.First<long?>("SELECT id FROM library_samples WHERE thing = @Loan LIMIT 1", new { Thing.Loan })
            is not null
        )
        {
            return 0;
        }
        var ids = await IdsOf(sql, samples);
        var lent = SampleLending.Of(samples, people.Count, size, settings.Value.LoanDays, now);
        var made = new Dictionary<SampleLoan, long>();
        var steps = lent.Select(loan => (loan.At, IsReturn: false, Loan: loan))
            .Concat(
                lent.Where(loan => loan.Back is not null)
                    .Select(loan => (At: loan.Back!.Value, IsReturn: true, Loan: loan))
            );
        foreach (var (_, isReturn, loan) in steps.OrderBy(step => step.At).ThenBy(step => step.IsReturn))
        {
            if (!ids.TryGetValue(loan.Book, out var book))
            {
                continue;
            }
            var person = people[loan.Person].Id;
            if (isReturn)
            {
                if (made.TryGetValue(loan, out var open))
                {
                    await loans.Return(sql, open, person, 1, person, Precondition.None);
                }
            }
            else if ((await loans.Lend(sql, person, new() { BookId = book, Quantity = 1 })).Loan is { } one)
            {
                made.Add(loan, one.LoanId);
                await Thing.Note(sql, Thing.Loan, one.LoanId);
            }
        }
        foreach (var (loan, id) in made)
        {
            await DateBack(sql, loan, id, ids[loan.Book]);
        }
        await Wait(sql, made, ids, people);
        return made.Count;
    }

    private async Task DateBack(Sql sql, SampleLoan loan, long id, long book)
    {
        var due = DueDate.Of(loan.At, settings.Value.LoanDays, TimeZoneInfo.Local);
        await sql.Execute(
            "UPDATE loans SET created_at = @At, due_at = @due, returned_at = @Back WHERE id = @id",
            new
            {
                id,
                due,
                loan.At,
                loan.Back,
            }
        );
        await sql.Execute(
            "UPDATE stock_changes SET at = CASE WHEN kind = @Lent THEN @At ELSE @Back END WHERE book_id = @book AND loan_id = @id",
            new
            {
                id,
                book,
                loan.At,
                Back = loan.Back ?? loan.At,
                Ledger.Lent,
            }
        );
    }

    /// <summary>Somebody else waits for two of the books of which every copy is out.</summary>
    private async Task Wait(
        Sql sql,
        Dictionary<SampleLoan, long> made,
        Dictionary<int, long> ids,
        IReadOnlyList<SamplePerson> people
    )
    {
        var waited = 0;
        foreach (var loan in made.Keys.Where(loan => loan.Back is null && people.Count > 1))
        {
            var person = people[(loan.Person + 1) % people.Count].Id;
            if (waited < 2 && (await holds.Place(sql, person, ids[loan.Book])).Hold is { } hold)
            {
                waited++;
                await Thing.Note(sql, Thing.Hold, hold.HoldId);
            }
        }
    }

    /// <returns>The ids of the samples that are samples here, by their places.</returns>
    private static async Task<Dictionary<int, long>> IdsOf(Sql sql, IReadOnlyList<SampleBook> samples)
    {
        var ids = (
            await sql.Query<Known>(
                $"""
                SELECT books.isbn_key, books.id FROM books
                JOIN library_samples ON thing = @Book AND library_samples.id = books.id
                WHERE {sql.In("isbn_key", "@keys")} AND deleted_at IS NULL
                """,
                new { keys = samples.Select(book => book.Isbn).ToArray(), Thing.Book }
            )
        ).ToDictionary(one => one.IsbnKey, one => one.Id);
        return samples
            .Select((book, place) => (place, Id: ids.GetValueOrDefault(book.Isbn)))
            .Where(one => one.Id != 0)
            .ToDictionary(one => one.place, one => one.Id);
    }

    private sealed record Known
    {
        public required string IsbnKey { get; init; }
        public required long Id { get; init; }
    }
}
