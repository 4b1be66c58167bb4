using Madang.Foundation.Data;

namespace Madang.Library.Lending;

/// <summary>A place where the stock, the ledger and the loans don't agree.</summary>
/// <param name="Book">The book.</param>
/// <param name="Loan">The loan, or null where the stock is concerned.</param>
/// <param name="Says">What each of them says.</param>
internal sealed record Disagreement(long Book, long? Loan, string Says);

/// <summary>What an audit has looked at, and what it found.</summary>
internal sealed record AuditResult(long Books, long Loans, IReadOnlyList<Disagreement> Disagreements);

/// <summary>
/// Proves that each book's stock is the sum of its lines in the ledger, and that each loan has the lines that it should: one that took its
/// copies, and once it is returned one that gave them back; and that the copies put aside are those of holds that are ready, and nobody waits for what
/// can be borrowed. Books are looked at a few at a time, each few as they stand at one
/// moment, so that it may run beside a server.
/// </summary>
public sealed class LedgerAudit(Database db)
{
    private const int Batch = 500;

    internal async Task<AuditResult> Run(Action<long>? step, CancellationToken stop)
    {
        var (books, loans, found) = (0L, 0L, new List<Disagreement>());
        for (long last = 0; ; )
        {
            var (some, someLoans, next) = await db.Read(sql => Next(sql, last), stop);
            found.AddRange(next);
            (books, loans) = (books + some.Count, loans + someLoans);
            step?.Invoke(some.Count);
            if (some.Count < Batch)
            {
                return new(books, loans, found);
            }
            last = some[^1];
        }
    }

    /// <returns>How many books an audit looks at.</returns>
    internal Task<long> Count(CancellationToken stop) =>
        db.Read(sql => sql.Single<long>("SELECT count(*) FROM books"), stop);

    /// <summary>Deleted books have had their loans too.</summary>
    private static async Task<(List<long> Books, long Loans, List<Disagreement> Found)> Next(Sql sql, long last)
    {
        var books = await sql.Query<long>(
            "SELECT id FROM books WHERE id > @last ORDER BY id LIMIT @Batch",
            new { last, Batch }
        );
        if (books.Count == 0)
        {
            return (books, 0, []);
        }
        var within = new
        {
            First = books[0],
            Last = books[^1],
            Ledger.Lent,
            Ledger.Returned,
            Ledger.PutAside,
            Ledger.Released,
        };
        var stocks = await sql.Query<StockRow>(
            """
            SELECT books.id AS book, stock, CAST(coalesce(sum(change), 0) AS bigint) AS ledger FROM books
            LEFT JOIN stock_changes ON stock_changes.book_id = books.id
            WHERE books.id BETWEEN @First AND @Last
            GROUP BY books.id, stock
            HAVING stock <> coalesce(sum(change), 0)
            """,
            within
        );
        var loans = await sql.Query<LoanRow>(
            """
            WITH told AS (
                SELECT
                    book_id, loan_id,
                    CAST(sum(CASE WHEN kind = @Lent THEN change ELSE 0 END) AS bigint) AS lent,
                    CAST(sum(CASE WHEN kind = @Returned THEN change ELSE 0 END) AS bigint) AS returned,
                    count(CASE WHEN kind = @Lent THEN 1 END) AS times_lent,
                    count(CASE WHEN kind = @Returned THEN 1 END) AS times_returned
                FROM stock_changes
                WHERE book_id BETWEEN @First AND @Last AND kind IN (@Lent, @Returned)
                GROUP BY book_id, loan_id
            ),
            lending AS (
                SELECT id, book_id, quantity, CASE WHEN returned_at IS NULL THEN 0 ELSE 1 END AS is_back FROM loans
                WHERE book_id BETWEEN @First AND @Last
            )
            SELECT
                lending.book_id AS book, lending.id AS loan, lending.id AS told_of, quantity, is_back,
                coalesce(lent, 0) AS lent, coalesce(returned, 0) AS returned,
                coalesce(times_lent, 0) AS times_lent, coalesce(times_returned, 0) AS times_returned
            FROM lending
            LEFT JOIN told ON told.loan_id = lending.id AND told.book_id = lending.book_id
            UNION ALL
            SELECT told.book_id, NULL, loan_id, NULL, NULL, lent, returned, times_lent, times_returned FROM told
            LEFT JOIN lending ON lending.id = loan_id AND lending.book_id = told.book_id
            WHERE lending.id IS NULL
            """,
            within
        );
        var aside = await sql.Query<AsideRow>(
            """
            SELECT
                id AS book,
                stock,
                (SELECT count(*) FROM holds WHERE book_id = books.id AND ready_at IS NULL AND ended_at IS NULL) AS waiting,
                (SELECT count(*) FROM holds WHERE book_id = books.id AND ready_at IS NOT NULL AND ended_at IS NULL) AS ready,
                (
                    SELECT CAST(coalesce(-sum(change), 0) AS bigint) FROM stock_changes
                    WHERE book_id = books.id AND kind IN (@PutAside, @Released)
                ) AS ledger
            FROM books
            WHERE id BETWEEN @First AND @Last
            """,
            within
        );
        return (
            books,
            loans.LongCount(loan => loan.Loan is not null),
            [
                .. stocks.Select(row => new Disagreement(
                    row.Book,
                    null,
                    $"the stock is {row.Stock}, but its ledger says {row.Ledger}"
                )),
                .. loans.Where(loan => !loan.Agrees).Select(loan => loan.Disagreement),
                .. aside
                    .Where(row => row.Ready != row.Ledger)
                    .Select(row => new Disagreement(
                        row.Book,
                        null,
                        $"{row.Ready} copies are put aside for those who waited, but its ledger says {row.Ledger}"
                    )),
                .. aside
                    .Where(row => row.Waiting > 0 && row.Stock > 0)
                    .Select(row => new Disagreement(
                        row.Book,
                        null,
                        $"{row.Waiting} wait for a copy, but {row.Stock} can be borrowed"
                    )),
            ]
        );
    }

    private sealed record StockRow
    {
        public required long Book { get; init; }
        public required long Stock { get; init; }
        public required long Ledger { get; init; }
    }

    private sealed record AsideRow
    {
        public required long Book { get; init; }
        public required long Stock { get; init; }
        public required long Waiting { get; init; }
        public required long Ready { get; init; }
        public required long Ledger { get; init; }
    }

    /// <summary>A loan with what the ledger says of it; either may be missing.</summary>
    private sealed record LoanRow
    {
        public required long Book { get; init; }
        public long? Loan { get; init; }
        public long? ToldOf { get; init; }
        public long? Quantity { get; init; }
        public long? IsBack { get; init; }
        public required long Lent { get; init; }
        public required long Returned { get; init; }
        public required long TimesLent { get; init; }
        public required long TimesReturned { get; init; }

        internal bool Agrees =>
            Loan is not null
            && (TimesLent, TimesReturned) == (1, IsBack)
            && Lent == -Quantity
            && Returned == Quantity * IsBack;

        internal Disagreement Disagreement =>
            new(
                Book,
                Loan ?? ToldOf,
                Loan is null
                    ? $"the ledger says {Lent} lent and {Returned} returned, but there is no such loan of this book"
                    : $"{Quantity} copies, {(IsBack == 1 ? "returned" : "still out")}, but the ledger says {Lent} in {TimesLent} lines lent and {Returned} in {TimesReturned} returned"
            );
    }
}
