using System.Net;
using System.Text.Json;
using Madang.Library.Lending;
using Madang.Library.Telling;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class WaitingForBooksOnSqlite(SqliteYard yard) : WaitingForBooks(yard), IClassFixture<SqliteYard>;

public sealed class WaitingForBooksOnPostgres(PostgresYard yard) : WaitingForBooks(yard), IClassFixture<PostgresYard>;

/// <summary>Whoever waits gets the next copy, first come, first served, and whoever has one keeps it longer unless somebody waits.</summary>
public abstract class WaitingForBooks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_that_comes_back_is_put_aside_for_who_waits_longest_and_for_nobody_else()
    {
        var (reader, first, second) = (await yard.SignUp(), await yard.SignUp(), await yard.SignUp());
        var (book, loan) = await LentBy(reader);
        var holds = new[] { await Hold(first, book), await Hold(second, book) };
        Assert.Equal([1L, 2L], holds.Select(hold => hold.Number("place")));
        Assert.Null(holds[0].Text("pick_up_until"));

        await reader.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK);
        Assert.Equal(0, await reader.Stock(book));
        var ready = await Read(first, holds[0]);
        Assert.Equal(JsonValueKind.Null, ready.GetProperty("place").ValueKind);
        Assert.InRange(
            ready.GetProperty("pick_up_until").GetDateTimeOffset(),
            DateTimeOffset.UtcNow.AddDays(2),
            DateTimeOffset.UtcNow.AddDays(5)
        );
        Assert.Equal(1, (await Read(second, holds[1])).Number("place"));
        await reader.Borrow(book, 1).IsBad("quantity");
        await second.Borrow(book, 1).IsBad("quantity");
        await first.Borrow(book, 2).IsBad("quantity");
        Assert.Equal(JsonValueKind.String, (await Read(first, holds[0])).GetProperty("pick_up_until").ValueKind);

        var taken = await (await first.Borrow(book, 1)).Json(HttpStatusCode.Created);
        await first.Client.GetAsync(Path(holds[0]), Stop).Is(HttpStatusCode.NotFound);
        await first.Return(taken.Number("loan_id"), new { quantity = 1 }).Is(HttpStatusCode.OK);
        Assert.NotNull((await Read(second, holds[1])).Text("pick_up_until"));
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task Who_gives_up_or_does_not_come_lets_the_next_in()
    {
        var (reader, first, second, third) = (
            await yard.SignUp(),
            await yard.SignUp(),
            await yard.SignUp(),
            await yard.SignUp()
        );
        var (book, loan) = await LentBy(reader);
        var holds = new[] { await Hold(first, book), await Hold(second, book), await Hold(third, book) };
        await reader.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK);
        await second.Client.Send(HttpMethod.Delete, Path(holds[0])).Is(HttpStatusCode.NotFound);
        await first.Client.Send(HttpMethod.Delete, Path(holds[0])).Is(HttpStatusCode.NoContent);
        Assert.NotNull((await Read(second, holds[1])).Text("pick_up_until"));

        await yard.Database.Write(
            sql =>
                sql.Execute(
                    "UPDATE holds SET pick_up_until = @Past WHERE id = @Id",
                    new { Past = sql.Now.AddSeconds(-1), Id = holds[1].Number("hold_id") }
                ),
            Stop
        );
        await yard.Get<HoldStore>().Expire(Stop);
        await second.Client.GetAsync(Path(holds[1]), Stop).Is(HttpStatusCode.NotFound);
        Assert.NotNull((await Read(third, holds[2])).Text("pick_up_until"));
        await third.Client.Send(HttpMethod.Delete, Path(holds[2])).Is(HttpStatusCode.NoContent);
        Assert.Equal(1, await reader.Stock(book));
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task New_copies_go_to_those_who_wait_before_anybody_can_borrow_them()
    {
        var (first, second) = (await yard.SignUp(), await yard.SignUp());
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 0))).Number("book_id");
        var holds = new[] { await Hold(first, book), await Hold(second, book) };
        var now = await (
            await yard.Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{book}", new { stock = 3 })
        ).Json(HttpStatusCode.OK);
        Assert.Equal(1, now.Number("stock"));
        Assert.NotNull((await Read(first, holds[0])).Text("pick_up_until"));
        Assert.NotNull((await Read(second, holds[1])).Text("pick_up_until"));
        await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/books/{book}").Is(HttpStatusCode.NoContent);
        await first.Client.GetAsync(Path(holds[0]), Stop).Is(HttpStatusCode.NotFound);
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task Nobody_waits_for_what_he_has_or_can_have_or_waits_for_already_or_for_too_much()
    {
        var (reader, other) = (await yard.SignUp(), await yard.SignUp());
        var (book, _) = await LentBy(reader);
        var inStock = (await yard.Admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        await reader.Hold(book).Is(HttpStatusCode.Conflict);
        await other.Hold(inStock).Is(HttpStatusCode.Conflict);
        await other.Hold(long.MaxValue).Is(HttpStatusCode.NotFound);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => other.Hold(book)));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        for (var more = 1; more < 10; more++)
        {
            await Hold(other, (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 0))).Number("book_id"));
        }
        var last = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 0))).Number("book_id");
        await other.Hold(last).Is(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_loan_is_renewed_twice_and_not_while_somebody_waits_nor_once_it_is_overdue()
    {
        var (reader, other) = (await yard.SignUp(), await yard.SignUp());
        var (book, loan) = await LentBy(reader);
        await other.Renew(loan).Is(HttpStatusCode.NotFound);
        await SetDue(loan, 1);
        var renewed = await (await reader.Renew(loan)).Json(HttpStatusCode.OK);
        Assert.Equal(1, renewed.Number("renewals"));
        Assert.InRange(
            renewed.GetProperty("due_at").GetDateTimeOffset(),
            DateTimeOffset.UtcNow.AddDays(13),
            DateTimeOffset.UtcNow.AddDays(16)
        );
        // A second click gains no day, and costs no renewal.
        Assert.Equal(1, (await (await reader.Renew(loan)).Json(HttpStatusCode.OK)).Number("renewals"));
        var hold = await Hold(other, book);
        await reader.Renew(loan).Is(HttpStatusCode.Conflict);
        await other.Client.Send(HttpMethod.Delete, Path(hold)).Is(HttpStatusCode.NoContent);
        await SetDue(loan, -1);
        var overdue = await (await reader.Client.GetAsync($"/api/v1/loans/{loan}", Stop)).Json(HttpStatusCode.OK);
        Assert.True(overdue.GetProperty("is_overdue").GetBoolean());
        await reader.Renew(loan).Is(HttpStatusCode.Conflict);
        await SetDue(loan, 1);
        await reader.Renew(loan).Is(HttpStatusCode.OK);
        await SetDue(loan, 1);
        await reader.Renew(loan).Is(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Who_leaves_waits_no_more_and_what_he_has_stays_out_until_it_is_taken_back()
    {
        var (leaving, next) = (await yard.SignUp(), await yard.SignUp());
        var (his, loan) = await LentBy(leaving);
        var (book, other) = await LentBy(await yard.SignUp());
        await Hold(leaving, book);
        var hold = await Hold(next, book);
        var calendar = (
            await (await leaving.Client.Send(HttpMethod.Put, "/api/v1/loans/calendar")).Json(HttpStatusCode.OK)
        ).Text("url");
        await leaving.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.NoContent);
        await yard.Anonymous.GetAsync(calendar, Stop).Is(HttpStatusCode.NotFound);
        await Probe.Until(async () => (await Read(next, hold)).Number("place") == 1);
        await yard.SetDue(loan, TimeSpan.FromDays(-1));
        await yard.Get<LoanReminders>().Tidy(Stop);
        var told = await yard.Database.Read(
            sql => sql.Query<string>("SELECT payload FROM events WHERE type = 'loan_overdue'"),
            Stop
        );
        Assert.DoesNotContain(
            told,
            payload => payload.Contains($"\"user_id\":{leaving.Id},", StringComparison.Ordinal)
        );
        Assert.Equal(0, await next.Stock(his));
        await yard.Admin.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK);
        await yard.Admin.Return(other, new { quantity = 1 }).Is(HttpStatusCode.OK);
        Assert.Equal((1L, 0L), (await next.Stock(his), await next.Stock(book)));
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task Of_many_who_borrow_return_wait_and_give_up_at_once_none_gets_a_copy_that_is_anothers()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => yard.SignUp()));
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 2))).Number("book_id");
        await Task.WhenAll(
            people.Select(
                async (person, at) =>
                {
                    for (var turn = 0; turn < 6; turn++)
                    {
                        using var lent = await person.Borrow(book, 1);
                        if (lent.StatusCode == HttpStatusCode.Created)
                        {
                            var loan = (await lent.Json(HttpStatusCode.Created)).Number("loan_id");
                            await person.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK);
                            continue;
                        }
                        using var held = await person.Hold(book);
                        if (held.StatusCode == HttpStatusCode.Created && (turn + at) % 2 == 0)
                        {
                            var hold = await held.Json(HttpStatusCode.Created);
                            await person.Client.Send(HttpMethod.Delete, Path(hold)).Is(HttpStatusCode.NoContent);
                        }
                    }
                }
            )
        );
        await yard.StockIsItsLedger();
        var ready = await yard.Database.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM holds WHERE book_id = @book AND ended_at IS NULL AND ready_at IS NOT NULL",
                    new { book }
                ),
            Stop
        );
        Assert.Equal(2, await yard.Admin.Stock(book) + ready);
    }

    private async Task<(long Book, long Loan)> LentBy(Person reader)
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        return (book, (await (await reader.Borrow(book, 1)).Json(HttpStatusCode.Created)).Number("loan_id"));
    }

    private static async Task<JsonElement> Hold(Person person, long book) =>
        await (await person.Hold(book)).Json(HttpStatusCode.Created);

    private static string Path(JsonElement hold) => $"/api/v1/holds/{hold.Number("hold_id")}";

    private static async Task<JsonElement> Read(Person person, JsonElement hold) =>
        await (await person.Client.GetAsync(Path(hold), Stop)).Json(HttpStatusCode.OK);

    private Task SetDue(long loan, int days) => yard.SetDue(loan, TimeSpan.FromDays(days));
}
