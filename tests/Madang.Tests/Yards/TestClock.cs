namespace Madang.Tests.Yards;

/// <summary>The system's clock, put forward as a test needs it. Timers run as ever.</summary>
public sealed class TestClock : TimeProvider
{
    private long offsetTicks;
    private DateTimeOffset? standing;

    public override DateTimeOffset GetUtcNow() =>
        (standing ?? base.GetUtcNow()).AddTicks(Interlocked.Read(ref offsetTicks));

    /// <summary>Makes it stand still but for <see cref="Advance"/>, so that nothing comes due because the machine is slow.</summary>
    public void Stand() => standing = base.GetUtcNow();

    /// <summary>Puts the clock forward.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref offsetTicks, time.Ticks);
}
