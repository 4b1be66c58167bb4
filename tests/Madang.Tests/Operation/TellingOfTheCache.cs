using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Operation;

/// <summary>What an operator is told of the cache: by the balancer's question, by Prometheus's, and by <c>doctor</c>.</summary>
public sealed class TellingOfTheCache
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_yard_without_Redis_is_degraded_and_serves_until_it_is_there()
    {
        await using var redis = await RedisServer.Start();
        await redis.Kill();
        var setting = $"--Cache:Redis={redis.Setting}";
        await using var yard = await NewYards.OnSqlite.Start(setting);

        var away = await Told(yard);
        Assert.Equal(("degraded", "degraded"), (away.Text("status"), away.Text("cache")));
        Assert.Contains("madang_cache_redis_up 0\n", await Metrics(yard), StringComparison.Ordinal);
        var problem = (await Ran.Verb("doctor", $"--Data:Directory={yard.Folder}", setting)).Output;
        Assert.Contains($"problem  cache       {redis.Setting}: ", problem, StringComparison.Ordinal);

        await redis.Restart();
        await Probe.Until(async () => (await Told(yard)).Text("cache") == "ok");
        Assert.Equal("ready", (await Told(yard)).Text("status"));
        var metrics = await Metrics(yard);
        foreach (
            var line in new[]
            {
                "madang_cache_redis_up 1",
                "madang_cache_hits_total{level=\"memory\"} 0",
                "madang_cache_hits_total{level=\"redis\"} 0",
                "madang_cache_misses_total 0",
                "madang_cache_computations_total 0",
                "madang_cache_waits_total 0",
                "madang_cache_invalidations_total 0",
                "madang_cache_size_bytes 0",
            }
        )
        {
            Assert.Contains($"{line}\n", metrics, StringComparison.Ordinal);
        }
        var well = (await Ran.Verb("doctor", $"--Data:Directory={yard.Folder}", setting)).Well().Output;
        Assert.Contains($"ok       cache       {redis.Setting} answers", well, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_is_switched_off_is_told_of()
    {
        await using var yard = await NewYards.OnSqlite.Start("--Cache:Enabled=false");
        Assert.Equal("ready", (await Told(yard)).Text("status"));
        var told = (await Ran.Verb("doctor", $"--Data:Directory={yard.Folder}", "--Cache:Enabled=false")).Output;
        Assert.Contains("warning  cache       Cache:Enabled is false", told, StringComparison.Ordinal);
    }

    private static async Task<System.Text.Json.JsonElement> Told(Yard yard)
    {
        using var answer = await yard.Anonymous.GetAsync("/health/ready", Stop);
        return await answer.Json(HttpStatusCode.OK);
    }

    private static Task<string> Metrics(Yard yard) => yard.Anonymous.GetStringAsync("/metrics", Stop);
}
