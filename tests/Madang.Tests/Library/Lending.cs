using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class LendingOnSqlite(SqliteYard yard) : Lending(yard), IClassFixture<SqliteYard>;

public sealed class LendingOnPostgres(PostgresYard yard) : Lending(yard), IClassFixture<PostgresYard>;

/// <summary>Copies go out and come back, and the stock is right whatever runs at once.</summary>
public abstract class Lending(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_loan_takes_its_copies_and_its_return_gives_them_back_once()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 5))).Number("book_id");
        var me = await yard.SignUp();
        var loan = await (await me.Borrow(book, 2)).Json(HttpStatusCode.Created);
        Assert.Equal((me.Id, book, 2L), (loan.Number("user_id"), loan.Number("book_id"), loan.Number("quantity")));
        Assert.False(loan.GetProperty("is_returned").GetBoolean());
        Assert.InRange(
            loan.GetProperty("due_at").GetDateTimeOffset(),
            DateTimeOffset.UtcNow.AddDays(13),
            DateTimeOffset.UtcNow.AddDays(16)
        );
        Assert.Equal(3, await me.Stock(book));

        var id = loan.Number("loan_id");
        await me.Return(id, new { }).IsBad("quantity");
        await me.Return(id, new { quantity = 1 }).IsBad("quantity");
        await me.Return(id, new { quantity = 0 }).IsBad("quantity");
        Assert.Equal(3, await me.Stock(book));
        var back = await (await me.Return(id, new { quantity = 2 })).Json(HttpStatusCode.OK);
        Assert.True(back.GetProperty("is_returned").GetBoolean());
        Assert.Equal(5, await me.Stock(book));
        await me.Return(id, new { quantity = 2 }).Is(HttpStatusCode.Conflict);
        Assert.Equal(5, await me.Stock(book));
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task What_cannot_be_lent_is_refused_and_changes_nothing()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 30))).Number("book_id");
        var me = await yard.SignUp();
        foreach (var wrong in new object?[] { 0, -1, 31, "two", null, 1.5 })
        {
            await me.Borrow(book, wrong).IsBad("quantity");
        }
        await me.Borrow(long.MaxValue, 1).Is(HttpStatusCode.NotFound);
        await me.Borrow(book, 20).Is(HttpStatusCode.Created);
        await me.Borrow(book, 1).Is(HttpStatusCode.Conflict);
        Assert.Equal(10, await me.Stock(book));
        await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/books/{book}").Is(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_loan_is_its_borrowers_and_the_admins_affair()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var id = (await (await me.Borrow(book, 1)).Json(HttpStatusCode.Created)).Number("loan_id");
        await other.Client.GetAsync($"/api/v1/loans/{id}", Stop).Is(HttpStatusCode.NotFound);
        await other.Return(id, new { quantity = 1 }).Is(HttpStatusCode.NotFound);
        await other.Client.GetAsync($"/api/v1/loans/books/{book}", Stop).Is(HttpStatusCode.Forbidden);
        var mine = await (await other.Client.GetAsync("/api/v1/loans", Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(0, mine.Number("count"));
        var all = await (await yard.Admin.Client.GetAsync($"/api/v1/loans/books/{book}", Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(id, all.GetProperty("results")[0].Number("loan_id"));
        await yard.Admin.Return(id, new { quantity = 1 }).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_twenty_who_borrow_the_last_three_copies_at_once_three_do()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 3))).Number("book_id");
        var people = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => yard.SignUp()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => people[number % 5].Borrow(book, 1)));
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(17, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        Assert.Equal(0, await yard.Admin.Stock(book));
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task Of_eight_who_return_a_loan_at_once_one_does()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 2))).Number("book_id");
        var id = (await (await yard.Admin.Borrow(book, 2)).Json(HttpStatusCode.Created)).Number("loan_id");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => yard.Admin.Return(id, new { quantity = 2 }))
        );
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(2, await yard.Admin.Stock(book));
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task A_member_who_borrows_many_at_once_has_no_more_than_twenty_copies()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 100))).Number("book_id");
        var me = await yard.SignUp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => me.Borrow(book, 3)));
        Assert.Equal(6, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(82, await me.Stock(book));
        await yard.StockIsItsLedger();
    }
}
