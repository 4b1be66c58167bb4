using Madang.Library.Shelving;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>On PostgreSQL several write at once: a book may come between an import's look and its write.</summary>
public sealed class BringingOneBookTwice(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_book_that_somebody_else_is_just_adding_is_waited_for_and_left_as_it_is()
    {
        var (isbn, fresh) = (LibraryCalls.NewIsbn(), LibraryCalls.NewIsbn());
        var import = 0L;
        await yard.Database.Write(
            async sql =>
            {
                var added = await ManyBooks.Add(sql, [Book(isbn, sql.Now)], null);
                import = await yard.Admin.BeginImport(
                    System.Text.Encoding.UTF8.GetBytes($"title,author,isbn\n나중,이,{isbn}\n새 책,이,{fresh}\n")
                );
                await Probe.Until(async () => await Waiting() > 0);
                return added;
            },
            Stop
        );
        var ended = await yard.Admin.EndedBooks(import);
        Assert.Equal("done 2: 1 1 0", ended.BookCounts());
        Assert.Equal(["2 present", "3 added"], ended.BookLines());
        Assert.Equal(
            "먼저",
            await yard.Database.Read(
                sql => sql.Single<string>("SELECT title FROM books WHERE isbn_key = @isbn", new { isbn }),
                Stop
            )
        );
    }

    [Fact]
    public async Task Of_two_that_bring_the_same_books_in_another_order_one_waits_for_the_other()
    {
        var isbns = new[] { LibraryCalls.NewIsbn(), LibraryCalls.NewIsbn() }.Order(StringComparer.Ordinal).ToList();
        var (tries, others) = (0, 0);
        Task<Dictionary<string, long>>? other = null;
        var added = await yard.Database.Write(
            async sql =>
            {
                tries++;
                await ManyBooks.Add(sql, [Book(isbns[0], sql.Now)], null);
                other ??= yard.Database.Write(
                    sql =>
                    {
                        others++;
                        return ManyBooks.Add(sql, [Book(isbns[1], sql.Now), Book(isbns[0], sql.Now)], null);
                    },
                    Stop
                );
                await Probe.Until(async () => await Waiting() > 0);
                return await ManyBooks.Add(sql, [Book(isbns[1], sql.Now)], null);
            },
            Stop
        );
        Assert.Single(added);
        Assert.Empty(await other!);
        Assert.Equal((1, 1), (tries, others));
    }

    [Fact]
    public async Task Books_keep_the_order_in_which_they_are_given()
    {
        string[] isbns = [LibraryCalls.NewIsbn(), LibraryCalls.NewIsbn(), LibraryCalls.NewIsbn()];
        string[] given = [isbns[1], isbns[2], isbns[0]];
        var ids = await yard.Database.Write(
            sql => ManyBooks.Add(sql, [.. given.Select(isbn => Book(isbn, sql.Now))], null),
            Stop
        );
        Assert.Equal(given, ids.OrderBy(one => one.Value).Select(one => one.Key));
    }

    private static BookRow Book(string isbn, DateTimeOffset now) =>
        new()
        {
            Id = 0,
            Title = "먼저",
            Author = "김",
            Isbn = isbn,
            Stock = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <returns>How many wait for what another transaction of this database comes to.</returns>
    private Task<long> Waiting() =>
        yard.Database.Read(
            sql =>
                sql.Single<long>(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'transactionid'
                    """
                ),
            Stop
        );
}
