using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Events;

/// <summary>The program killed when a handler has had its effect and the delivery isn't marked: it is delivered again.</summary>
public sealed class KilledBeforeTheMark(PostgresServer postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_comes_again_to_the_next_process()
    {
        var connection = await postgres.NewDatabase();
        var setting = $"--Data:Postgres={connection}";
        await using var database = Database.OpenPostgres(connection, TimeProvider.System);
        await using (var migrate = MadangProcess.Start("migrate", setting))
        {
            Assert.Equal(0, (await migrate.Ended()).Code);
        }
        // The mark never comes to its end, so the process is killed after the effect and before the mark, however slow it is.
        await database.Write(
            sql =>
                sql.Execute(
                    """
                    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(600); RETURN NEW; END';
                    CREATE TRIGGER hold_mark BEFORE UPDATE ON deliveries
                    FOR EACH ROW WHEN (NEW.state = 'done') EXECUTE FUNCTION hold();
                    """
                ),
            Stop
        );
        string[] serve = ["serve", "--urls", "http://127.0.0.1:0", setting, "--SignIn:AllowSignUp=true"];
        long leaver;
        await using (var first = MadangProcess.Start(serve))
        {
            leaver = await WriteAndLeave(await first.Url);
            await Probe.Until(async () => await MemosOf(database, leaver) == 0);
            await first.Signal("KILL");
            await first.Ended();
        }
        Assert.Equal("waiting", await State(database));

        // The dead process's mark is ended, its lease is over, and the effect can be seen a second time.
        await database.Read(
            sql =>
                sql.Query<bool>(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event = 'PgSleep'
                    """
                ),
            Stop
        );
        await database.Write(
            async sql =>
            {
                await sql.Execute("DROP TRIGGER hold_mark ON deliveries");
                await sql.Execute("UPDATE deliveries SET next_at = @Now", new { sql.Now });
                return await sql.Execute(
                    """
                    INSERT INTO memos (owner_id, text, text_key, visibility, created_at, updated_at)
                    VALUES (@leaver, '다시', '다시', 'private', @Now, @Now)
                    """,
                    new { leaver, sql.Now }
                );
            },
            Stop
        );
        await using (var second = MadangProcess.Start(serve))
        {
            await second.Url;
            await Probe.Until(async () => await State(database) == "done");
            Assert.Equal(0, await MemosOf(database, leaver));
        }
        await postgres.Drop(connection);
    }

    /// <returns>The id of a user who has written, and then deleted his account.</returns>
    private static async Task<long> WriteAndLeave(string url)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        // The first user is the last admin, who can't leave.
        await client.PostAsJsonAsync("/api/v1/users", Input("admin@example.com"), Stop);
        var made = await client.PostAsJsonAsync("/api/v1/users", Input("leaver@example.com"), Stop);
        var id = (await made.Json(HttpStatusCode.Created)).Number("id");
        var pair = await client.PostAsJsonAsync("/api/v1/auth/login", Input("leaver@example.com"), Stop);
        var token = (await pair.Json(HttpStatusCode.OK)).Text("access_token");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await client.PostAsJsonAsync("/api/v1/memos", new { text = "떠나기 전에", visibility = "team" }, Stop);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/api/v1/users/me", Stop)).StatusCode);
        return id;
    }

    private static object Input(string email) =>
        new
        {
            email,
            username = "사람",
            password = Yard.Password,
        };

    private static Task<long> MemosOf(Database database, long owner) =>
        database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM memos WHERE owner_id = @owner", new { owner }),
            Stop
        );

    private static Task<string> State(Database database) =>
        database.Read(
            sql => sql.Single<string>("SELECT state FROM deliveries WHERE handler = 'memos.user_deleted'"),
            Stop
        );
}
