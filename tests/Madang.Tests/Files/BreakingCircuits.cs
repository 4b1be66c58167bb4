using Madang.Foundation.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Files;

/// <summary>What is away is asked now and then by one, and by all once it has answered.</summary>
public sealed class BreakingCircuits
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly TestClock clock = new();
    private readonly CircuitBreaker breaker;

    public BreakingCircuits()
    {
        clock.Stand();
        breaker = new(clock, Pause);
    }

    [Fact]
    public void After_a_failure_nobody_asks_for_a_while_and_then_one_of_many()
    {
        Assert.True(breaker.MayAsk());
        Assert.True(breaker.Failed());
        Assert.False(breaker.Failed());
        clock.Advance(Pause - TimeSpan.FromTicks(1));
        Assert.False(breaker.MayAsk());
        clock.Advance(TimeSpan.FromTicks(1));
        var asked = 0;
        Parallel.For(0, 1_000, _ => Interlocked.Add(ref asked, breaker.MayAsk() ? 1 : 0));
        Assert.Equal(1, asked);
        // Whoever asked may never come back with an answer.
        clock.Advance(Pause);
        Assert.True(breaker.MayAsk());
        Assert.False(breaker.MayAsk());
    }

    [Fact]
    public void After_an_answer_all_ask_and_a_clock_that_is_put_back_prolongs_no_pause()
    {
        Assert.False(breaker.Answered());
        breaker.Failed();
        Assert.True(breaker.Answered());
        Assert.False(breaker.Answered());
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(breaker.MayAsk()));

        breaker.Failed();
        clock.Advance(TimeSpan.FromDays(-1));
        Assert.True(breaker.MayAsk());
    }
}
