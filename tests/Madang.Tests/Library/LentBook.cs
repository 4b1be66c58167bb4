using System.Net;
using System.Text.Json;
using Madang.Library.Lending;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>One book of the yard, and beside it what should be so.</summary>
internal sealed class LentBook(Yard yard, Person[] people, long book)
{
    /// <summary>In the order in which they came.</summary>
    private readonly List<Waiting> holds = [];
    private readonly List<(int Person, long Id)> loans = [];
    private readonly Dictionary<long, int> renewals = [];
    private long stock = 1;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal async Task Borrow(int person)
    {
        var ready = holds.Find(hold => hold.Person == person && hold.IsReady);
        using var answer = await people[person].Borrow(book, 1);
        if (stock == 0 && ready is null)
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            return;
        }
        loans.Add((person, (await answer.Json(HttpStatusCode.Created)).Number("loan_id")));
        stock -= ready is null ? 1 : 0;
        holds.Remove(ready!);
    }

    internal async Task Return(int person, int number)
    {
        if (LoanOf(person, number) is not { } loan)
        {
            return;
        }
        await people[person].Return(loan.Id, new { quantity = 1 }).Is(HttpStatusCode.OK);
        await people[person].Return(loan.Id, new { quantity = 1 }).Is(HttpStatusCode.Conflict);
        loans.Remove(loan);
        stock++;
        Serve();
    }

    /// <summary>On the last day but one, or, by a number, when it is overdue.</summary>
    internal async Task Renew(int person, int number)
    {
        if (LoanOf(person, number) is not { } loan)
        {
            return;
        }
        var isOverdue = number == 3;
        await yard.SetDue(loan.Id, TimeSpan.FromDays(isOverdue ? -1 : 1));
        using var answer = await people[person].Renew(loan.Id);
        if (isOverdue || renewals.GetValueOrDefault(loan.Id) == 2 || holds.Exists(hold => !hold.IsReady))
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            return;
        }
        var renewed = await answer.Json(HttpStatusCode.OK);
        renewals[loan.Id] = renewals.GetValueOrDefault(loan.Id) + 1;
        Assert.Equal(renewals[loan.Id], renewed.Number("renewals"));
        Assert.InRange(
            renewed.GetProperty("due_at").GetDateTimeOffset() - DateTimeOffset.UtcNow,
            TimeSpan.FromDays(13),
            TimeSpan.FromDays(16)
        );
    }

    internal async Task Wait(int person)
    {
        using var answer = await people[person].Hold(book);
        if (stock > 0 || holds.Exists(hold => hold.Person == person) || loans.Exists(loan => loan.Person == person))
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            return;
        }
        holds.Add(new(person, (await answer.Json(HttpStatusCode.Created)).Number("hold_id")));
    }

    internal async Task GiveUp(int person)
    {
        if (holds.Find(hold => hold.Person == person) is not { } hold)
        {
            return;
        }
        await people[person].Client.Send(HttpMethod.Delete, $"/api/v1/holds/{hold.Id}").Is(HttpStatusCode.NoContent);
        End(hold);
        Serve();
    }

    internal async Task Count(int copies)
    {
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{book}", new { stock = copies })
            .Is(HttpStatusCode.OK);
        stock = copies;
        Serve();
    }

    internal async Task Expire()
    {
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    "UPDATE holds SET pick_up_until = @Past WHERE book_id = @book AND ended_at IS NULL AND ready_at IS NOT NULL",
                    new { Past = sql.Now.AddSeconds(-1), book }
                ),
            Stop
        );
        await yard.Get<HoldStore>().Expire(Stop);
        foreach (var hold in holds.Where(hold => hold.IsReady).ToList())
        {
            End(hold);
            Serve();
        }
    }

    internal async Task IsAsItShould()
    {
        Assert.Equal(stock, await yard.Admin.Stock(book));
        foreach (var (person, number) in people.Select((person, number) => (person, number)))
        {
            var all = await (await person.Client.GetAsync("/api/v1/holds", Stop)).Json(HttpStatusCode.OK);
            var told = all.GetProperty("results")
                .EnumerateArray()
                .Where(hold => hold.Number("book_id") == book)
                .Select(hold =>
                    (
                        hold.Number("hold_id"),
                        hold.GetProperty("place") is { ValueKind: JsonValueKind.Number } place
                            ? place.GetInt64()
                            : (long?)null
                    )
                );
            var waiting = holds.Where(hold => !hold.IsReady).ToList();
            var expected = holds
                .Where(hold => hold.Person == number)
                .Select(hold => (hold.Id, hold.IsReady ? null : (long?)(waiting.IndexOf(hold) + 1)));
            Assert.Equal(expected, told);
        }
    }

    /// <summary>The next plan's members begin with nothing.</summary>
    internal async Task Clear()
    {
        foreach (var loan in loans)
        {
            await people[loan.Person].Return(loan.Id, new { quantity = 1 }).Is(HttpStatusCode.OK);
        }
        await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/books/{book}").Is(HttpStatusCode.NoContent);
    }

    private (int Person, long Id)? LoanOf(int person, int number)
    {
        var mine = loans.Where(loan => loan.Person == person).ToList();
        return mine.Count == 0 ? null : mine[number % mine.Count];
    }

    private void End(Waiting hold)
    {
        stock += hold.IsReady ? 1 : 0;
        holds.Remove(hold);
    }

    private void Serve()
    {
        foreach (var hold in holds.Where(hold => !hold.IsReady).Take((int)stock))
        {
            hold.IsReady = true;
            stock--;
        }
    }

    private sealed class Waiting(int person, long id)
    {
        internal int Person => person;

        internal long Id => id;

        internal bool IsReady { get; set; }
    }
}
