using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Caching;
using Madang.Tests.Yards;

namespace Madang.Tests.Caching;

/// <summary>The second level: what one process has computed no other need compute, and nothing there is believed.</summary>
public sealed class SharingThroughRedis(PostgresServer postgres) : IAsyncLifetime
{
    private readonly BarePostgres bare = new(postgres);
    private RedisServer redis = null!;
    private OneCache one = null!;
    private OneCache other = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisServer.Start();
        await OneCache.MakeTable(bare);
        one = await Process();
        other = await Process();
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await other.DisposeAsync();
        await bare.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task What_one_process_has_computed_another_finds()
    {
        await Shared("key");
        Assert.Equal((1, 0), (one.Meter.Computations, other.Meter.Computations));
        Assert.Equal(1, other.Meter.RedisHits);
        Assert.Equal("first", await other.Answer());
        Assert.Equal(1, other.Meter.MemoryHits);
        var name = Assert.Single((await redis.Ask("KEYS", "*")).Items).Text;
        Assert.StartsWith("madang:", name, StringComparison.Ordinal);
        Assert.InRange((await redis.Ask("PTTL", name)).Number, 1, 3_600_000);
    }

    [Fact]
    public async Task A_write_is_seen_by_the_other_process_within_a_second_and_by_one_that_starts_at_once()
    {
        await Shared("key");
        await one.Write("second");
        await other.Sees("second");
        await using var third = await Process();
        Assert.Equal("second", await third.Answer());
    }

    [Fact]
    public async Task What_another_process_tells_is_looked_at_before_the_next_answer()
    {
        var versions = other.Cache.Versions;
        // On a busy machine a message may take its time; without one none is ever as quick.
        await Probe.Until(async () =>
        {
            await Probe.Until(() => !versions.IsSure(versions.Now));
            var watch = Stopwatch.StartNew();
            Assert.NotEmpty(await other.Answer());
            await one.Write("second");
            await Probe.Until(() => !versions.IsSure(versions.Now));
            return watch.Elapsed < TagVersions.Trust / 2;
        });
        await Probe.Until(async () => await other.Answer() == "second");
    }

    [Fact]
    public async Task Two_yards_on_one_Redis_share_nothing()
    {
        await one.Answer();
        await using var theirs = new BarePostgres(postgres);
        await OneCache.MakeTable(theirs);
        await theirs.Do("UPDATE things SET value = 'theirs'");
        await using var stranger = await OneCache.Start(theirs, redis.Setting);
        Assert.Equal("theirs", await stranger.Answer());
        Assert.Equal(0, stranger.Meter.RedisHits);
    }

    [Theory]
    [InlineData("SET", "rubbish")]
    [InlineData("SET", "")]
    [InlineData("SETRANGE", "10", "x")]
    [InlineData("APPEND", "x")]
    [InlineData("DEL")]
    [InlineData("a list")]
    public async Task Rubbish_in_the_place_of_a_value_is_computed_anew_and_replaced(
        string command,
        params string[] given
    )
    {
        await one.Answer();
        await Probe.Until(async () => (await redis.Ask("DBSIZE")).Number == 1);
        var name = (await redis.Ask("KEYS", "*")).Items[0].Text;
        if (command == "a list")
        {
            await redis.Ask("DEL", name);
            (command, given) = ("LPUSH", ["x"]);
        }
        Assert.False((await redis.Ask([command, name, .. given])).IsError);

        Assert.Equal("first", await other.Answer());
        Assert.Equal((0, 1), (other.Meter.RedisHits, other.Meter.Computations));
        await using var third = await Process();
        await Probe.Until(async () => (await redis.Ask("TYPE", name)).Text == "string");
        Assert.Equal("first", await third.Answer());
        Assert.Equal(1, third.Meter.RedisHits);
    }

    [Fact]
    public async Task A_removed_key_is_gone_from_both_levels()
    {
        await one.Answer();
        await Probe.Until(async () => (await redis.Ask("DBSIZE")).Number == 1);
        await one.Cache.RemoveAsync("key", TestContext.Current.CancellationToken);
        await Probe.Until(async () => (await redis.Ask("DBSIZE")).Number == 0);
        Assert.Equal("first", await one.Answer());
        Assert.Equal(2, one.Meter.Computations);
    }

    [Fact]
    public void No_change_of_a_stored_value_is_taken_for_one()
    {
        var stamp = Encoding.ASCII.GetBytes("sixteen bytes it");
        var body = Encoding.UTF8.GetBytes("{\"text\":\"마당\"}");
        var value = RedisLevel.Wrap(body, stamp);
        Assert.Equal(body, RedisLevel.Unwrap(value, stamp));
        Assert.Null(RedisLevel.Unwrap(value, Encoding.ASCII.GetBytes("sixteen bytes no")));
        var change = from place in Gen.Choose(0, value.Length - 1) from mask in Gen.Choose(1, 255) select (place, mask);
        Prop.ForAll(
                change.ToArbitrary(),
                it =>
                {
                    var changed = value.ToArray();
                    changed[it.place] ^= (byte)it.mask;
                    return RedisLevel.Unwrap(changed, stamp) is null
                        && RedisLevel.Unwrap(value.AsSpan(0, it.place), stamp) is null;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private Task<OneCache> Process() => OneCache.Start(bare, redis.Setting);

    /// <summary>Has an answer computed by the one and taken over by the other.</summary>
    private async Task Shared(string key)
    {
        Assert.Equal("first", await one.Answer(key));
        await Probe.Until(async () => (await redis.Ask("DBSIZE")).Number == 1);
        Assert.Equal("first", await other.Answer(key));
    }
}
