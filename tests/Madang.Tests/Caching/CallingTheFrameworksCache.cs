using Madang.Foundation.Http;
using Madang.Tests.Yards;
using Microsoft.Extensions.Caching.Hybrid;

namespace Madang.Tests.Caching;

/// <summary>The cache as the framework's <c>HybridCache</c>: values of any type that the contract writes as JSON.</summary>
public sealed class CallingTheFrameworksCache : IAsyncLifetime
{
    private readonly BareSqlite bare = new();
    private OneCache one = null!;
    private int computations;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HybridCache Cache => one.Cache;

    public async ValueTask InitializeAsync()
    {
        await OneCache.MakeTable(bare);
        one = await OneCache.Start(bare);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await bare.DisposeAsync();
    }

    [Fact]
    public async Task Texts_bytes_and_things_come_back_as_they_were()
    {
        var thing = new Readiness("ready", "ok", null, null, false);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("마당", await Get("text", "마당"));
            Assert.Equal([1, 2, 3], await Get("bytes", new byte[] { 1, 2, 3 }));
            Assert.Equal(thing, await Get("thing", thing));
        }
        Assert.Equal(3, computations);
    }

    [Fact]
    public async Task What_was_set_is_found_until_its_key_is_removed_or_one_of_its_tags()
    {
        await Cache.SetAsync("key", "set", tags: ["a", "b"], cancellationToken: Stop);
        Assert.Equal("set", await Get("key", "computed", "a", "b"));
        await Cache.RemoveAsync("key", Stop);
        Assert.Equal("computed", await Get("key", "computed", "a", "b"));
        await Cache.RemoveByTagAsync("c", Stop);
        Assert.Equal("computed", await Get("key", "again", "a", "b"));
        await Cache.RemoveByTagAsync("b", Stop);
        Assert.Equal("again", await Get("key", "again", "a", "b"));
        await Cache.RemoveByTagAsync("*", Stop);
        Assert.Equal("after all", await Get("key", "after all", "a", "b"));
        await Assert.ThrowsAsync<ArgumentException>(() => Cache.RemoveByTagAsync("", Stop).AsTask());
    }

    [Fact]
    public async Task One_call_can_forbid_to_compute_to_read_and_to_keep()
    {
        var none = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };
        Assert.Null(await Get("key", "computed", none));
        var unkept = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheWrite };
        Assert.Equal("first", await Get("key", "first", unkept));
        Assert.Equal("second", await Get("key", "second"));
        var unread = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheRead };
        Assert.Equal("third", await Get("key", "third", unread));
        Assert.Equal("third", await Get("key", "fourth"));
    }

    [Fact]
    public async Task What_has_a_lifetime_ends_with_it()
    {
        var brief = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMilliseconds(50) };
        Assert.Equal("first", await Get("key", "first", brief));
        await Probe.Until(async () => await Get("key", "second") == "second");
    }

    private ValueTask<T> Get<T>(string key, T value, params string[] tags) =>
        Cache.GetOrCreateAsync(key, _ => Compute(value), null, tags, Stop);

    private ValueTask<T> Get<T>(string key, T value, HybridCacheEntryOptions options) =>
        Cache.GetOrCreateAsync(key, _ => Compute(value), options, null, Stop);

    private ValueTask<T> Compute<T>(T value)
    {
        computations++;
        return new(value);
    }
}
