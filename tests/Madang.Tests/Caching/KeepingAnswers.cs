using Madang.Foundation.Caching;

namespace Madang.Tests.Caching;

/// <summary>The first level: bounded in bytes, and what is asked for stays.</summary>
public sealed class KeepingAnswers
{
    private const int Most = 1024 * 1024;

    private readonly MemoryLevel memory = new(Most);

    [Fact]
    public void All_together_never_take_more_than_they_may()
    {
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
        {
            Keep($"key {random.Next(300)}", random.Next(30_000));
            Assert.InRange(memory.Bytes, 0, Most);
        }
        Assert.True(memory.Bytes > Most * 9 / 10);
        for (var i = 0; i < 300; i++)
        {
            memory.Remove($"key {i}");
        }
        Assert.Equal((0, 0), (memory.Bytes, memory.Count));
    }

    [Fact]
    public void What_was_asked_for_stays_and_what_nobody_asks_for_goes()
    {
        Keep("asked", 10_000);
        for (var i = 0; i < 1_000; i++)
        {
            Keep($"passing {i}", 10_000);
            Find("asked")!.Ask();
        }
        Assert.NotNull(Find("asked"));
        Assert.Null(Find("passing 0"));
        Assert.NotNull(Find("passing 999"));
    }

    [Fact]
    public void One_that_is_larger_than_its_share_is_not_kept_nor_what_it_replaces()
    {
        Keep("key", 100);
        Keep("other", 100);
        Keep("key", Most / 8);
        Assert.Null(Find("key"));
        Assert.NotNull(Find("other"));
    }

    [Fact]
    public void The_compressed_form_counts_once_it_is_made()
    {
        var answer = new CachedAnswer(new byte[10_000]);
        memory.Keep("key", Stamp, answer, long.MaxValue);
        var before = memory.Bytes;
        answer.Grew!(500);
        Assert.Equal(before + 500, memory.Bytes);
        memory.Remove("key");
        answer.Grew(500);
        Assert.Equal(0, memory.Bytes);
    }

    private static Stamp Stamp => new([], 0);

    private void Keep(string key, int length) =>
        memory.Keep(key, Stamp, new CachedAnswer(new byte[length]), long.MaxValue);

    private MemoryLevel.Kept? Find(string key) => memory.TryFind(key, out var kept) ? kept : null;
}
