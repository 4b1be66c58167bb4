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
                BookRow book = new()
                {
                    Id = 0,
                    Title = "먼저",
                    Author = "김",
                    Isbn = isbn,
                    Stock = 1,
                    CreatedAt = sql.Now,
                    UpdatedAt = sql.Now,
                };
                var added = await ManyBooks.Add(sql, [book], null);
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
