using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Operation;

public sealed class TellingHealthOnSqlite() : TellingHealth(NewYards.OnSqlite);

public sealed class TellingHealthOnPostgres(PostgresServer postgres) : TellingHealth(NewYards.OnPostgres(postgres))
{
    [Fact]
    public async Task Without_its_database_it_is_unready_requests_are_told_to_come_back_and_it_recovers_by_itself()
    {
        await using var yard = await NewYards.OnPostgres(Postgres).Start();
        var me = await yard.SignUp();
        var name = await yard.Database.Read(sql => sql.Single<string>("SELECT current_database()"), Stop);
        await Postgres.Close(name);

        await IsUnready(yard, "away");
        using var answer = await me.Client.GetAsync("/api/v1/memos", Stop);
        await answer.Problem(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await yard.Anonymous.GetAsync("/health/live", Stop)).StatusCode);

        await Postgres.Open(name);
        await Probe.Until(async () => (await yard.Anonymous.GetAsync("/health/ready", Stop)).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, (await me.Client.GetAsync("/api/v1/memos", Stop)).StatusCode);
    }

    private PostgresServer Postgres { get; } = postgres;
}

public abstract class TellingHealth(NewYard yards)
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_can_serve_is_ready()
    {
        await using var yard = await yards.Start();
        var ready = await Told(yard, "ok");
        Assert.Equal("ready", ready.Text("status"));
        Assert.Equal("ok", ready.Text("migrations"));
        foreach (var path in new[] { "/health/live", "/api/v1/common/health-check" })
        {
            var alive = await yard.Anonymous.GetAsync(path, Stop);
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
            Assert.Empty(await alive.Content.ReadAsByteArrayAsync(Stop));
        }
    }

    [Fact]
    public async Task A_schema_that_lacks_a_script_or_was_contracted_beyond_this_release_makes_it_unready()
    {
        await using var yard = await yards.Start();
        await yard.Database.Write(sql => sql.Execute("DELETE FROM schema_scripts WHERE number = 2"), Stop);
        Assert.Equal("pending", (await IsUnready(yard, "ok")).Text("migrations"));

        await yard.Database.Write(
            sql =>
                sql.Execute(
                    """
                    INSERT INTO schema_scripts (room, number, name, checksum, oldest_release, applied_at)
                    VALUES ('memos', 99, 'gone', '', '99.0.0', @Now)
                    """,
                    new { sql.Now }
                ),
            Stop
        );
        Assert.Equal("unfit", (await IsUnready(yard, "ok")).Text("migrations"));
    }

    private protected static async Task<System.Text.Json.JsonElement> IsUnready(Yard yard, string database)
    {
        var unready = await Told(yard, database);
        Assert.Equal("unready", unready.Text("status"));
        return unready;
    }

    /// <summary>A database that takes more than two seconds counts as away, which on a busy machine may be so for a moment.</summary>
    private static async Task<System.Text.Json.JsonElement> Told(Yard yard, string database)
    {
        System.Text.Json.JsonElement told = default;
        await Probe.Until(async () =>
        {
            using var answer = await yard.Anonymous.GetAsync("/health/ready", Stop);
            told = System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop));
            Assert.Equal(
                told.Text("status") == "ready" ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable,
                answer.StatusCode
            );
            return told.Text("database") == database;
        });
        return told;
    }
}
