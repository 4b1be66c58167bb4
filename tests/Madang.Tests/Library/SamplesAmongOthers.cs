using System.Net;
using Madang.Foundation.Samples;
using Madang.Library.Lending;
using Madang.Library.Samples;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class SamplesAmongOthersOnSqlite(SqliteYard yard) : SamplesAmongOthers(yard), IClassFixture<SqliteYard>;

public sealed class SamplesAmongOthersOnPostgres(PostgresYard yard)
    : SamplesAmongOthers(yard),
        IClassFixture<PostgresYard>
{
    [Fact]
    public async Task Who_adds_them_or_takes_them_away_waits_until_nobody_else_does()
    {
        var one = await yard.SignUp();
        Assert.Equal(24, await Behind(() => Add(one)));
        Assert.Equal(24, await Behind(() => Samples.Remove(one.Id, Stop)));
    }

    /// <returns>What comes of it once somebody else's write of samples is over.</returns>
    private async Task<int> Behind(Func<Task<int>> begin)
    {
        Task<int>? begun = null;
        await yard.Database.Write(
            async sql =>
            {
                await Thing.TakeTurn(sql);
                begun ??= begin();
                await Probe.Until(async () =>
                    await Number(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
                    ) > 0
                );
                return 0;
            },
            Stop
        );
        return await begun!;
    }
}

/// <summary>Samples are added and taken away while others use the library, and while others add them.</summary>
public abstract class SamplesAmongOthers(Yard yard)
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected LibrarySamples Samples =>
        yard.Server.App.Services.GetServices<ISampleSource>().OfType<LibrarySamples>().Single();

    [Fact]
    public async Task Who_waits_behind_a_made_up_hold_that_is_ready_gets_the_copy()
    {
        var (one, other, member) = (await yard.SignUp(), await yard.SignUp(), await yard.SignUp());
        await Add(one, other);
        var open = await yard.Database.Read(
            sql =>
                sql.Single<OpenLoan>(
                    "SELECT loans.id, book_id FROM loans JOIN holds USING (book_id) WHERE returned_at IS NULL AND ended_at IS NULL"
                ),
            Stop
        );
        await yard.Admin.Return(open.Id, new { quantity = 1 }).Is(HttpStatusCode.OK);
        await member.Hold(open.BookId).Is(HttpStatusCode.Created);

        Assert.Equal(23, await Samples.Remove(yard.Admin.Id, Stop));
        using var holds = await member.Client.GetAsync("/api/v1/holds", Stop);
        var hold = (await holds.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray().Single();
        Assert.NotNull(hold.GetProperty("pick_up_until").GetString());
        Assert.Empty((await yard.Get<LedgerAudit>().Run(null, Stop)).Disagreements);
        await member
            .Client.Send(HttpMethod.Delete, $"/api/v1/holds/{hold.Number("hold_id")}")
            .Is(HttpStatusCode.NoContent);
        await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/books/{open.BookId}").Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Several_who_add_them_at_once_add_them_once_and_several_may_take_them_away()
    {
        var (one, other) = (await yard.SignUp(), await yard.SignUp());
        var added = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Add(one, other))));
        Assert.Equal(24, added.Sum());
        Assert.Equal(3, await Number("SELECT count(*) FROM loans"));
        Assert.Equal(1, await Number("SELECT count(*) FROM holds WHERE ended_at IS NULL"));
        Assert.Empty((await yard.Get<LedgerAudit>().Run(null, Stop)).Disagreements);
        var removed = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => Samples.Remove(one.Id, Stop)))
        );
        Assert.Equal(24, removed.Sum());
        Assert.Equal(0, await Number("SELECT count(*) FROM library_samples"));
        Assert.Empty((await yard.Get<LedgerAudit>().Run(null, Stop)).Disagreements);
    }

    [Fact]
    public async Task What_was_lent_before_one_broke_off_is_not_lent_again()
    {
        var (one, other) = (await yard.SignUp(), await yard.SignUp());
        await Add(one, other);
        // As it stands when the process is killed before the last part.
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    "DELETE FROM library_samples WHERE thing = @History OR thing = @Hold",
                    new { Thing.History, Thing.Hold }
                ),
            Stop
        );
        await yard.Database.Write(
            sql => sql.Execute("UPDATE holds SET ended_at = @Now WHERE ended_at IS NULL", new { sql.Now }),
            Stop
        );
        Assert.Equal(0, await Add(one, other));
        Assert.Equal(3, await Number("SELECT count(*) FROM loans"));
        Assert.Equal(1, await Number("SELECT count(*) FROM holds WHERE ended_at IS NULL"));
        Assert.Equal(24, await Samples.Remove(one.Id, Stop));
    }

    private protected Task<int> Add(params Person[] people) =>
        Samples.Add(
            [.. people.Select(person => new SamplePerson(person.Id, "ko"))],
            SampleSize.Few,
            (_, _) => { },
            Stop
        );

    protected Task<long> Number(string text) => yard.Database.Read(sql => sql.Single<long>(text), Stop);

    private sealed record OpenLoan
    {
        public required long Id { get; init; }
        public required long BookId { get; init; }
    }
}
