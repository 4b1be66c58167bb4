using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class LendingByPageOnSqlite(SqliteYard yard) : LendingByPage(yard), IClassFixture<SqliteYard>;

public sealed class LendingByPageOnPostgres(PostgresYard yard) : LendingByPage(yard), IClassFixture<PostgresYard>;

/// <summary>The same by the pages' buttons, the librarian's desk, and the calendar at its secret address.</summary>
public abstract partial class LendingByPage(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_borrows_renews_and_brings_back_by_one_button_each()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook())).Number("book_id");
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        Assert.Equal("/library/loans?done=borrowed", await GoesTo(browser, $"/library/books/{book}/borrow"));
        var loan = await LoanOf(me);
        Assert.Equal("/library/loans?done=renewed", await GoesTo(browser, $"/library/loans/{loan}/renew"));
        Assert.Equal("/library/loans?done=returned", await GoesTo(browser, $"/library/loans/{loan}/return"));
        Assert.Equal(1, await me.Stock(book));
        using var again = await browser.Post("/library/loans", $"/library/loans/{loan}/return");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("role=\"alert\"", await again.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        using var anothers = await (await new Browser(yard).SignIn(await yard.SignUp())).Post(
            "/library/loans",
            $"/library/loans/{loan}/return"
        );
        Assert.Equal(HttpStatusCode.NotFound, anothers.StatusCode);
    }

    [Fact]
    public async Task A_button_that_is_pressed_again_before_its_page_is_left_lends_one_copy()
    {
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 9))).Number("book_id");
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        await GoesTo(browser, $"/library/books/{book}/borrow", ("mine", "0"));
        await GoesTo(browser, $"/library/books/{book}/borrow", ("mine", "0"));
        Assert.Equal(8, await me.Stock(book));
        // Who sees that he has one, and wants another.
        var pressed = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => GoesTo(browser, $"/library/books/{book}/borrow", ("mine", "1")))
        );
        Assert.All(pressed, place => Assert.Equal("/library/loans?done=borrowed", place));
        Assert.Equal(7, await me.Stock(book));
        using var page = await browser.Send(HttpMethod.Get, $"/library/books/{book}");
        Assert.Contains(
            "name=\"mine\" value=\"2\"",
            await page.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
        await yard.StockIsItsLedger();
    }

    [Fact]
    public async Task What_is_put_aside_is_borrowed_once_and_told_at_the_desk_for_the_return_that_brought_it()
    {
        var (reader, waiting) = (await yard.SignUp(), await yard.SignUp("줄 선 사람"));
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 2))).Number("book_id");
        await reader.Borrow(book, 1).Is(HttpStatusCode.Created);
        var first = await LoanOf(reader);
        await reader.Borrow(book, 1).Is(HttpStatusCode.Created);
        var second = await LoanOf(reader);
        await waiting.Hold(book).Is(HttpStatusCode.Created);
        var desk = await new Browser(yard).SignIn(yard.Admin);
        foreach (var (loan, isAside) in new[] { (first, true), (second, false) })
        {
            await desk.Post("/library/desk", $"/library/desk/loans/{loan}/return");
            using var page = await desk.Send(HttpMethod.Get, $"/library/desk?back={loan}");
            var notices = (await page.Content.ReadAsStringAsync(Stop)).Split("<form")[0];
            Assert.Equal(isAside, notices.Contains("줄 선 사람", StringComparison.Ordinal));
        }
        var browser = await new Browser(yard).SignIn(waiting);
        using var loans = await browser.Send(HttpMethod.Get, "/library/loans");
        var form = (await loans.Content.ReadAsStringAsync(Stop)).Split($"action=\"/library/books/{book}/borrow\"")[1];
        Assert.Contains("name=\"mine\" value=\"0\"", form.Split("</form>")[0], StringComparison.Ordinal);
        await GoesTo(browser, $"/library/books/{book}/borrow", ("mine", "0"));
        await GoesTo(browser, $"/library/books/{book}/borrow", ("mine", "0"));
        Assert.Equal(1, await waiting.Stock(book));
    }

    [Fact]
    public async Task At_the_desk_a_librarian_takes_back_what_anybody_has_and_nobody_else_does()
    {
        var added = await yard.Admin.AddBook(LibraryCalls.NewBook("두 사람의 책", 2));
        var (book, isbn) = (added.Number("book_id"), added.Text("isbn")!);
        var (one, two) = (await yard.SignUp(), await yard.SignUp());
        await one.Borrow(book, 1).Is(HttpStatusCode.Created);
        await two.Borrow(book, 1).Is(HttpStatusCode.Created);
        var member = await new Browser(yard).SignIn(one);
        using var closed = await member.Post("/library/loans", "/library/desk/return", ("isbn", isbn));
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);

        var desk = await new Browser(yard).SignIn(yard.Admin);
        using var whose = await desk.Post("/library/desk", "/library/desk/return", ("isbn", isbn));
        Assert.Equal(0, await one.Stock(book));
        var loan = await LoanOf(two);
        Assert.Contains(
            $"/library/desk/loans/{loan}/return",
            await whose.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
        await desk.Post("/library/desk", $"/library/desk/loans/{loan}/return");
        Assert.Equal(1, await one.Stock(book));
        var told = $"/library/desk?back={await LoanOf(one)}";
        Assert.Equal(told, await GoesTo(desk, "/library/desk/return", ("isbn", isbn)));
        using var page = await desk.Send(HttpMethod.Get, told);
        Assert.Contains("두 사람의 책", await page.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(2, await one.Stock(book));
        using var nobody = await desk.Post("/library/desk", "/library/desk/return", ("isbn", isbn));
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        Assert.Equal($"/library/books/{book}", await GoesTo(desk, "/library/desk/find", ("isbn", isbn)));
        var unknown = LibraryCalls.NewIsbn();
        var adding = $"/library/books/new?isbn={unknown}";
        Assert.Equal(adding, await GoesTo(desk, "/library/desk/find", ("isbn", unknown)));
        using var form = await desk.Send(HttpMethod.Get, adding);
        Assert.Contains($"value=\"{unknown}\"", await form.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calendar_is_read_at_a_secret_address_until_it_ends()
    {
        var title = "아주 긴 제목, 쉼표와; 세미콜론과 \\ 빗금이 있고 칠십오 옥텟보다 훨씬 더 긴 이야기";
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(title))).Number("book_id");
        var me = await yard.SignUp();
        await me.Borrow(book, 1).Is(HttpStatusCode.Created);
        var url = (await (await me.Client.Send(HttpMethod.Put, "/api/v1/loans/calendar")).Json(HttpStatusCode.OK)).Text(
            "url"
        )!;
        var token = CalendarToken().Match(url).Groups[1].Value;
        Assert.Equal(22, token.Length);
        using var answer = await yard.Anonymous.GetAsync(url, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/calendar", answer.Content.Headers.ContentType?.MediaType);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Stop);
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.All(text.Split("\r\n"), line => Assert.True(System.Text.Encoding.UTF8.GetByteCount(line) <= 75, line));
        var unfolded = text.Replace("\r\n ", "", StringComparison.Ordinal);
        Assert.Contains(
            title
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace(",", "\\,", StringComparison.Ordinal)
                .Replace(";", "\\;", StringComparison.Ordinal),
            unfolded,
            StringComparison.Ordinal
        );
        Assert.Single(DayStart().Matches(unfolded));

        var kept = await yard.Database.Read(
            sql => sql.Query<byte[]>("SELECT token_hash FROM library_calendars WHERE user_id = @Id", new { me.Id }),
            Stop
        );
        Assert.Equal(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)),
            Assert.Single(kept)
        );
        var newer = (
            await (await me.Client.Send(HttpMethod.Put, "/api/v1/loans/calendar")).Json(HttpStatusCode.OK)
        ).Text("url")!;
        await yard.Anonymous.GetAsync(url, Stop).Is(HttpStatusCode.NotFound);
        await me.Client.Send(HttpMethod.Delete, "/api/v1/loans/calendar").Is(HttpStatusCode.NoContent);
        await yard.Anonymous.GetAsync(newer, Stop).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_calendars_secret_is_in_no_line_of_the_log_even_when_reading_it_fails()
    {
        var me = await yard.SignUp();
        var url = (await (await me.Client.Send(HttpMethod.Put, "/api/v1/loans/calendar")).Json(HttpStatusCode.OK)).Text(
            "url"
        )!;
        using var log = new LoggedLines();
        yard.Get<Microsoft.Extensions.Logging.ILoggerFactory>().AddProvider(log);
        await yard.Database.Write(sql => sql.Execute("ALTER TABLE library_calendars RENAME TO away"), Stop);
        try
        {
            await yard.Anonymous.GetAsync(url, Stop).Is(HttpStatusCode.InternalServerError);
        }
        finally
        {
            await yard.Database.Write(sql => sql.Execute("ALTER TABLE away RENAME TO library_calendars"), Stop);
        }
        var token = CalendarToken().Match(url).Groups[1].Value;
        Assert.Contains(log.Lines, line => line.Level == Microsoft.Extensions.Logging.LogLevel.Error);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains(token, StringComparison.Ordinal));
    }

    private static async Task<string?> GoesTo(Browser browser, string action, params (string, string)[] fields)
    {
        using var answer = await browser.Post("/library/loans", action, fields);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location?.OriginalString;
    }

    private static async Task<long> LoanOf(Person person) =>
        (await (await person.Client.GetAsync("/api/v1/loans", Stop)).Json(HttpStatusCode.OK))
            .GetProperty("results")[0]
            .Number("loan_id");

    [GeneratedRegex(@"/library/calendar/([^.]*)\.ics$")]
    private static partial Regex CalendarToken();

    [GeneratedRegex(@"DTSTART;VALUE=DATE:\d{8}\r\n")]
    private static partial Regex DayStart();
}
