namespace Madang.Tests.Yards;

/// <summary>The system's clock, put forward as a test needs it. Timers run as ever.</summary>
public sealed class TestClock : TimeProvider
{
    private long offsetTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref offsetTicks));

    /// <summary>Puts the clock forward.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref offsetTicks, time.Ticks);
}
