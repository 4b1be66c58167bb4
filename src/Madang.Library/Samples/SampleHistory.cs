using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Samples;
using Madang.Library.Lending;
using Microsoft.Extensions.Options;

namespace Madang.Library.Samples;

/// <summary>
/// Lends sample books, takes them back and lets others wait for them by the stores that do so for everybody, and dates it back. Some loans are
/// one write, in the order in which they are said to have been made; of a book one copy is out at a time, so each may come back at once.
/// </summary>
internal sealed class SampleHistory(Database db, LoanStore loans, HoldStore holds, IOptions<LibrarySettings> settings)
{
    /// <summary>Few enough that no write takes long, and that others get their turn soon.</summary>
    private const int PartSize = 20;

    /// <summary>All that was lent, or nothing where that was done already; one that broke off is gone on with.</summary>
    /// <param name="samples">The books; those of them that are no samples here are nobody's.</param>
    /// <param name="people">Who borrows.</param>
    /// <param name="size">How much.</param>
    /// <param name="now">The time.</param>
    /// <param name="stop">Ends it between two parts.</param>
    internal async Task Add(
        IReadOnlyList<SampleBook> samples,
        IReadOnlyList<SamplePerson> people,
        SampleSize size,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var lent = SampleLending.Of(samples, people.Count, size, settings.Value.LoanDays, now);
        DateTimeOffset? last = DateTimeOffset.MinValue;
        while (last is { } before)
        {
            last = await db.Write(sql => AddSome(sql, samples, people, lent, before), stop);
        }
    }

    /// <returns>When the last of them was lent; null when nothing is left to lend.</returns>
    private async Task<DateTimeOffset?> AddSome(
        Sql sql,
        IReadOnlyList<SampleBook> samples,
        IReadOnlyList<SamplePerson> people,
        IReadOnlyList<SampleLoan> lent,
        DateTimeOffset before
    )
    {
        await Thing.TakeTurn(sql);
        var ids = await IdsOf(sql, samples);
        if (
            ids.Count == 0
            || await sql.First<long?>("SELECT id FROM library_samples WHERE thing = @History", new { Thing.History })
                is not null
        )
        {
            return null;
        }
        // What an earlier run has done, or another one does meanwhile, isn't done again.
        var known = await sql.First<DateTimeOffset?>(
            """
            SELECT created_at FROM loans
            WHERE id IN (SELECT id FROM library_samples WHERE thing = @Loan)
            ORDER BY created_at DESC LIMIT 1
            """,
            new { Thing.Loan }
        );
        var rest = lent.Where(loan => loan.At > before && !(loan.At <= known)).ToList();
        if (rest.Count == 0)
        {
            await Wait(sql, lent, ids, people);
            await Thing.Note(sql, Thing.History, 0);
            return null;
        }
        var last = rest[Math.Min(PartSize, rest.Count) - 1].At;
        foreach (var loan in rest.TakeWhile(loan => loan.At <= last))
        {
            if (ids.TryGetValue(loan.Book, out var book))
            {
                await Lend(sql, loan, book, people[loan.Person].Id);
            }
        }
        return last;
    }

    private async Task Lend(Sql sql, SampleLoan loan, long book, long person)
    {
        if ((await loans.Lend(sql, person, new() { BookId = book, Quantity = 1 })).Loan is not { } made)
        {
            return;
        }
        await Thing.Note(sql, Thing.Loan, made.LoanId);
        if (loan.Back is not null)
        {
            await loans.Return(sql, made.LoanId, person, 1, person, Precondition.None);
        }
        await DateBack(sql, loan, made.LoanId, book);
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
        IReadOnlyList<SampleLoan> lent,
        Dictionary<int, long> ids,
        IReadOnlyList<SamplePerson> people
    )
    {
        var open = await sql.Query<long>(
            """
            SELECT book_id FROM loans
            WHERE id IN (SELECT id FROM library_samples WHERE thing = @Loan) AND returned_at IS NULL
            """,
            new { Thing.Loan }
        );
        var waited = 0;
        foreach (var loan in lent.Where(loan => loan.Back is null && people.Count > 1))
        {
            if (
                waited < 2
                && ids.TryGetValue(loan.Book, out var book)
                && open.Contains(book)
                && (await holds.Place(sql, people[(loan.Person + 1) % people.Count].Id, book)).Hold is { } hold
            )
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
