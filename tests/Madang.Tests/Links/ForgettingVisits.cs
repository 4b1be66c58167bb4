using System.Net;
using Madang.Links.Counting;
using Madang.Links.Leaving;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

[Collection(nameof(SharedSqliteYard))]
public sealed class ForgettingVisitsOnSqlite(SqliteYard yard) : ForgettingVisits(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ForgettingVisitsOnPostgres(PostgresYard yard) : ForgettingVisits(yard);

/// <summary>The visits of a link that is no more.</summary>
public abstract class ForgettingVisits(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_after_its_link_was_deleted_what_was_summed_up_goes_and_nothing_else()
    {
        var (_, link) = await NewLink();
        var (deleted, gone) = await NewLink();
        var (recent, kept) = await NewLink();
        var agent = new Agent(false, "Firefox", "", "");
        foreach (var one in new[] { link, gone, kept })
        {
            // More than one short write takes away.
            var visits = Enumerable
                .Range(0, 1_100)
                .Select(number => new Visit(
                    one,
                    1_700_000_000_000_000L + (number * 900_000_000L),
                    false,
                    agent,
                    "",
                    "",
                    "",
                    0,
                    true
                ));
            await yard.Get<VisitStore>().WriteWithSums([.. visits]);
        }
        foreach (var (slug, days) in new[] { (deleted, 2), (recent, 0) })
        {
            await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/links/{slug}").Is(HttpStatusCode.NoContent);
            await yard.Database.Write(
                sql =>
                    sql.Execute(
                        "UPDATE links SET deleted_at = @At WHERE slug = @slug",
                        new { slug, At = sql.Now.AddDays(-days) }
                    ),
                Stop
            );
        }
        await yard.Get<LinkHousework>().Tidy(Stop);

        Assert.Equal((0, 0), (await Lines("link_totals", gone), await Lines("link_details", gone)));
        foreach (var one in new[] { link, kept })
        {
            Assert.InRange(await Lines("link_totals", one), 1_100, 2_200);
            Assert.InRange(await Lines("link_details", one), 1_100, 2_200);
        }
    }

    private async Task<(string Slug, long Link)> NewLink()
    {
        var slug = await yard.Admin.Slug();
        return (slug, await yard.LinkId(slug));
    }

    private Task<long> Lines(string table, long link) =>
        yard.Database.Read(
            sql => sql.Single<long>($"SELECT count(*) FROM {table} WHERE link_id = @link", new { link }),
            Stop
        );
}
