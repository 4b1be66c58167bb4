using System.Net;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>
/// Writes that would each be right alone. All of them have begun, and wait for rows that this test holds, before the first can go on; the
/// embedded database has one writer, so that there it can't come to this.
/// </summary>
public sealed class AtTheSameMoment(PostgresYard yard) : IClassFixture<PostgresYard>
{
    private const int Many = 8;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_loans_of_many_books_no_more_are_made_than_a_member_may_have()
    {
        var me = await yard.SignUp();
        var most = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 19))).Number("book_id");
        await me.Borrow(most, 19).Is(HttpStatusCode.Created);
        var books = await Books(stock: 1);
        var answers = await WhileHeld("books", books, () => books.Select(book => me.Borrow(book, 1)));
        OneDid(HttpStatusCode.Created, answers);
    }

    [Fact]
    public async Task Of_holds_of_many_books_no_more_are_made_than_a_member_may_have()
    {
        var me = await yard.SignUp();
        foreach (var book in (await Books(stock: 0)).Concat(await Books(stock: 0)).Take(9))
        {
            await me.Hold(book).Is(HttpStatusCode.Created);
        }
        var books = await Books(stock: 0);
        var answers = await WhileHeld("books", books, () => books.Select(me.Hold));
        OneDid(HttpStatusCode.Created, answers);
    }

    [Fact]
    public async Task Of_presses_of_one_button_one_lends_a_copy()
    {
        var me = await yard.SignUp();
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 50))).Number("book_id");
        var browser = await new Browser(yard).SignIn(me);
        var answers = await WhileHeld(
            "books",
            [book],
            () =>
                Enumerable
                    .Range(0, Many)
                    .Select(_ => browser.Post("/library/loans", $"/library/books/{book}/borrow", ("mine", "0")))
        );
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.SeeOther, answer));
        Assert.Equal(49, await me.Stock(book));
    }

    [Fact]
    public async Task Of_books_that_are_given_one_ISBN_one_has_it()
    {
        var (books, isbn) = (await Books(stock: 1), LibraryCalls.NewIsbn());
        var answers = await WhileHeld(
            "books",
            books,
            () => books.Select(book => yard.Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{book}", new { isbn }))
        );
        OneDid(HttpStatusCode.OK, answers);
    }

    [Fact]
    public async Task Of_tags_that_are_given_one_name_one_has_it()
    {
        var word = Guid.NewGuid().ToString("N");
        var tags = await Task.WhenAll(
            Enumerable.Range(0, Many).Select(number => yard.Admin.AddTag($"{word} {number}"))
        );
        var answers = await WhileHeld(
            "tags",
            tags,
            () => tags.Select(tag => yard.Admin.Client.Send(HttpMethod.Put, $"/api/v1/tags/{tag}", new { name = word }))
        );
        OneDid(HttpStatusCode.OK, answers);
    }

    private static void OneDid(HttpStatusCode done, IReadOnlyCollection<HttpStatusCode> answers)
    {
        Assert.Equal(1, answers.Count(answer => answer == done));
        Assert.Equal(answers.Count - 1, answers.Count(answer => answer == HttpStatusCode.Conflict));
    }

    private Task<long[]> Books(int stock) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Many)
                .Select(async _ => (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: stock))).Number("book_id"))
        );

    private async Task<List<HttpStatusCode>> WhileHeld(
        string table,
        long[] rows,
        Func<IEnumerable<Task<HttpResponseMessage>>> begin
    )
    {
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var holding = yard.Database.Write(
            async sql =>
            {
                await sql.Query<long>(
                    $"SELECT id FROM {table} WHERE id = ANY (@rows) ORDER BY id FOR UPDATE",
                    new { rows }
                );
                held.SetResult();
                await release.Task;
                return 0;
            },
            Stop
        );
        await held.Task;
        var calls = begin().ToList();
        try
        {
            await Probe.Until(async () =>
                await yard.Database.Read(
                    sql =>
                        sql.Single<long>(
                            """
                            SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
                            WHERE NOT granted AND datname = current_database()
                            """
                        ),
                    Stop
                ) >= Many
            );
        }
        finally
        {
            release.SetResult();
            await holding;
        }
        var answers = await Task.WhenAll(calls);
        return [.. answers.Select(answer => answer.StatusCode)];
    }
}
