using System.Net;
using Madang.Library.Telling;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class TellingBorrowersOnSqlite(SqliteYard yard) : TellingBorrowers(yard), IClassFixture<SqliteYard>;

public sealed class TellingBorrowersOnPostgres(PostgresYard yard) : TellingBorrowers(yard), IClassFixture<PostgresYard>;

/// <summary>Members are told once of what is due, overdue or ready, by events that other rooms can hear too.</summary>
public abstract class TellingBorrowers(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_due_in_two_days_is_told_once_and_again_after_a_renewal()
    {
        var (reader, loan, title) = await Lent();
        await yard.SetDue(loan, TimeSpan.FromDays(3));
        await yard.Get<LoanReminders>().Tidy(Stop);
        Assert.Equal(0, await Events("loan_due_soon", loan));

        await yard.SetDue(loan, TimeSpan.FromDays(1.9));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => yard.Get<LoanReminders>().Tidy(Stop)));
        Assert.Equal(1, await Events("loan_due_soon", loan));
        await Probe.Until(async () => (await Home(reader)).Contains(title, StringComparison.Ordinal));

        await reader.Renew(loan).Is(HttpStatusCode.OK);
        Assert.DoesNotContain(title, await Home(reader), StringComparison.Ordinal);
        await yard.SetDue(loan, TimeSpan.FromDays(1));
        await yard.Get<LoanReminders>().Tidy(Stop);
        Assert.Equal(2, await Events("loan_due_soon", loan));
    }

    [Fact]
    public async Task What_is_overdue_is_told_until_it_is_back_or_the_notice_is_put_away()
    {
        var (reader, loan, title) = await Lent();
        await yard.SetDue(loan, TimeSpan.FromMinutes(-1));
        await yard.Get<LoanReminders>().Tidy(Stop);
        await yard.Get<LoanReminders>().Tidy(Stop);
        Assert.Equal((1, 0), (await Events("loan_overdue", loan), await Events("loan_due_soon", loan)));
        await Probe.Until(async () => (await Home(reader)).Contains(title, StringComparison.Ordinal));

        var other = await yard.SignUp();
        var id = await yard.Database.Read(
            sql => sql.Single<long>("SELECT id FROM library_notices WHERE loan_id = @loan", new { loan }),
            Stop
        );
        await new Browser(yard).SignIn(other).Dismiss(id);
        Assert.Contains(title, await Home(reader), StringComparison.Ordinal);
        await new Browser(yard).SignIn(reader).Dismiss(id);
        Assert.DoesNotContain(title, await Home(reader), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_overdue_for_long_is_told_on_and_forgotten_once_it_is_back()
    {
        var (reader, loan, title) = await Lent();
        await yard.SetDue(loan, TimeSpan.FromDays(-100));
        await yard.Get<LoanReminders>().Tidy(Stop);
        await Probe.Until(async () => (await Home(reader)).Contains(title, StringComparison.Ordinal));
        await yard.Get<LoanReminders>().Tidy(Stop);
        Assert.Contains(title, await Home(reader), StringComparison.Ordinal);
        await reader.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK);
        await yard.Get<LoanReminders>().Tidy(Stop);
        Assert.Equal(
            0,
            await yard.Database.Read(
                sql => sql.Single<long>("SELECT count(*) FROM library_notices WHERE loan_id = @loan", new { loan }),
                Stop
            )
        );
    }

    [Fact]
    public async Task Who_waited_is_told_that_a_copy_is_put_aside()
    {
        var (reader, loan, title) = await Lent();
        var other = await yard.SignUp();
        var book = (await (await reader.Client.GetAsync($"/api/v1/loans/{loan}", Stop)).Json(HttpStatusCode.OK)).Number(
            "book_id"
        );
        var hold = (await (await other.Hold(book)).Json(HttpStatusCode.Created)).Number("hold_id");
        await reader.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK);
        Assert.Equal(1, await Events("hold_ready", hold));
        await Probe.Until(async () => (await Home(other)).Contains(title, StringComparison.Ordinal));
        await other.Borrow(book, 1).Is(HttpStatusCode.Created);
        Assert.DoesNotContain(title, await Home(other), StringComparison.Ordinal);
    }

    /// <returns>What stands in the notices of one's loans page, which home shows alike.</returns>
    private async Task<string> Home(Person person)
    {
        var browser = await new Browser(yard).SignIn(person);
        using var answer = await browser.Send(HttpMethod.Get, "/library/loans");
        var page = await answer.Content.ReadAsStringAsync(Stop);
        return string.Join('\n', page.Split("<form class=\"notice").Skip(1).Select(part => part.Split("</form>")[0]));
    }

    private async Task<(Person Reader, long Loan, string Title)> Lent()
    {
        var title = $"알림 {Guid.NewGuid():N}";
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(title))).Number("book_id");
        var reader = await yard.SignUp();
        return (reader, (await (await reader.Borrow(book, 1)).Json(HttpStatusCode.Created)).Number("loan_id"), title);
    }

    private Task<int> Events(string type, long about) =>
        yard.Database.Read(
            async sql =>
                (await sql.Query<string>("SELECT payload FROM events WHERE type = @type", new { type })).Count(
                    payload =>
                        payload.Contains($"_id\":{about},", StringComparison.Ordinal)
                        && payload.StartsWith(
                            $"{{\"{(type == "hold_ready" ? "hold" : "loan")}_id\":{about},",
                            StringComparison.Ordinal
                        )
                ),
            Stop
        );
}

/// <summary>Puts notices away.</summary>
file static class Notices
{
    internal static async Task Dismiss(this Task<Browser> browser, long id)
    {
        using var answer = await (await browser).Post("/library/loans", $"/library/notices/{id}/dismiss");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }
}
