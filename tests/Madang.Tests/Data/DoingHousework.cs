using Madang.Foundation.Data;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging.Abstractions;

namespace Madang.Tests.Data;

public sealed class DoingHouseworkOnSqlite(BareSqlite bare) : DoingHousework(bare), IClassFixture<BareSqlite>;

public sealed class DoingHouseworkOnPostgres(BarePostgres bare) : DoingHousework(bare), IClassFixture<BarePostgres>;

/// <summary>What is kept for a time only goes when the time is over, and nothing sooner.</summary>
public abstract class DoingHousework(Bare bare) : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await bare.Build();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_is_expired_goes_and_what_is_needed_stays()
    {
        var now = bare.Clock.Now();
        var user = await bare.Database.Write(
            sql =>
                sql.Single<long>(
                    """
                    INSERT INTO users (username, security_stamp, role, created_at, updated_at)
                    VALUES ('a', 'b', 'member', @now, @now)
                    RETURNING id
                    """,
                    new { now }
                ),
            Stop
        );
        for (var i = 0; i < 1100; i++)
        {
            await SignIn(now.AddDays(-91));
        }
        await SignIn(now.AddDays(-89));
        await Session(user, "old", now.AddSeconds(-1), now.AddSeconds(-1));
        await Session(user, "used", now.AddDays(1), now.AddSeconds(-1));
        await Session(user, "living", now.AddDays(1), now.AddDays(1));
        await Key(user, "old", now.AddHours(-25));
        await Key(user, "new", now.AddHours(-23));
        foreach (var (hash, at) in new[] { ((byte)1, now.AddMinutes(-61)), ((byte)2, now.AddMinutes(-16)) })
        {
            await bare.Database.Write(
                sql =>
                    sql.Execute(
                        "INSERT INTO used_states (hash, used_at) VALUES (@Hash, @at)",
                        new { Hash = new[] { hash }, at }
                    ),
                Stop
            );
        }
        await Event("old and done", now.AddDays(-31), "done");
        await Event("old and waiting", now.AddDays(-31), "waiting");
        await Event("old and parked", now.AddDays(-31), "parked");
        await Event("new and done", now.AddDays(-29), "done");

        await new ExpiredRows(bare.Database).Tidy(Stop);

        Assert.Equal(1, await bare.Ask<int>("SELECT count(*) FROM sign_ins"));
        Assert.Equal(["living", "used"], await Names("SELECT agent FROM sessions ORDER BY agent"));
        Assert.Equal(1, await bare.Ask<int>("SELECT count(*) FROM refresh_tokens"));
        Assert.Equal(1, await bare.Ask<int>("SELECT count(*) FROM used_states"));
        Assert.Equal(["new"], await Names("SELECT key FROM idempotency_keys"));
        Assert.Equal(
            ["new and done", "old and parked", "old and waiting"],
            await Names("SELECT type FROM events ORDER BY type")
        );
        Assert.Equal(3, await bare.Ask<int>("SELECT count(*) FROM deliveries"));
    }

    [Fact]
    public async Task Housework_that_fails_leaves_the_rest_to_be_done()
    {
        var done = 0;
        using var worker = new HouseworkWorker(
            [new Chore(() => throw new InvalidOperationException("No.")), new Chore(() => done++)],
            bare.Clock,
            NullLogger<HouseworkWorker>.Instance
        );
        await worker.StartAsync(Stop);

        await Probe.Until(() => done == 1);
        await worker.StopAsync(Stop);
        Assert.True(worker.ExecuteTask!.IsCompletedSuccessfully);
    }

    private Task<int> SignIn(DateTimeOffset at) =>
        bare.Do(
            "INSERT INTO sign_ins (email_hash, how, address, outcome, at) VALUES (@Hash, 'a', 'b', 'failed', @at)",
            new { Hash = new byte[] { 1 }, at }
        );

    private Task<int> Session(long user, string agent, DateTimeOffset end, DateTimeOffset tokenEnd) =>
        bare.Database.Write(
            async sql =>
            {
                var id = await sql.Single<long>(
                    """
                    INSERT INTO sessions (user_id, kind, address, agent, created_at, expires_at)
                    VALUES (@user, 'Program', 'a', @agent, @Now, @end)
                    RETURNING id
                    """,
                    new
                    {
                        user,
                        agent,
                        end,
                        sql.Now,
                    }
                );
                return await sql.Execute(
                    "INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at) VALUES (@Hash, @id, @Now, @tokenEnd)",
                    new
                    {
                        Hash = System.Text.Encoding.UTF8.GetBytes(agent),
                        id,
                        tokenEnd,
                        sql.Now,
                    }
                );
            },
            Stop
        );

    private Task<int> Key(long user, string key, DateTimeOffset at) =>
        bare.Do(
            """
            INSERT INTO idempotency_keys (user_id, method, path, key, body_hash, status, body, created_at)
            VALUES (@user, 'POST', '/', @key, @Hash, 201, @Hash, @at)
            """,
            new
            {
                user,
                key,
                Hash = new byte[] { 1 },
                at,
            }
        );

    private Task<int> Event(string type, DateTimeOffset at, string state) =>
        bare.Database.Write(
            async sql =>
            {
                var id = await sql.Single<long>(
                    "INSERT INTO events (type, version, at, payload) VALUES (@type, 1, @at, '') RETURNING id",
                    new { type, at }
                );
                return await sql.Execute(
                    "INSERT INTO deliveries (event_id, handler, state, tries, next_at) VALUES (@id, 'a', @state, 1, @at)",
                    new
                    {
                        id,
                        state,
                        at,
                    }
                );
            },
            Stop
        );

    private Task<List<string>> Names(string text) => bare.Database.Read(sql => sql.Query<string>(text), Stop);

    private sealed class Chore(Action action) : IHousework
    {
        public Task Tidy(CancellationToken stop)
        {
            action();
            return Task.CompletedTask;
        }
    }
}
