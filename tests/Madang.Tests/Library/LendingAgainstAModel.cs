using FsCheck;
using FsCheck.Fluent;
using Madang.Library.Lending;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class LendingAgainstAModelOnSqlite(SqliteYard yard)
    : LendingAgainstAModel(yard),
        IClassFixture<SqliteYard>;

public sealed class LendingAgainstAModelOnPostgres(PostgresYard yard)
    : LendingAgainstAModel(yard),
        IClassFixture<PostgresYard>;

/// <summary>
/// Three members borrow, bring back, renew, wait and give up, copies come and go, and holds expire, in random order: each answer, the stock and
/// everybody's place are what a model of one shelf says, and the ledger agrees in the end.
/// </summary>
public abstract class LendingAgainstAModel(Yard yard)
{
    private const int Plans = 12;
    private const int Steps = 25;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private enum Deed
    {
        Borrow,
        Return,
        Renew,
        Wait,
        GiveUp,
        Count,
        Expire,
    }

    [Fact]
    public async Task Whatever_happens_in_whichever_order_the_copies_are_where_they_should_be()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => yard.SignUp()));
        Prop.ForAll(
                (
                    from deed in Gen.Elements(Enum.GetValues<Deed>())
                    from person in Gen.Choose(0, people.Length - 1)
                    from number in Gen.Choose(0, 3)
                    select (Deed: deed, Person: person, Number: number)
                )
                    .ListOf(Steps)
                    .ToArbitrary(),
                steps => Run(people, steps).GetAwaiter().GetResult()
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Plans));
        var audit = await yard.Get<LedgerAudit>().Run(null, Stop);
        Assert.Empty(audit.Disagreements);
        Assert.True(audit.Books >= Plans);
    }

    private async Task<bool> Run(Person[] people, IEnumerable<(Deed Deed, int Person, int Number)> steps)
    {
        var shelf = new LentBook(
            yard,
            people,
            (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 1))).Number("book_id")
        );
        try
        {
            foreach (var (deed, person, number) in steps)
            {
                await (
                    deed switch
                    {
                        Deed.Borrow => shelf.Borrow(person),
                        Deed.Return => shelf.Return(person, number),
                        Deed.Renew => shelf.Renew(person, number),
                        Deed.Wait => shelf.Wait(person),
                        Deed.GiveUp => shelf.GiveUp(person),
                        Deed.Count => shelf.Count(number),
                        _ => shelf.Expire(),
                    }
                );
                await shelf.IsAsItShould();
            }
            return true;
        }
        finally
        {
            await shelf.Clear();
        }
    }
}
